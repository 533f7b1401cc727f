package io.understudy.track;

import io.understudy.model.Direction;

/**
 * Whether the verification tag of an SCTP packet is one that belongs to its association.
 *
 * <p>A tag that was announced through another member cannot be checked here: such a packet passes
 * as one that is ahead, except ABORT and SHUTDOWN-COMPLETE, which end an association only with a
 * tag that is known.
 *
 * <p>Where TCP keeps its FINs stand the tags of an association that is being replaced, or the tag of
 * an INIT-ACK to which another one followed. They count beside the newer ones until a COOKIE-ACK proves
 * which are used: a COOKIE-ECHO may be refused as stale, and who has sent it may begin once more.
 *
 * <p>Source: RFC 9260, sections 5.2.6 and 8.5.
 */
final class SctpTags {
  private SctpTags() {}

  /** The packet may belong to the association, by its tag. */
  static boolean fits(PacketView packet, Direction direction, SessionFacts facts) {
    int tag = packet.verificationTag();
    boolean reflected = SctpPaths.isTagReflected(packet);
    Direction announcer = announcer(packet, direction);
    int expected = facts.isn(announcer);
    if (tag == 0) {
      return false;
    }
    if (tag == expected || tag == facts.fin(announcer) && !areProven(facts)) {
      return true;
    }
    return expected == 0 && !reflected && !closes(packet);
  }

  /** The packet carries the tag of the association that the present one replaces, not its own. */
  static boolean isOfReplaced(PacketView packet, Direction direction, SessionFacts facts) {
    return isReplacing(facts) && isFormer(packet, direction, facts);
  }

  /**
   * The packet carries a tag of the attempt to replace an association, and none of that association:
   * what it says does not concern the association in use.
   */
  static boolean isOfAttempt(PacketView packet, Direction direction, SessionFacts facts) {
    return isReplacing(facts)
        && packet.verificationTag() != facts.fin(announcer(packet, direction));
  }

  /** The packet carries the tag of an INIT-ACK to which another one has followed. */
  static boolean isOfEarlierAnswer(PacketView packet, Direction direction, SessionFacts facts) {
    return !isReplacing(facts) && !areProven(facts) && isFormer(packet, direction, facts);
  }

  private static boolean isFormer(PacketView packet, Direction direction, SessionFacts facts) {
    Direction other = direction.opposite();
    return packet.verificationTag() == facts.fin(other)
        && packet.verificationTag() != facts.isn(other);
  }

  /** The end that announced the packet's tag. */
  private static Direction announcer(PacketView packet, Direction direction) {
    return SctpPaths.isTagReflected(packet) ? direction : direction.opposite();
  }

  static boolean isReplacing(SessionFacts facts) {
    return SctpState.isReplacing(facts.bits(Direction.FORWARD), facts.bits(Direction.REVERSE));
  }

  /** The cookie was acknowledged: the tags are those that both ends use. */
  static boolean areProven(SessionFacts facts) {
    return SctpState.isHandshakeComplete(
        facts.bits(Direction.FORWARD), facts.bits(Direction.REVERSE));
  }

  private static boolean closes(PacketView packet) {
    for (int i = 0; i < packet.chunkCount(); i++) {
      if (packet.chunkType(i) == SctpTracker.ABORT
          || packet.chunkType(i) == SctpTracker.SHUTDOWN_COMPLETE) {
        return true;
      }
    }
    return false;
  }
}
