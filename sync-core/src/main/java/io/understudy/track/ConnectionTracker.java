package io.understudy.track;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;

/**
 * Connection tracking: what one packet means for the session on its key.
 *
 * <p>Shape: a pure function of the packet, its direction and the session's facts; nothing is kept
 * between packets.
 * <p>Thread: any; the facts and the result belong to the caller. Allocates nothing.
 */
public final class ConnectionTracker {
  private final boolean pickUp;
  private final boolean strict;

  /** A tracker that refuses what lies outside of the windows where it is given them. */
  public ConnectionTracker(boolean pickUp) {
    this(pickUp, true);
  }

  /**
   * @param pickUp sessions may be picked up in mid-stream, by a TCP segment or SCTP packet that
   *     begins nothing. Off in a firewall that restarted with its peer alive; on where it joins a
   *     running network.
   * @param strict TCP segments outside of their windows are invalid; otherwise resets alone, for a dataplane that may not see
   *     all segments
   */
  public ConnectionTracker(boolean pickUp, boolean strict) {
    this.pickUp = pickUp;
    this.strict = strict;
  }

  boolean picksUp() {
    return pickUp;
  }

  boolean isStrict() {
    return strict;
  }

  /**
   * Judges a packet and brings the facts up to date.
   *
   * @param direction as the session on the packet's key sees it; {@link Direction#FORWARD} without
   *     one
   * @param facts of that session, empty without one; those of the new session after {@link
   *     Verdict#CREATE} and {@link Verdict#NEW_GENERATION}, unchanged after {@link Verdict#IGNORE},
   *     {@link Verdict#INVALID} and {@link Verdict#NO_SESSION}
   * @param result receives what happened
   */
  public Verdict track(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    return track(packet, direction, facts, null, result);
  }

  /**
   * The same for a dataplane that keeps windows.
   *
   * @param window of the session, brought up to date like the facts; empty, or re-learning, where this member has none. {@code
   *     null}, and for other protocols than TCP: it is not looked at
   */
  public Verdict track(
      PacketView packet,
      Direction direction,
      SessionFacts facts,
      TcpWindow window,
      TrackResult result) {
    result.begin(SessionState.of(packet.protocol(), facts));
    if (!packet.isCounting()) {
      return result.answer(Verdict.IGNORE);
    }
    Verdict verdict =
        window != null && packet.protocol() == IpProtocol.TCP
            ? TcpNumbers.track(packet, direction, facts, window, this, result)
            : trackProtocol(packet, direction, facts, result);
    if (result.isChanged()) {
      result.newState(SessionState.of(packet.protocol(), facts));
      noteCompletion(result);
    }
    return verdict;
  }

  /** Which step completes a handshake depends on the order in which members saw them. */
  private static void noteCompletion(TrackResult result) {
    boolean completed = !result.oldState().isEstablished() && result.newState().isEstablished();
    if (completed
        && result.verdict() == Verdict.ACCEPT
        && result.event() != SessionEvent.PICKED_UP) {
      result.note(SessionEvent.HANDSHAKE_COMPLETE);
    }
  }

  private Verdict trackProtocol(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    switch (packet.protocol()) {
      case IpProtocol.TCP:
        return TcpTracker.track(packet, direction, facts, pickUp, result);
      case IpProtocol.SCTP:
        return SctpTracker.track(packet, direction, facts, pickUp, result);
      case IpProtocol.ICMP:
      case IpProtocol.ICMPV6:
        return IcmpTracker.track(packet, direction, facts, result);
      default:
        return FlowTracker.track(direction, facts, packet.protocol() == IpProtocol.UDP, result);
    }
  }
}
