/**
 * The dedicated link over TCP: connections between real machines, and the thread that turns a node.
 *
 * <p>{@link io.understudy.transport.netty.NettyTransport} has one thread. It polls all sockets, delivers what came, runs
 * the node's duty cycle and flushes what the node sent, in this order and again; so a frame is merged where it arrives,
 * replies of one cycle leave in one write, and nothing queues in between. Frames are copied once on the way in, into an
 * array that is used again, and once on the way out, into pooled buffers with a bound. What frames mean, who the peer is
 * and when a silent connection is given up is left to the node; encryption is still to come.
 *
 * <p>Read {@code DutyCycleLoop} first, then {@code LinkHandler}.
 */
package io.understudy.transport.netty;
