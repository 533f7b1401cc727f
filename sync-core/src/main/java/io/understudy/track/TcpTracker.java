package io.understudy.track;

import io.understudy.model.Direction;

/**
 * Tracks TCP on facts alone.
 *
 * <p><b>Strict.</b> A SYN counts as acknowledged when a later segment of the other end has ACK, no
 * RST, and a number of at least ISN + 1, compared in sequence space. There is no upper bound, and
 * own sequence numbers are not looked at: facts hold no window ({@link TcpWindow} does, and {@link
 * TcpNumbers} judges by both). A SYN-ACK
 * is a SYN and an acknowledgement: with a number that does not fit it is the SYN alone. A segment
 * with SYN and another ISN than its direction's begins the handshake anew, also one with ACK. Read
 * so, 8 sessions of the capture {@code tcp/handshake-variants} are established, its strict count
 * (flags alone: 10).
 *
 * <p><b>Resets.</b> Before the handshake is complete a RST has to prove itself: it acknowledges the
 * other end's SYN, or continues its own direction's, both within what a SYN can carry. Afterwards
 * every RST closes; whether it is in the window is for {@link TcpNumbers} to say.
 *
 * <p><b>Challenges.</b> A host that still has a former connection answers a SYN with an ACK that
 * does not fit, and gets a RST that fits its ACK and nothing else. Both pass and change nothing, so
 * that the host can forget and the next SYN finds it ready.
 *
 * <p>Source: RFC 9293, section 3.5 (figures 8 and 9) and 3.10.7.3; RFC 5961, section 4.2.
 */
final class TcpTracker {
  /** Numbers that a SYN takes up at most, itself and the data in it. */
  static final int OPENING_ROOM = 1 << 16;

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
    if (repeated && isChallenge(packet, direction, facts, result)) {
      return result.answer(Verdict.IGNORE);
    }
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
    if (isChallenge(packet, direction, facts, result)) {
      return result.answer(Verdict.IGNORE);
    }
    if (!isPlausibleAck(packet, direction, facts)) {
      return result.invalid(InvalidReason.TCP_ACKNOWLEDGEMENT);
    }
    if (isStrayFin(packet, direction, facts, result)) {
      return result.answer(Verdict.IGNORE);
    }
    acknowledge(direction, facts, result);
    acknowledgeFin(packet, direction, facts, result);
    if (packet.hasTcpFlag(PacketView.FIN) && facts.add(direction, TcpState.FIN)) {
      facts.fin(direction, packet.sequence() + packet.payloadLength() + 1);
      result.change(SessionEvent.FIN);
    }
    return result.answer(Verdict.ACCEPT);
  }

  /** Before the handshake is complete: a FIN that does not follow its own SYN is another connection's, or forged; one behind an answer that another member saw may be far. */
  private static boolean isStrayFin(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    return packet.hasTcpFlag(PacketView.FIN)
        && !isOpen(result.oldState(), facts)
        && facts.has(direction, TcpState.SYN)
        && !facts.has(direction, TcpState.AHEAD)
        && !isNextTo(packet.sequence(), facts.isn(direction));
  }

  private static Verdict onRst(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    if (result.oldState() == TcpState.CLOSE) {
      return result.answer(Verdict.ACCEPT);
    }
    if (!isOpen(result.oldState(), facts)) {
      InvalidReason reason = doubtAboutRst(packet, direction, facts);
      if (reason != InvalidReason.NONE) {
        return doubtedRst(packet, direction, facts, reason, result);
      }
    }
    facts.add(direction, TcpState.RST);
    result.change(SessionEvent.RST);
    return result.answer(Verdict.ACCEPT);
  }

  /**
   * A RST of an end that opened itself, without an acknowledgement, answers a segment that did not
   * fit and takes its number from there; any other that proves nothing is forged or late.
   */
  static Verdict doubtedRst(
      PacketView packet,
      Direction direction,
      SessionFacts facts,
      InvalidReason reason,
      TrackResult result) {
    boolean answers = !packet.hasTcpFlag(PacketView.ACK) && facts.has(direction, TcpState.SYN);
    return answers ? result.answer(Verdict.IGNORE) : result.invalid(reason);
  }

  private static InvalidReason doubtAboutRst(
      PacketView packet, Direction direction, SessionFacts facts) {
    Direction other = direction.opposite();
    if (packet.hasTcpFlag(PacketView.ACK) && facts.has(other, TcpState.SYN)) {
      return isNextTo(packet.acknowledgement(), facts.isn(other))
          ? InvalidReason.NONE
          : InvalidReason.TCP_ACKNOWLEDGEMENT;
    }
    boolean continues =
        facts.has(direction, TcpState.SYN) && isNextTo(packet.sequence(), facts.isn(direction));
    return continues ? InvalidReason.NONE : InvalidReason.TCP_SEQUENCE;
  }

  /** The other end's SYN is not acknowledged yet, and this acknowledges something else: an end that has a former connection challenges it. */
  static boolean isChallenge(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    boolean isAlone = result.oldState() == TcpState.SYN_SENT;
    return isUnanswered(direction.opposite(), facts, result)
        && (isAlone
            ? !isNextTo(packet.acknowledgement(), facts.isn(direction.opposite()))
            : !isPlausibleAck(packet, direction, facts));
  }

  /** The SYN of this direction was seen, and no answer of the other end that acknowledges it. */
  static boolean isUnanswered(Direction of, SessionFacts facts, TrackResult result) {
    return (result.oldState() == TcpState.SYN_SENT || result.oldState() == TcpState.SYN_SENT2)
        && facts.has(of, TcpState.SYN)
        && !facts.has(of, TcpState.SYN_ACKNOWLEDGED);
  }

  /** The handshake is complete, or was not seen: from here on numbers are those of a window. */
  static boolean isOpen(SessionState state, SessionFacts facts) {
    return state.isEstablished() || isPickedUp(facts);
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

  /**
   * A SYN-ACK proves a SYN that was let through on an open session: both ends had forgotten it. A new
   * generation with both numbers takes its place.
   */
  static Verdict reopen(
      PacketView packet,
      Direction direction,
      int isn,
      int options,
      SessionFacts facts,
      TrackResult result) {
    facts.clear();
    facts.add(Direction.FORWARD, TcpState.SYN | TcpState.SYN_ACKNOWLEDGED);
    facts.isn(Direction.FORWARD, isn);
    facts.options(Direction.FORWARD, options);
    recordSyn(packet, Direction.REVERSE, facts);
    return result.newGeneration(SessionEvent.SYN_ACK, direction == Direction.FORWARD);
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

  /** {@code number} is one of those after a SYN with this ISN and the data that it may carry. */
  private static boolean isNextTo(int number, int isn) {
    return number - isn > 0 && number - isn <= OPENING_ROOM;
  }

  /** {@code number} is at least {@code isn} + 1 in sequence space. */
  private static boolean isAfter(int number, int isn) {
    return number - isn > 0;
  }
}
