package io.understudy.track;

import io.understudy.model.Direction;

/**
 * Finds the association of an SCTP packet that travels between other addresses than those of its
 * INIT.
 *
 * <p>A table keeps each association under both of its tags, each together with the port of the end
 * that announced it and the other port. A packet names the end that announced its tag: the
 * receiver, or with the T bit the sender. So one look-up by ({@link #announcerPort}, the other
 * port, {@link #tag}) finds the association, and which of its two tags it was tells the direction.
 *
 * <p>Thread: any.
 */
public final class SctpPaths {
  private SctpPaths() {}

  /**
   * The tag to look for, also of a packet that was cut before its first chunk; 0: none, the packet belongs to the association of its own
   * addresses or to none.
   */
  public static int tag(PacketView packet) {
    return packet.verificationTag();
  }

  /** The port of the end that announced the tag. */
  public static int announcerPort(PacketView packet, int sourcePort, int destinationPort) {
    return isTagReflected(packet) ? sourcePort : destinationPort;
  }

  /**
   * The direction in which the packet flows when its tag is the one that was announced in {@code
   * announced}.
   */
  public static Direction direction(PacketView packet, Direction announced) {
    return isTagReflected(packet) ? announced : announced.opposite();
  }

  /**
   * An ABORT or SHUTDOWN-COMPLETE of an end that knows no association: it returns the tag which was
   * sent to it.
   */
  static boolean isTagReflected(PacketView packet) {
    for (int i = 0; i < packet.chunkCount(); i++) {
      int type = packet.chunkType(i);
      if (type == SctpTracker.ABORT || type == SctpTracker.SHUTDOWN_COMPLETE) {
        return (packet.chunkFlags(i) & 1) != 0;
      }
    }
    return false;
  }
}
