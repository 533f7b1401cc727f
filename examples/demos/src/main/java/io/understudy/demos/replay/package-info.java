/**
 * The replay: real packets from capture files through a hot-standby pair of reference firewalls, and what was backed up, when,
 * and why the rest was not.
 *
 * <p>{@link io.understudy.demos.replay.ReplayCommand} is the command line, {@link io.understudy.demos.replay.Replay} takes one
 * file through one {@link io.understudy.demos.replay.Pair}: two nodes joined by Netty on loopback, or, where the link has to follow the
 * capture's clock, by the simulator's network. Tracking, timing and replication are the library's and the testkit's.
 *
 * <p>The packets are fed by the calling thread; each node of a Netty pair has its own. Read {@code Replay} first.
 */
package io.understudy.demos.replay;
