/**
 * The simulated world of a node: time, chance, the small store and the network between members.
 *
 * <p>Everything here runs on one thread, turned by {@link io.understudy.testkit.sim.SimClock}, and repeats exactly from a
 * seed. {@link io.understudy.testkit.sim.SimNetwork} gives each process life of a member a {@link
 * io.understudy.testkit.sim.SimTransport} and behaves like TCP between machines: order within a connection, bounded
 * buffers on both sides, silence that a closed cable leaves, half-open connections, kernels that go on while a process
 * sleeps. {@link io.understudy.testkit.sim.LinkFaults} does the damage. Members, tables and checkers are left to the
 * other packages of the testkit; what turns a node's duty cycle is told by {@link
 * io.understudy.testkit.sim.SimTransport#afterPoll} when something was delivered.
 */
package io.understudy.testkit.sim;
