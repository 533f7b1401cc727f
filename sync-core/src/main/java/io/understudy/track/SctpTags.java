package io.understudy.track;

import io.understudy.model.Direction;

/**
 * Whether the verification tag of an SCTP packet is one that belongs to its association.
 *
 * <p>A tag that was announced through another member cannot be checked here: such a packet passes
 * as one that is ahead, except ABORT and SHUTDOWN-COMPLETE, which end an association only with a
 * tag that is known.
 *
 * <p>The tags of an association that is being replaced stand where TCP keeps its FINs. They count
 * beside the new ones until the COOKIE-ECHO proves those.
 *
 * <p>Source: RFC 9260, section 8.5.
 */
final class SctpTags {
  private SctpTags() {}

  /** The packet may belong to the association, by its tag. */
  static boolean fits(PacketView packet, Direction direction, SessionFacts facts) {
    int tag = packet.verificationTag();
    boolean reflected = SctpPaths.isTagReflected(packet);
    Direction announcer = reflected ? direction : direction.opposite();
    int expected = facts.isn(announcer);
    if (tag == 0) {
      return false;
    }
    if (tag == expected || isReplacing(facts) && tag == facts.fin(announcer)) {
      return true;
    }
    return expected == 0 && !reflected && !closes(packet);
  }

  /** The packet carries the tag of the association that the present one replaces, not its own. */
  static boolean isOfReplaced(PacketView packet, Direction direction, SessionFacts facts) {
    Direction other = direction.opposite();
    return isReplacing(facts)
        && packet.verificationTag() == facts.fin(other)
        && packet.verificationTag() != facts.isn(other);
  }

  static boolean isReplacing(SessionFacts facts) {
    return SctpState.isReplacing(facts.bits(Direction.FORWARD), facts.bits(Direction.REVERSE));
  }

  /** A COOKIE-ECHO was seen in its place: the tags are those that both ends use. */
  static boolean areProven(SessionFacts facts) {
    return SctpState.isEchoed(facts.bits(Direction.FORWARD), facts.bits(Direction.REVERSE));
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
