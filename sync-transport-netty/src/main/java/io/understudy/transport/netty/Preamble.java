package io.understudy.transport.netty;

import io.understudy.model.NodeId;
import io.understudy.transport.LinkKind;

/**
 * The first bytes of a connection in each direction: the dialler says what it wants, the acceptor says that it agrees.
 *
 * <pre>
 *   byte  0    1    2    3    4         5      6      7    8
 *         'U'  'S'  'D'  'Y'  version   kind   link   node id
 *                             1         1 heartbeat   big-endian
 *                                       2 data
 * </pre>
 *
 * @param link number of the link as the sender counts
 * @param node the sender
 */
record Preamble(LinkKind kind, int link, int node) {
  static final int BYTES = 9;
  private static final byte[] MAGIC = {'U', 'S', 'D', 'Y'};
  private static final byte VERSION = 1;

  /** Of one with the same node id, by mistake: HELLO refuses it, so that both hear which of them holds. It needs no data connection. */
  boolean isOfNamesake(NodeId own) {
    return node == own.value() && kind == LinkKind.HEARTBEAT;
  }

  byte[] toBytes() {
    byte[] bytes = new byte[BYTES];
    System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
    bytes[4] = VERSION;
    bytes[5] = (byte) (kind == LinkKind.HEARTBEAT ? 1 : 2);
    bytes[6] = (byte) link;
    bytes[7] = (byte) (node >>> 8);
    bytes[8] = (byte) node;
    return bytes;
  }

  /** Whether the bytes so far can be the beginning of one; so that other protocols are not waited for. */
  static boolean mayBegin(byte[] bytes, int count) {
    for (int i = 0; i < Math.min(count, MAGIC.length); i++) {
      if (bytes[i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  static Preamble read(byte[] bytes) throws BadPreambleException {
    if (!mayBegin(bytes, BYTES)) {
      throw new BadPreambleException("not the connection of a member");
    }
    if (bytes[4] != VERSION) {
      throw new BadPreambleException(
          "preamble version " + (bytes[4] & 0xFF) + " is not " + VERSION);
    }
    if (bytes[5] != 1 && bytes[5] != 2) {
      throw new BadPreambleException("connection kind " + (bytes[5] & 0xFF) + " is unknown");
    }
    LinkKind kind = bytes[5] == 1 ? LinkKind.HEARTBEAT : LinkKind.DATA;
    return new Preamble(kind, bytes[6] & 0xFF, (bytes[7] & 0xFF) << 8 | bytes[8] & 0xFF);
  }

  /** A connection does not begin as it should. */
  static final class BadPreambleException extends Exception {
    private static final long serialVersionUID = 1L;

    BadPreambleException(String message) {
      super(message);
    }
  }
}
