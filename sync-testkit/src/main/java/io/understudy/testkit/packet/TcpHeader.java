package io.understudy.testkit.packet;

import static io.understudy.testkit.packet.Bytes.i32;
import static io.understudy.testkit.packet.Bytes.u16;
import static io.understudy.testkit.packet.Bytes.u8;

/**
 * The TCP header of a {@link Packet}: flags, numbers and the options that only a SYN carries.
 *
 * <p>Absent, everything reads as 0, false or -1. Sequence numbers are 32 bits and wrap: compare their difference.
 *
 * <p>Source: RFC 9293, RFC 7323 (window scale, timestamps), RFC 2018 (SACK).
 */
public final class TcpHeader {
  /** The flag of the sender's last segment. */
  public static final int FIN = 0x01;

  /** The flag that opens a connection. */
  public static final int SYN = 0x02;

  /** The flag that resets a connection. */
  public static final int RST = 0x04;

  /** The flag that asks for delivery at once. */
  public static final int PSH = 0x08;

  /** The flag of a valid acknowledgement number. */
  public static final int ACK = 0x10;

  private static final int ABSENT = -1;
  private static final int FIXED_LENGTH = 20;

  private final Packet packet;
  private int at = ABSENT;
  private int mss;
  private int windowScale;
  private boolean sackPermitted;
  private boolean timestamps;

  TcpHeader(Packet packet) {
    this.packet = packet;
  }

  void clear() {
    at = ABSENT;
    mss = ABSENT;
    windowScale = ABSENT;
    sackPermitted = false;
    timestamps = false;
  }

  MalformedReason read(int headerAt) {
    if (headerAt + FIXED_LENGTH > packet.readableEnd()) {
      return MalformedReason.TRANSPORT_HEADER_CUT;
    }
    int length = (u8(packet.bytes, headerAt + 12) >>> 4) * 4;
    if (length < FIXED_LENGTH || length > packet.packetEnd - headerAt) {
      return MalformedReason.TCP_DATA_OFFSET;
    }
    if (headerAt + length > packet.captureEnd) {
      return MalformedReason.TRANSPORT_HEADER_CUT;
    }
    at = headerAt;
    packet.payloadAt = headerAt + length;
    readOptions(headerAt + FIXED_LENGTH, headerAt + length);
    return MalformedReason.NONE;
  }

  /** Reads the options up to the first whose length makes no sense; the packet is not malformed for that. */
  private void readOptions(int from, int end) {
    byte[] bytes = packet.bytes;
    int option = from;
    while (option < end && bytes[option] != 0) {
      if (bytes[option] == 1) { // padding
        option++;
        continue;
      }
      int length = option + 1 < end ? u8(bytes, option + 1) : 0;
      if (length < 2 || option + length > end) {
        return;
      }
      readOption(option, length);
      option += length;
    }
  }

  private void readOption(int option, int length) {
    byte[] bytes = packet.bytes;
    int kind = u8(bytes, option);
    if (kind == 2 && length == 4) {
      mss = u16(bytes, option + 2);
    } else if (kind == 3 && length == 3) {
      windowScale = Math.min(14, u8(bytes, option + 2)); // RFC 7323, section 2.3
    } else if (kind == 4 && length == 2) {
      sackPermitted = true;
    } else if (kind == 8 && length == 10) {
      timestamps = true;
    }
  }

  /** Whether the packet has a TCP header. */
  public boolean isPresent() {
    return at != ABSENT;
  }

  /** The flags CWR (0x80) to FIN (0x01). */
  public int flags() {
    return isPresent() ? u8(packet.bytes, at + 13) : 0;
  }

  /** Whether FIN is set. */
  public boolean isFin() {
    return (flags() & FIN) != 0;
  }

  /** Whether SYN is set, with or without ACK. */
  public boolean isSyn() {
    return (flags() & SYN) != 0;
  }

  /** Whether RST is set. */
  public boolean isRst() {
    return (flags() & RST) != 0;
  }

  /** Whether ACK is set. */
  public boolean isAck() {
    return (flags() & ACK) != 0;
  }

  /** The sequence number. */
  public int sequence() {
    return isPresent() ? i32(packet.bytes, at + 4) : 0;
  }

  /** The acknowledgement number, meaningful with ACK. */
  public int acknowledgement() {
    return isPresent() ? i32(packet.bytes, at + 8) : 0;
  }

  /** The window as it is in the header, unscaled. */
  public int window() {
    return isPresent() ? u16(packet.bytes, at + 14) : 0;
  }

  /** The length of the header with its options, in bytes. */
  public int dataOffset() {
    return isPresent() ? packet.payloadAt - at : 0;
  }

  /** The maximum segment size option, -1 without one. */
  public int mss() {
    return mss;
  }

  /** The window scale option, -1 without one; above 14 counts as 14. */
  public int windowScale() {
    return windowScale;
  }

  /** Whether the SACK-permitted option is there. */
  public boolean isSackPermitted() {
    return sackPermitted;
  }

  /** Whether the timestamps option is there. */
  public boolean hasTimestamps() {
    return timestamps;
  }
}
