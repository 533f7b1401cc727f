package io.understudy.testkit.packet;

import static io.understudy.testkit.packet.Bytes.i32;
import static io.understudy.testkit.packet.Bytes.u16;
import static io.understudy.testkit.packet.Bytes.u8;

import java.util.Objects;

/**
 * The SCTP header of a {@link Packet} and its chunks, in order.
 *
 * <p>Shape: the offsets of the first {@value #LIMIT} chunks; further ones are checked and counted, not remembered.
 * Chunks that the snap length cut off are not seen; one whose beginning was captured is.
 * <p>Source: RFC 9260.
 */
public final class SctpChunks {
  /** User data. */
  public static final int DATA = 0;

  /** Opens an association. */
  public static final int INIT = 1;

  /** Answers INIT with a cookie. */
  public static final int INIT_ACK = 2;

  /** Acknowledges data. */
  public static final int SACK = 3;

  /** Probes a path. */
  public static final int HEARTBEAT = 4;

  /** Answers HEARTBEAT. */
  public static final int HEARTBEAT_ACK = 5;

  /** Ends an association at once. */
  public static final int ABORT = 6;

  /** Begins the orderly end. */
  public static final int SHUTDOWN = 7;

  /** Answers SHUTDOWN. */
  public static final int SHUTDOWN_ACK = 8;

  /** Reports an error. */
  public static final int ERROR = 9;

  /** Returns the cookie. */
  public static final int COOKIE_ECHO = 10;

  /** Completes the handshake. */
  public static final int COOKIE_ACK = 11;

  /** Completes the orderly end. */
  public static final int SHUTDOWN_COMPLETE = 14;

  /** How many chunks of a packet can be looked at. */
  public static final int LIMIT = 64;

  private static final int ABSENT = -1;
  private static final int COMMON_HEADER = 12;
  private static final int CHUNK_HEADER = 4;

  private final Packet packet;
  private final int[] chunkAt = new int[LIMIT];
  private int at = ABSENT;
  private int seen;

  SctpChunks(Packet packet) {
    this.packet = packet;
  }

  void clear() {
    at = ABSENT;
    seen = 0;
  }

  MalformedReason read(int headerAt) {
    int end = packet.packetEnd;
    int chunk = headerAt + COMMON_HEADER;
    if (chunk > packet.readableEnd()) {
      return MalformedReason.TRANSPORT_HEADER_CUT;
    }
    if (end - chunk < CHUNK_HEADER) {
      return MalformedReason.SCTP_NO_CHUNK;
    }
    // up to three bytes after the last chunk are no chunk: receivers ignore them
    while (end - chunk >= CHUNK_HEADER && chunk + CHUNK_HEADER <= packet.captureEnd) {
      int length = u16(packet.bytes, chunk + 2);
      if (length < CHUNK_HEADER || length > end - chunk && !packet.isFragment()) {
        seen = 0;
        return MalformedReason.SCTP_CHUNK_LENGTH;
      }
      if (seen < LIMIT) {
        chunkAt[seen] = chunk;
      }
      seen++;
      chunk += length + 3 & ~3; // chunks begin at multiples of four
    }
    at = headerAt;
    packet.payloadAt = headerAt + COMMON_HEADER;
    return MalformedReason.NONE;
  }

  /** Whether the packet has an SCTP header. */
  public boolean isPresent() {
    return at != ABSENT;
  }

  /** The verification tag of the packet. */
  public int verificationTag() {
    return isPresent() ? i32(packet.bytes, at + 4) : 0;
  }

  /** How many chunks can be looked at. */
  public int count() {
    return Math.min(seen, LIMIT);
  }

  /** How many chunks there are beyond {@link #LIMIT}. */
  public int beyondLimitCount() {
    return seen - count();
  }

  /** The type of a chunk. */
  public int type(int index) {
    return u8(packet.bytes, chunk(index));
  }

  /** The flags of a chunk. */
  public int flags(int index) {
    return u8(packet.bytes, chunk(index) + 1);
  }

  /** Where a chunk begins. */
  public int offset(int index) {
    return chunk(index) - packet.start;
  }

  /** The length of a chunk with its header of four bytes, as the chunk states it. */
  public int length(int index) {
    return u16(packet.bytes, chunk(index) + 2);
  }

  /** How many bytes of a chunk, its header included, are in packet and capture. */
  public int capturedLength(int index) {
    return Math.min(length(index), packet.readableEnd() - chunk(index));
  }

  /** The initiate tag of an INIT or INIT-ACK chunk, 0 (which no sender may choose) if it is neither or cut. */
  public int initiateTag(int index) {
    int type = type(index);
    boolean initiates = type == INIT || type == INIT_ACK;
    return initiates && capturedLength(index) >= 8 ? i32(packet.bytes, chunk(index) + 4) : 0;
  }

  private int chunk(int index) {
    return chunkAt[Objects.checkIndex(index, count())];
  }
}
