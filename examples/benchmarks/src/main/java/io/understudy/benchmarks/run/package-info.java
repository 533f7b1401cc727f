/**
 * The side-by-side measurement: an active and a standby in two JVMs on loopback, one core each.
 *
 * <p>{@link io.understudy.benchmarks.run.RunCommand} starts both as child processes ({@code Side}) and asks them to do one step after the
 * other over their standard streams; what they say beside the answers goes through {@code ChildOutput}.
 * {@link io.understudy.benchmarks.run.SideCommand} is what runs in them. {@code RawSide} moves bytes
 * that were encoded beforehand over plain Netty, the limit that everything is compared with; {@code NodeSide} is a real node with
 * {@code SessionLoad} as its dataplane. {@code Report} turns the figures of the rounds into a table or JSON.
 */
package io.understudy.benchmarks.run;
