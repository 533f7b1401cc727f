/**
 * Connection tracking as pure functions, for the backup policies and for dataplanes that have none
 * of their own.
 *
 * <p>A packet's header values ({@link io.understudy.track.PacketView}), its direction and the facts
 * of its session ({@link io.understudy.track.SessionFacts}) go in; a {@link
 * io.understudy.track.Verdict}, the event and the grown facts come out. Facts only accumulate, and
 * the named state ({@link io.understudy.track.SessionState}) is a function of them, so members that
 * saw different packets of a session agree once their facts are merged ({@link
 * io.understudy.track.FactWords}).
 *
 * <p>Left to others: finding the session (the session table), parsing (the dataplane), timers, NAT,
 * and whether a packet that counts for nothing or is invalid passes. {@link
 * io.understudy.track.TcpWindow} keeps the sequence windows that facts do not hold, for dataplanes
 * that want them checked.
 *
 * <p>Nothing here has state beyond what the caller passes in: any thread may run it, and it
 * allocates nothing per packet.
 *
 * <p>Read first: {@link io.understudy.track.FactWords} for what is kept, {@link
 * io.understudy.track.TcpState} for how a state follows from it, then {@link
 * io.understudy.track.ConnectionTracker}.
 */
package io.understudy.track;
