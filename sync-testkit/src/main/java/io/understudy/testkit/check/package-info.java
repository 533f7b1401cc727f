/**
 * The promises of a cluster, one class each, looked at while a simulation runs or when it has come to rest.
 *
 * <p>A broken promise is a {@link io.understudy.testkit.SimFailure} that names it and the first difference. The checkers read tables,
 * roles and the network from outside and change nothing. One thread, the simulation's. Read {@link
 * io.understudy.testkit.check.NothingLost} first.
 */
package io.understudy.testkit.check;
