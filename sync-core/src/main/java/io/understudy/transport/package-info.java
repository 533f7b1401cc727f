/**
 * What any link provides: connections that carry whole frames in order until they close.
 *
 * <p>The library has two implementations, TCP over Netty and the simulator's network; both pass the contract tests of the
 * testkit. A transport knows nothing of what the frames mean: who is at the other end is told by HELLO, proof of life by
 * heartbeats. It delivers on the duty cycle's thread, so that a frame is merged where it arrives and nothing queues
 * between the two; it keeps a bounded buffer for sending and says when that is full. Read {@link
 * io.understudy.transport.Link} first.
 */
package io.understudy.transport;
