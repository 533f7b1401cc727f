/**
 * What every implementation of an extension point must keep, as abstract JUnit classes.
 *
 * <p>An implementation extends the class in its own tests and supplies a fixture. {@link
 * io.understudy.testkit.contract.TransportContract} is the one for transports; its {@link
 * io.understudy.testkit.contract.TransportFixture} hides whether time and machines are simulated or real. {@link
 * io.understudy.testkit.contract.Relay} is the cable between real ones. JUnit is an
 * optional dependency of the testkit: who uses these classes brings it.
 */
package io.understudy.testkit.contract;
