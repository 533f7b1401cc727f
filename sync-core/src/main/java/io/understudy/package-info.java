/**
 * The front door: assembles and runs one node.
 *
 * <p>{@link io.understudy.SyncNode} takes settings, a transport, a stable store and the tables' declarations, and is turned by whoever
 * has the thread: a transport's event loop, the embedder, a simulation. {@code Connections} does HELLO and hands frames to the peers'
 * streams; {@code Heartbeats}, {@code Upkeep}, the role machine and the bulk syncs are turned from {@link
 * io.understudy.SyncNode#run}.
 *
 * <p>Read {@code SyncNode} first.
 */
package io.understudy;
