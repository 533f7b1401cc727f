package io.understudy.testkit.packet;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32C;

/** An SCTP packet for {@link PacketBuilder}, made by {@link Segment#sctp}. */
public final class SctpSegment implements Segment {
  private static final int HEADER = 12;

  private final byte[] header = new byte[HEADER];
  private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

  SctpSegment(int sourcePort, int destinationPort, int verificationTag) {
    Bytes.put16(header, 0, sourcePort);
    Bytes.put16(header, 2, destinationPort);
    Bytes.put32(header, 4, verificationTag);
  }

  /** Adds a chunk, see {@link SctpChunks}. */
  public SctpSegment chunk(int type, int flags, byte... body) {
    byte[] chunk = new byte[4 + body.length + 3 & ~3];
    chunk[0] = (byte) type;
    chunk[1] = (byte) flags;
    Bytes.put16(chunk, 2, 4 + body.length);
    System.arraycopy(body, 0, chunk, 4, body.length);
    chunks.writeBytes(chunk);
    return this;
  }

  /** Adds an INIT chunk without parameters, one stream each way. */
  public SctpSegment init(int initiateTag, int initialTsn) {
    return initiation(SctpChunks.INIT, initiateTag, initialTsn);
  }

  /** Adds an INIT-ACK chunk with a cookie. */
  public SctpSegment initAck(int initiateTag, int initialTsn, byte... cookie) {
    byte[] parameter = new byte[4 + cookie.length + 3 & ~3];
    Bytes.put16(parameter, 0, 7); // state cookie
    Bytes.put16(parameter, 2, 4 + cookie.length);
    System.arraycopy(cookie, 0, parameter, 4, cookie.length);
    return initiation(SctpChunks.INIT_ACK, initiateTag, initialTsn, parameter);
  }

  private SctpSegment initiation(int type, int initiateTag, int initialTsn, byte... parameters) {
    byte[] body = new byte[16 + parameters.length];
    Bytes.put32(body, 0, initiateTag);
    Bytes.put32(body, 4, 0xffff); // receiver window
    Bytes.put32(body, 8, 1 << 16 | 1); // streams out and in
    Bytes.put32(body, 12, initialTsn);
    System.arraycopy(parameters, 0, body, 16, parameters.length);
    return chunk(type, 0, body);
  }

  @Override
  public int protocol(boolean ipv6) {
    return Packet.SCTP;
  }

  @Override
  public byte[] encode(boolean ipv6, long addressSum) {
    byte[] segment = new byte[HEADER + chunks.size()];
    System.arraycopy(header, 0, segment, 0, HEADER);
    System.arraycopy(chunks.toByteArray(), 0, segment, HEADER, chunks.size());
    CRC32C crc = new CRC32C();
    crc.update(segment);
    Bytes.put32(
        segment,
        8,
        Integer.reverseBytes((int) crc.getValue())); // the only number sent low byte first
    return segment;
  }
}
