package io.understudy.demos;

import io.understudy.testkit.packet.CaptureWriter;
import io.understudy.testkit.packet.LinkType;
import io.understudy.testkit.packet.PacketBuilder;
import io.understudy.testkit.packet.Segment;
import io.understudy.testkit.packet.TcpHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Writes the small capture that the demos bundle: one of everything that backup timing tells apart, going on beyond the middle, so
 * that a takeover there has something to keep.
 */
final class BundledCapture {
  private static final long START_NS = 1_700_000_000_000_000_000L;
  private static final String CLIENT = "10.0.0.10";
  private static final String SERVER = "192.0.2.80";
  private static final String CLIENT6 = "2001:db8:1::10";
  private static final String SERVER6 = "2001:db8:2::80";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CaptureWriter writer;
  private long nowNs = START_NS;

  private BundledCapture() throws IOException {
    writer = CaptureWriter.create(bytes, LinkType.ETHERNET, TimeUnit.MICROSECONDS);
  }

  /** Writes the file named. */
  public static void main(String[] args) throws IOException {
    Files.write(Path.of(args[0]), bytes());
  }

  /** The capture, the same bytes each time. */
  static byte[] bytes() {
    try {
      BundledCapture capture = new BundledCapture();
      capture.write();
      capture.writer.close();
      return capture.bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }

  private void write() throws IOException {
    for (int i = 0; i < 3; i++) {
      handshake(CLIENT, SERVER, 40_001 + i, 443, 1_000 * (i + 1));
    }
    handshake(CLIENT6, SERVER6, 40_011, 443, 9_000);
    send(CLIENT, "192.0.2.99", Segment.tcp(40_099, 25).flags(TcpHeader.SYN).sequence(1).mss(1460));
    query(40_101);
    query(40_102);
    send(CLIENT, SERVER, Segment.udp(5_060, 5_060, text("call")));
    send(SERVER, CLIENT, Segment.udp(5_060, 5_060, text("ringing")));
    send(CLIENT, "224.0.0.251", Segment.udp(5_353, 5_353, text("who is there")));
    association();
    for (int i = 0; i < 6; i++) {
      ping(i);
      for (int session = 0; session < 3; session++) {
        data(CLIENT, SERVER, 40_001 + session, 443, 1_000 * (session + 1), i);
      }
      data(CLIENT6, SERVER6, 40_011, 443, 9_000, i);
      send(CLIENT, SERVER, Segment.udp(5_060, 5_060, text("voice " + i)));
      send(SERVER, CLIENT, Segment.udp(5_060, 5_060, text("voice " + i)));
      send(CLIENT, SERVER, Segment.sctp(2_905, 2_905, 0x5E12).chunk(0, 3, new byte[16]));
      send(SERVER, CLIENT, Segment.sctp(2_905, 2_905, 0xC11E).chunk(3, 0, new byte[12]));
    }
  }

  private void handshake(String client, String server, int port, int service, int isn)
      throws IOException {
    send(client, server, Segment.tcp(port, service).flags(TcpHeader.SYN).sequence(isn).mss(1460));
    send(
        server,
        client,
        Segment.tcp(service, port)
            .flags(TcpHeader.SYN | TcpHeader.ACK)
            .sequence(isn + 500)
            .acknowledgement(isn + 1)
            .mss(1460));
    send(
        client,
        server,
        Segment.tcp(port, service)
            .flags(TcpHeader.ACK)
            .sequence(isn + 1)
            .acknowledgement(isn + 501));
  }

  private void data(String client, String server, int port, int service, int isn, int round)
      throws IOException {
    byte[] content = text("round " + round);
    int sent = round * content.length;
    send(
        client,
        server,
        Segment.tcp(port, service)
            .flags(TcpHeader.ACK | TcpHeader.PSH)
            .sequence(isn + 1 + sent)
            .acknowledgement(isn + 501 + sent)
            .payload(content));
    send(
        server,
        client,
        Segment.tcp(service, port)
            .flags(TcpHeader.ACK | TcpHeader.PSH)
            .sequence(isn + 501 + sent)
            .acknowledgement(isn + 1 + sent + content.length)
            .payload(content));
  }

  private void query(int port) throws IOException {
    send(CLIENT, "192.0.2.53", Segment.udp(port, 53, text("example.org?")));
    send("192.0.2.53", CLIENT, Segment.udp(53, port, text("192.0.2.80")));
  }

  private void ping(int round) throws IOException {
    send(CLIENT, SERVER, Segment.echoRequest(77, round, text("ping")));
    send(SERVER, CLIENT, Segment.echoReply(77, round, text("ping")));
  }

  private void association() throws IOException {
    send(CLIENT, SERVER, Segment.sctp(2_905, 2_905, 0).init(0xC11E, 1));
    send(SERVER, CLIENT, Segment.sctp(2_905, 2_905, 0xC11E).initAck(0x5E12, 1, text("cookie12")));
    send(CLIENT, SERVER, Segment.sctp(2_905, 2_905, 0x5E12).chunk(10, 0, text("cookie12")));
    send(SERVER, CLIENT, Segment.sctp(2_905, 2_905, 0xC11E).chunk(11, 0));
  }

  private void send(String from, String to, Segment segment) throws IOException {
    nowNs += 1_000_000;
    writer.write(nowNs, PacketBuilder.between(from, to).carry(segment).frame());
  }

  private static byte[] text(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }
}
