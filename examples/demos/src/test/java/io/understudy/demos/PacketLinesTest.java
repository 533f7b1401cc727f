package io.understudy.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.packet.CaptureWriter;
import io.understudy.testkit.packet.LinkType;
import io.understudy.testkit.packet.PacketBuilder;
import io.understudy.testkit.packet.Segment;
import io.understudy.testkit.packet.TcpHeader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the replay says of each packet, and of those it cannot decode. */
class PacketLinesTest {
  private static final String C4 = "192.0.2.1";
  private static final String S4 = "198.51.100.1";
  private static final String C6 = "2001:db8::1";
  private static final String S6 = "2001:db8:0:1::";

  private final StringWriter out = new StringWriter();
  @TempDir Path folder;
  private Path file;
  private CaptureWriter writer;
  private long timeNs;

  @BeforeEach
  void open() throws IOException {
    file = folder.resolve("lines.pcap");
    writer = CaptureWriter.create(file, LinkType.ETHERNET, TimeUnit.MICROSECONDS);
  }

  private void frame(byte[] frame) throws IOException {
    timeNs += 1_000_000;
    writer.write(timeNs, frame);
  }

  private void packet(String from, String to, Segment segment) throws IOException {
    frame(PacketBuilder.between(from, to).carry(segment).frame());
  }

  private List<String> replay(String... options) throws IOException {
    writer.close();
    CommandLine command = Demos.commandLine();
    command.setOut(new PrintWriter(out, true));
    String[] arguments = new String[options.length + 2];
    arguments[0] = "replay";
    System.arraycopy(options, 0, arguments, 1, options.length);
    arguments[arguments.length - 1] = file.toString();
    assertEquals(0, command.execute(arguments));
    return out.toString().lines().toList();
  }

  private static String line(
      int number, String disposition, String reason, String session, String state, boolean up) {
    return "{\"packet\": "
        + number
        + ", \"member\": \"a\", \"disposition\": \""
        + disposition
        + "\", \"reason\": "
        + quoted(reason)
        + ", \"session\": "
        + quoted(session)
        + ", \"state\": "
        + quoted(state)
        + ", \"backedUp\": "
        + up
        + "}";
  }

  private static String quoted(String text) {
    return text == null ? "null" : '"' + text + '"';
  }

  @Test
  void everyPacketHasItsLineBeforeThatOfTheFile() throws IOException {
    packet(C4, S4, Segment.tcp(1, 80).flags(TcpHeader.SYN).sequence(100));
    packet(S4, C4, Segment.tcp(80, 1).flags(18).sequence(500).acknowledgement(101));
    packet(C4, S4, Segment.tcp(1, 80).flags(16).sequence(101).acknowledgement(501));
    packet(S4, C4, Segment.tcp(80, 1).flags(TcpHeader.RST).sequence(9_000_000));
    packet(C6, S6, Segment.echoRequest(7, 1));
    packet(C6, S6, Segment.udp(5, 53));
    packet(C4, S4, Segment.other(47, (byte) 0));
    packet(S4, C4, Segment.echoReply(9, 9));
    byte[] cut = PacketBuilder.between(C4, S4).carry(Segment.udp(4_000, 53)).frame();
    cut[14] = 0x43;
    frame(cut);
    byte[] arp = new byte[60];
    arp[12] = 8;
    arp[13] = 6;
    frame(arp);

    List<String> lines = replay("--json", "--packets");

    String tcp = "tcp 192.0.2.1:1 > 198.51.100.1:80";
    assertEquals(
        List.of(
            line(1, "PASSED", null, tcp, "SYN_SENT", false),
            line(2, "PASSED", null, tcp, "SYN_RECV", false),
            line(3, "PASSED", null, tcp, "ESTABLISHED", true),
            line(4, "DROPPED", "INVALID", tcp, "ESTABLISHED", true),
            line(
                5,
                "PASSED",
                null,
                "icmpv6 [2001:db8::1]:7 > [2001:db8:0:1::]",
                "ECHO_REQUESTED",
                false),
            line(
                6, "PASSED", null, "udp [2001:db8::1]:5 > [2001:db8:0:1::]:53", "UNREPLIED", false),
            line(7, "PASSED", null, "47 192.0.2.1 > 198.51.100.1", "OTHER_FIRST", false),
            line(8, "DROPPED", "NO_SESSION", null, null, false),
            line(9, "IGNORED", "IPV4_HEADER_LENGTH", null, null, false),
            line(10, "IGNORED", null, null, null, false)),
        lines.subList(0, 10));
    assertTrue(lines.get(10).startsWith("{\"file\": "), lines.get(10));
    assertEquals(11, lines.size());
  }

  @Test
  void packetsArePrintedForPeopleToo() throws IOException {
    packet(C4, S4, Segment.udp(5, 53));
    packet(C4, S4, Segment.udp(5, 53));
    packet(S4, C4, Segment.echoReply(9, 9));

    String text = String.join("\n", replay("--packets"));

    assertTrue(text.contains("1 a PASSED  udp 192.0.2.1:5 > 198.51.100.1:53 UNREPLIED\n"), text);
    assertTrue(text.contains("198.51.100.1:53 UNREPLIED, backed up\n"), text);
    assertTrue(text.contains("3 a DROPPED NO_SESSION\n"), text);
  }

  @Test
  void theMemberThatTookOverIsNamed() throws IOException {
    for (int i = 0; i < 4; i++) {
      packet(C4, S4, Segment.udp(5, 53));
    }

    List<String> lines = replay("--json", "--packets", "--takeover-at", "50", "--settle");

    assertTrue(lines.get(1).contains("\"member\": \"a\""), lines.get(1));
    assertTrue(lines.get(2).contains("\"member\": \"b\""), lines.get(2));
    assertTrue(lines.get(3).contains("\"backedUp\": true"), lines.get(3));
  }

  @Test
  void aFileOfWhichNothingWasDecodedDoesNotLookEmpty() throws IOException {
    byte[] session = new byte[60];
    session[12] = (byte) 0x88;
    session[13] = 0x64;
    session[21] = 0x21; // IPv4 over PPP
    frame(session);
    frame(session);

    String text = String.join("\n", replay());

    assertTrue(
        text.contains("nothing was decoded: 2 packets of ethertype 0x8864 (PPPoE session)"), text);
  }

  @Test
  void whatIsNotDecodedIsCountedAndIgnored() throws IOException {
    byte[] mpls = new byte[60];
    mpls[12] = (byte) 0x88;
    mpls[13] = 0x47;
    frame(mpls);
    packet(C4, S4, Segment.udp(5, 53));

    List<String> lines = replay("--json", "--packets");

    assertEquals(line(1, "IGNORED", null, null, null, false), lines.get(0));
    assertTrue(lines.get(2).contains("\"malformed\": 0, \"undecoded\": 1"), lines.get(2));
  }
}
