package io.understudy.track;

import io.understudy.model.Direction;

/**
 * Tracks TCP on facts alone.
 *
 * <p><b>Strict.</b> A SYN counts as acknowledged when a later segment of the other end has ACK, no
 * RST, and a number of at least ISN + 1, compared in sequence space. There is no upper bound, and
 * own sequence numbers are not looked at: facts hold no window ({@link TcpWindow} does). A SYN-ACK
 * is a SYN and an acknowledgement: with a number that does not fit it is the SYN alone. A segment
 * with SYN and another ISN than its direction's begins the handshake anew, also one with ACK. Read
 * so, 8 sessions of the capture {@code tcp/handshake-variants} are established, its strict count
 * (flags alone: 10).
 *
 * <p><b>Resets.</b> Before the handshake is complete a RST has to prove itself: it acknowledges the
 * other end's SYN, or continues its own direction's. Afterwards every RST closes; whether it is in
 * the window is the dataplane's question.
 */
final class TcpTracker {
  private TcpTracker() {}

  static Verdict track(
      PacketView packet,
      Direction direction,
      SessionFacts facts,
      boolean pickUp,
      TrackResult result) {
    if (!hasSaneFlags(packet)) {
      return result.invalid(InvalidReason.TCP_FLAGS);
    }
    boolean ack = packet.hasTcpFlag(PacketView.ACK);
    if (facts.isEmpty()) {
      return onNoSession(packet, facts, pickUp, result);
    }
    if (packet.hasTcpFlag(PacketView.SYN)) {
      return ack
          ? onSynAck(packet, direction, facts, result)
          : onSyn(packet, direction, facts, result);
    }
    return packet.hasTcpFlag(PacketView.RST)
        ? onRst(packet, direction, facts, result)
        : onAck(packet, direction, facts, result);
  }

  private static boolean hasSaneFlags(PacketView packet) {
    boolean fin = packet.hasTcpFlag(PacketView.FIN);
    boolean rst = packet.hasTcpFlag(PacketView.RST);
    if (packet.hasTcpFlag(PacketView.SYN)) {
      return !fin && !rst;
    }
    return rst ? !fin : packet.hasTcpFlag(PacketView.ACK);
  }

  private static Verdict onNoSession(
      PacketView packet, SessionFacts facts, boolean pickUp, TrackResult result) {
    if (packet.hasTcpFlag(PacketView.SYN) && !packet.hasTcpFlag(PacketView.ACK)) {
      recordSyn(packet, Direction.FORWARD, facts);
      result.change(SessionEvent.SYN_FORWARD);
      return result.answer(Verdict.CREATE);
    }
    boolean begins = packet.hasTcpFlag(PacketView.SYN) || packet.hasTcpFlag(PacketView.RST);
    if (!pickUp || begins || packet.hasTcpFlag(PacketView.FIN)) {
      return result.answer(Verdict.NO_SESSION);
    }
    facts.add(Direction.FORWARD, TcpState.PICKED_UP);
    result.change(SessionEvent.PICKED_UP);
    return result.answer(Verdict.CREATE);
  }

  private static Verdict onSyn(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    SessionState state = result.oldState();
    if (state != TcpState.CLOSE && isRepeatedSyn(packet, direction, facts)) {
      return result.answer(Verdict.ACCEPT);
    }
    // LAST_ACK as well: on asymmetric paths nobody may have seen the last acknowledgement next to
    // the FIN it means
    if (state.isClosed() || state == TcpState.LAST_ACK) {
      return beginAnew(packet, direction, facts, result);
    }
    if (state.isEstablished()) {
      // its receiver answers with what it expects; if the sender has really forgotten, its RST ends
      // the session
      return result.answer(Verdict.IGNORE);
    }
    if (facts.has(direction, TcpState.SYN) || isPickedUp(facts)) {
      return beginAnew(packet, direction, facts, result);
    }
    recordSyn(packet, direction, facts);
    result.change(SessionEvent.SYN_CROSSED);
    return result.answer(Verdict.ACCEPT);
  }

  private static Verdict onSynAck(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    if (result.oldState() == TcpState.CLOSE) {
      return result.invalid(InvalidReason.SESSION_CLOSED);
    }
    boolean repeated = isRepeatedSyn(packet, direction, facts);
    if (!repeated && (result.oldState().isEstablished() || isPickedUp(facts))) {
      return result.invalid(InvalidReason.TCP_OTHER_ISN);
    }
    if (!repeated && facts.has(direction, TcpState.SYN)) {
      return continueAnew(packet, direction, facts, result);
    }
    boolean plausible = isPlausibleAck(packet, direction, facts);
    if (repeated && !plausible) {
      return result.invalid(InvalidReason.TCP_ACKNOWLEDGEMENT);
    }
    if (!repeated) {
      recordSyn(packet, direction, facts);
      result.change(plausible ? SessionEvent.SYN_ACK : SessionEvent.SYN_CROSSED);
    }
    if (plausible) {
      acknowledge(direction, facts, result);
    }
    return result.answer(Verdict.ACCEPT);
  }

  private static Verdict onAck(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    if (result.oldState() == TcpState.CLOSE) {
      return result.invalid(InvalidReason.SESSION_CLOSED);
    }
    if (!isPlausibleAck(packet, direction, facts)) {
      return result.invalid(InvalidReason.TCP_ACKNOWLEDGEMENT);
    }
    acknowledge(direction, facts, result);
    acknowledgeFin(packet, direction, facts, result);
    if (packet.hasTcpFlag(PacketView.FIN) && facts.add(direction, TcpState.FIN)) {
      facts.fin(direction, packet.sequence() + packet.payloadLength() + 1);
      result.change(SessionEvent.FIN);
    }
    return result.answer(Verdict.ACCEPT);
  }

  private static Verdict onRst(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    if (result.oldState() == TcpState.CLOSE) {
      return result.answer(Verdict.ACCEPT);
    }
    if (!result.oldState().isEstablished() && !isPickedUp(facts)) {
      InvalidReason reason = doubtAboutRst(packet, direction, facts);
      if (reason != InvalidReason.NONE) {
        return result.invalid(reason);
      }
    }
    facts.add(direction, TcpState.RST);
    result.change(SessionEvent.RST);
    return result.answer(Verdict.ACCEPT);
  }

  private static InvalidReason doubtAboutRst(
      PacketView packet, Direction direction, SessionFacts facts) {
    Direction other = direction.opposite();
    if (packet.hasTcpFlag(PacketView.ACK) && facts.has(other, TcpState.SYN)) {
      return isAfter(packet.acknowledgement(), facts.isn(other))
          ? InvalidReason.NONE
          : InvalidReason.TCP_ACKNOWLEDGEMENT;
    }
    boolean continues =
        facts.has(direction, TcpState.SYN) && isAfter(packet.sequence(), facts.isn(direction));
    return continues ? InvalidReason.NONE : InvalidReason.TCP_SEQUENCE;
  }

  /**
   * A SYN begins a session in the place of one that has ended or never came to be; its direction
   * becomes forward.
   */
  private static Verdict beginAnew(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    facts.clear();
    recordSyn(packet, Direction.FORWARD, facts);
    return result.newGeneration(SessionEvent.SYN_FORWARD, direction == Direction.REVERSE);
  }

  /** A SYN-ACK with another ISN: the other end's SYN stands, what was seen of this end is void. */
  private static Verdict continueAnew(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    Direction other = direction.opposite();
    if (!facts.has(other, TcpState.SYN)) {
      return result.invalid(InvalidReason.TCP_OTHER_ISN); // only a SYN begins a session
    }
    int isn = facts.isn(other);
    int options = facts.options(other);
    facts.clear();
    facts.add(other, TcpState.SYN);
    facts.isn(other, isn);
    facts.options(other, options);
    recordSyn(packet, direction, facts);
    if (isAfter(packet.acknowledgement(), isn)) {
      facts.add(other, TcpState.SYN_ACKNOWLEDGED);
    }
    return result.newGeneration(SessionEvent.SYN_ACK, false);
  }

  private static void recordSyn(PacketView packet, Direction direction, SessionFacts facts) {
    facts.add(direction, TcpState.SYN);
    facts.isn(direction, packet.sequence());
    facts.options(direction, packet.options());
    if (facts.has(direction.opposite(), TcpState.AHEAD)) {
      facts.add(direction.opposite(), TcpState.LATE);
    }
  }

  /**
   * The direction acknowledges whatever was seen of the other end; {@link #isPlausibleAck} held.
   */
  private static void acknowledge(Direction direction, SessionFacts facts, TrackResult result) {
    Direction other = direction.opposite();
    if (facts.has(other, TcpState.SYN)) {
      if (!isAcknowledged(other, facts)) {
        facts.add(other, TcpState.SYN_ACKNOWLEDGED);
        result.change(result.isChanged() ? result.event() : SessionEvent.SYN_ACKNOWLEDGED);
      }
    } else if (isPickedUp(facts)) {
      if (facts.add(direction, TcpState.PICKED_UP)) {
        result.change(SessionEvent.PICKED_UP);
      }
    } else if (facts.add(direction, TcpState.AHEAD)) {
      result.change(result.isChanged() ? result.event() : SessionEvent.AHEAD);
    } else {
      result.note(SessionEvent.AHEAD);
    }
  }

  private static void acknowledgeFin(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    Direction other = direction.opposite();
    if (facts.has(other, TcpState.FIN)
        && packet.acknowledgement() - facts.fin(other) >= 0
        && facts.add(other, TcpState.FIN_ACKNOWLEDGED)) {
      result.change(SessionEvent.FIN_ACKNOWLEDGED);
    }
  }

  /** What the segment acknowledges can be the other end's SYN, or need not be looked at. */
  private static boolean isPlausibleAck(
      PacketView packet, Direction direction, SessionFacts facts) {
    Direction other = direction.opposite();
    return !facts.has(other, TcpState.SYN)
        || isAcknowledged(other, facts)
        || isAfter(packet.acknowledgement(), facts.isn(other));
  }

  private static boolean isAcknowledged(Direction direction, SessionFacts facts) {
    return TcpState.isAcknowledged(facts.bits(direction), facts.bits(direction.opposite()));
  }

  private static boolean isRepeatedSyn(PacketView packet, Direction direction, SessionFacts facts) {
    return facts.has(direction, TcpState.SYN) && facts.isn(direction) == packet.sequence();
  }

  private static boolean isPickedUp(SessionFacts facts) {
    return facts.has(Direction.FORWARD, TcpState.PICKED_UP)
        || facts.has(Direction.REVERSE, TcpState.PICKED_UP);
  }

  /** {@code number} is at least {@code isn} + 1 in sequence space. */
  private static boolean isAfter(int number, int isn) {
    return number - isn > 0;
  }
}
