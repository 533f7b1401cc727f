package io.understudy.track;

import io.understudy.model.Direction;

/**
 * Tracks SCTP on facts alone.
 *
 * <p><b>Strict.</b> INIT comes alone and has tag 0, or changes no association; where there is none,
 * it opens one with any tag (its receiver refuses a wrong one, and the counts expected in quick
 * mode contain such sessions). INIT-ACK and SHUTDOWN-COMPLETE come alone; every other packet
 * carries the tag that its receiver announced, or with the T bit the one that its sender announced.
 * The steps of the handshake count in their order. A tag is proven by the COOKIE-ACK: before it an
 * INIT-ACK may announce another one, because the cookie was stale or the INIT went twice.
 *
 * <p><b>Collision.</b> Each direction has its own tag and its own steps, so two INITs that cross
 * are one association.
 *
 * <p><b>Restart.</b> See {@link SctpState}.
 *
 * <p>Source: RFC 9260, sections 5.1, 5.2, 6.10 and 8.5.
 */
final class SctpTracker {
  static final int INIT = 1;
  static final int INIT_ACK = 2;
  static final int ABORT = 6;
  static final int SHUTDOWN = 7;
  static final int SHUTDOWN_ACK = 8;
  static final int ERROR = 9;
  static final int COOKIE_ECHO = 10;
  static final int COOKIE_ACK = 11;
  static final int SHUTDOWN_COMPLETE = 14;

  private SctpTracker() {}

  static Verdict track(
      PacketView packet,
      Direction direction,
      SessionFacts facts,
      boolean pickUp,
      TrackResult result) {
    if (packet.chunkCount() == 0) {
      return onCut(packet, direction, facts, result);
    }
    if (!isBundledRightly(packet)) {
      return result.invalid(InvalidReason.SCTP_BUNDLE);
    }
    if (packet.chunkType(0) == INIT) {
      return onInit(packet, direction, facts, result);
    }
    if (facts.isEmpty()) {
      return onNoSession(packet, facts, pickUp, result);
    }
    if (!SctpTags.fits(packet, direction, facts)) {
      return result.invalid(InvalidReason.SCTP_TAG);
    }
    if (result.oldState().isClosed()) {
      return repeatsEnd(packet.chunkType(0))
          ? result.answer(Verdict.ACCEPT)
          : result.invalid(InvalidReason.SESSION_CLOSED);
    }
    if (packet.chunkType(0) == INIT_ACK) {
      return onInitAck(packet, direction, facts, result);
    }
    return hasCookieEcho(packet) && SctpTags.isOfEarlierAnswer(packet, direction, facts)
        ? onEchoOfEarlierAnswer(packet, direction, facts, result)
        : onChunks(packet, direction, facts, result);
  }

  /** A capture has the packet's tag and none of its chunks: it belongs to an association or not, and changes nothing. */
  private static Verdict onCut(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    if (facts.isEmpty()) {
      return result.answer(Verdict.NO_SESSION);
    }
    if (!SctpTags.fits(packet, direction, facts)) {
      return result.invalid(InvalidReason.SCTP_TAG);
    }
    return result.oldState().isClosed()
        ? result.invalid(InvalidReason.SESSION_CLOSED)
        : result.answer(Verdict.ACCEPT);
  }

  /** An AUTH chunk stands before the chunks that it covers (RFC 4895, 6.3). */
  private static boolean hasCookieEcho(PacketView packet) {
    for (int i = 0; i < packet.chunkCount(); i++) {
      if (packet.chunkType(i) == COOKIE_ECHO) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBundledRightly(PacketView packet) {
    if (packet.chunkCount() == 1) {
      return true;
    }
    for (int i = 0; i < packet.chunkCount(); i++) {
      int type = packet.chunkType(i);
      if (type == INIT || type == INIT_ACK || type == SHUTDOWN_COMPLETE) {
        return false;
      }
    }
    return true;
  }

  private static Verdict onNoSession(
      PacketView packet, SessionFacts facts, boolean pickUp, TrackResult result) {
    if (!pickUp || packet.verificationTag() == 0 || !isOrdinary(packet.chunkType(0))) {
      return result.answer(Verdict.NO_SESSION);
    }
    pickUp(packet, Direction.FORWARD, facts, result);
    return result.answer(Verdict.CREATE);
  }

  private static Verdict onInit(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    int tag = packet.initiateTag(0);
    if (tag == 0) {
      return result.invalid(InvalidReason.SCTP_TAG);
    }
    if (facts.isEmpty()) {
      announce(Direction.FORWARD, SctpState.INIT, tag, facts);
      result.change(SessionEvent.INIT);
      return result.answer(Verdict.CREATE);
    }
    if (packet.verificationTag() != 0) {
      return result.invalid(InvalidReason.SCTP_TAG);
    }
    boolean closed = result.oldState().isClosed();
    if (!closed && facts.has(direction, SctpState.INIT) && facts.isn(direction) == tag) {
      return result.answer(Verdict.ACCEPT);
    }
    if (!closed && result.oldState().isEstablished()) {
      return restart(direction, tag, facts, result);
    }
    if (closed || !joins(direction, tag, facts)) {
      facts.clear();
      announce(Direction.FORWARD, SctpState.INIT, tag, facts);
      return result.newGeneration(SessionEvent.INIT, direction == Direction.REVERSE);
    }
    announce(direction, SctpState.INIT, tag, facts);
    addLate(direction, facts); // an answer of this end before its INIT was none of the handshake
    result.change(SessionEvent.INIT_CROSSED);
    return result.answer(Verdict.ACCEPT);
  }

  /**
   * An INIT with this tag belongs to the handshake that is under way: the other end began it, and
   * this end's tag fits.
   */
  private static boolean joins(Direction direction, int tag, SessionFacts facts) {
    boolean otherBegan = facts.has(direction.opposite(), SctpState.INIT);
    boolean answered = facts.has(direction, SctpState.INIT_ACK);
    return otherBegan
        && !facts.has(direction, SctpState.INIT)
        && (!answered || facts.isn(direction) == tag);
  }

  private static Verdict restart(
      Direction direction, int tag, SessionFacts facts, TrackResult result) {
    boolean replacing =
        SctpTags.isReplacing(facts); // nothing came of an earlier one: its own tags prove nothing
    Direction other = direction.opposite();
    int tagOfSender = replacing ? facts.fin(direction) : facts.isn(direction);
    int tagOfOther = replacing ? facts.fin(other) : facts.isn(other);
    facts.clear();
    announce(Direction.FORWARD, SctpState.INIT | SctpState.REPLACES, tag, facts);
    facts.fin(Direction.FORWARD, tagOfSender);
    facts.fin(Direction.REVERSE, tagOfOther);
    return result.newGeneration(SessionEvent.RESTART, direction == Direction.REVERSE);
  }

  private static Verdict onInitAck(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    Direction other = direction.opposite();
    int tag = packet.initiateTag(0);
    if (tag == 0 || facts.has(direction, SctpState.INIT) && facts.isn(direction) != tag) {
      return result.invalid(InvalidReason.SCTP_TAG);
    }
    if (!facts.has(other, SctpState.INIT)) {
      return result.invalid(InvalidReason.SCTP_ORDER);
    }
    if (facts.has(direction, SctpState.INIT_ACK)) {
      return facts.isn(direction) == tag
          ? result.answer(Verdict.ACCEPT)
          : answerAnew(direction, tag, facts, result);
    }
    if (!facts.has(direction, SctpState.INIT) && SctpTags.areProven(facts)) {
      return result.invalid(InvalidReason.SCTP_ORDER);
    }
    announce(direction, SctpState.INIT_ACK, tag, facts);
    addLate(other, facts);
    result.change(SessionEvent.INIT_ACK);
    return result.answer(Verdict.ACCEPT);
  }

  /**
   * The responder keeps no state: it answers a repeated INIT with a new tag, and the initiator may
   * use that one, or still the one before.
   */
  private static Verdict answerAnew(
      Direction direction, int tag, SessionFacts facts, TrackResult result) {
    if (SctpTags.areProven(facts)) {
      return result.answer(Verdict.IGNORE); // to a late copy of the INIT; its receiver drops it
    }
    Direction other = direction.opposite();
    boolean replaces = facts.has(other, SctpState.REPLACES);
    int first = facts.fin(direction); // its initiator uses the first answer that it gets
    boolean isFirstUnused = first != 0 && !facts.has(other, SctpState.COOKIE_ECHO);
    int former = replaces || isFirstUnused ? first : facts.isn(direction);
    answer(direction, tag, former, facts);
    return result.newGeneration(SessionEvent.INIT_ACK, false);
  }

  /** The handshake up to an INIT-ACK with this tag, beside which a former one counts. */
  private static void answer(Direction direction, int tag, int former, SessionFacts facts) {
    Direction other = direction.opposite();
    int tagOfOther = facts.isn(other);
    int formerOfOther = facts.fin(other);
    int kept = facts.bits(other) & (SctpState.INIT | SctpState.REPLACES);
    facts.clear();
    announce(other, kept, tagOfOther, facts);
    announce(direction, SctpState.INIT_ACK, tag, facts);
    facts.fin(direction, former);
    facts.fin(other, formerOfOther);
  }

  /** The initiator uses the tag of the earlier of two INIT-ACKs. */
  private static Verdict onEchoOfEarlierAnswer(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    Direction other = direction.opposite();
    answer(other, facts.fin(other), facts.isn(other), facts);
    onChunks(packet, direction, facts, result);
    return result.newGeneration(SessionEvent.COOKIE_ECHO, false);
  }

  private static Verdict onChunks(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    for (int i = 0; i < packet.chunkCount(); i++) {
      InvalidReason reason = onChunk(packet, i, direction, facts, result);
      if (reason != InvalidReason.NONE && !result.isChanged()) {
        return result.invalid(reason);
      }
    }
    return result.answer(Verdict.ACCEPT);
  }

  private static InvalidReason onChunk(
      PacketView packet, int index, Direction direction, SessionFacts facts, TrackResult result) {
    switch (packet.chunkType(index)) {
      case COOKIE_ECHO:
        return onCookieEcho(packet, direction, facts, result);
      case COOKIE_ACK:
        return onCookieAck(packet, direction, facts, result);
      case SHUTDOWN:
        return onEnd(direction, SctpState.SHUTDOWN, SessionEvent.SHUTDOWN, facts, result);
      case SHUTDOWN_ACK:
        return onEnd(direction, SctpState.SHUTDOWN_ACK, SessionEvent.SHUTDOWN_ACK, facts, result);
      case SHUTDOWN_COMPLETE:
        return onClose(packet, direction, SessionEvent.SHUTDOWN_COMPLETE, facts, result);
      case ABORT:
        return onClose(packet, direction, SessionEvent.ABORT, facts, result);
      default:
        return onOrdinary(packet, direction, facts, result);
    }
  }

  private static InvalidReason onCookieEcho(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    Direction other = direction.opposite();
    if (!facts.has(direction, SctpState.INIT)) {
      return InvalidReason.SCTP_ORDER;
    }
    if (SctpTags.isOfReplaced(packet, direction, facts)) {
      return InvalidReason.NONE;
    }
    if (!facts.has(other, SctpState.INIT_ACK)) {
      addAhead(direction, facts, result);
      return InvalidReason.NONE;
    }
    if (facts.add(direction, SctpState.COOKIE_ECHO)) {
      addLate(other, facts);
      result.change(SessionEvent.COOKIE_ECHO);
    }
    return InvalidReason.NONE;
  }

  private static InvalidReason onCookieAck(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    Direction other = direction.opposite();
    if (!facts.has(other, SctpState.INIT)) {
      return InvalidReason.SCTP_ORDER;
    }
    if (SctpTags.isOfReplaced(packet, direction, facts)) {
      return InvalidReason.NONE;
    }
    if (!facts.has(other, SctpState.COOKIE_ECHO)) {
      if (facts.has(direction, SctpState.INIT)) {
        result.note(SessionEvent.AHEAD); // as a fact it would mean a COOKIE-ECHO of this end
      } else {
        addAhead(direction, facts, result);
      }
      return InvalidReason.NONE;
    }
    if (facts.add(direction, SctpState.COOKIE_ACK)) {
      result.change(SessionEvent.COOKIE_ACK);
    }
    return InvalidReason.NONE;
  }

  private static InvalidReason onEnd(
      Direction direction, int bit, SessionEvent event, SessionFacts facts, TrackResult result) {
    if (facts.isn(direction.opposite()) == 0) {
      result.note(SessionEvent.AHEAD); // anybody could send it: its tag is not known here
    } else if (facts.add(direction, bit)) {
      result.change(event);
    }
    return InvalidReason.NONE;
  }

  /** An end that refuses a restart aborts that attempt; the association in use goes on. */
  private static InvalidReason onClose(
      PacketView packet,
      Direction direction,
      SessionEvent event,
      SessionFacts facts,
      TrackResult result) {
    if (!SctpTags.isOfAttempt(packet, direction, facts) && facts.add(direction, SctpState.CLOSE)) {
      result.change(event);
    }
    return InvalidReason.NONE;
  }

  private static InvalidReason onOrdinary(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    if (!hasOpening(facts) && !facts.has(direction, SctpState.AHEAD)) {
      pickUp(packet, direction, facts, result);
    } else if (facts.isn(direction.opposite()) == 0 && !result.isChanged()) {
      result.note(SessionEvent.AHEAD);
    }
    return InvalidReason.NONE;
  }

  /** Without an opening the tag of a packet is all that is known of its receiver. */
  private static void pickUp(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    facts.add(direction, SctpState.AHEAD);
    facts.isn(direction.opposite(), packet.verificationTag());
    result.change(SessionEvent.PICKED_UP);
  }

  private static boolean hasOpening(SessionFacts facts) {
    int either = facts.bits(Direction.FORWARD) | facts.bits(Direction.REVERSE);
    return (either & (SctpState.INIT | SctpState.INIT_ACK)) != 0;
  }

  private static boolean repeatsEnd(int chunkType) {
    return chunkType == ABORT || chunkType == SHUTDOWN_ACK || chunkType == SHUTDOWN_COMPLETE;
  }

  /** Neither of the handshake nor of the end: data, acknowledgements, heartbeats. */
  private static boolean isOrdinary(int chunkType) {
    switch (chunkType) {
      case INIT:
      case INIT_ACK:
      case ABORT:
      case SHUTDOWN:
      case SHUTDOWN_ACK:
      case ERROR:
      case COOKIE_ECHO:
      case COOKIE_ACK:
      case SHUTDOWN_COMPLETE:
        return false;
      default:
        return true;
    }
  }

  private static void announce(Direction direction, int bits, int tag, SessionFacts facts) {
    facts.add(direction, bits);
    facts.isn(direction, tag);
  }

  private static void addAhead(Direction direction, SessionFacts facts, TrackResult result) {
    if (facts.add(direction, SctpState.AHEAD)) {
      result.change(SessionEvent.AHEAD);
    } else {
      result.note(SessionEvent.AHEAD);
    }
  }

  /** What the direction answered ahead is seen only now: that answer meant something else. */
  private static void addLate(Direction direction, SessionFacts facts) {
    if (facts.has(direction, SctpState.AHEAD)) {
      facts.add(direction, SctpState.LATE);
    }
  }
}
