/**
 * The front door: assembles and runs one node.
 *
 * <p>{@link io.understudy.SyncNode} takes settings, a transport, a stable store and the tables' declarations, and is turned by whoever
 * has the thread: a transport's event loop, the embedder, a simulation. {@code Connections} does HELLO and hands frames to the peers'
 * streams; {@code Heartbeats}, {@code Upkeep}, the role machine and the bulk syncs are turned from {@link
 * io.understudy.SyncNode#run}. {@code NodeParts} makes them all; what a change of roles does to the others is in {@code RoleEffects}.
 *
 * <p>Read {@code SyncNode} first, then {@code NodeParts}.
 */
package io.understudy;
