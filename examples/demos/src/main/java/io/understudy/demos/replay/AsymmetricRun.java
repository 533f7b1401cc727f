package io.understudy.demos.replay;

import io.understudy.backup.BackupReason;
import io.understudy.backup.NodeAddresses;
import io.understudy.testkit.firewall.Disposition;
import io.understudy.testkit.firewall.ProtocolClass;
import io.understudy.testkit.firewall.Zone;
import io.understudy.testkit.packet.LinkType;
import io.understudy.testkit.packet.Packet;
import io.understudy.testkit.packet.PacketBuilder;
import io.understudy.testkit.packet.PacketReader;
import io.understudy.testkit.packet.Segment;
import io.understudy.testkit.packet.TcpHeader;
import java.util.List;
import java.util.Map;

/**
 * Connects whose first packet goes through FW_A and whose answer returns over FW_B, with a link of 1 ms between the two.
 *
 * <p>The answers come 0.1 to 2 ms after the first packets: some sooner than the session can be at FW_B.
 */
final class AsymmetricRun {
  static final int CONNECTS = 20;
  static final int LINK_DELAY_MS = 1;

  private static final long START_NS = 1_700_000_000_000_000_000L;
  private static final long CONNECT_EVERY_NS = 10_000_000;
  private static final long ANSWER_STEP_NS = 100_000;
  private static final String CLIENT = "10.0.0.10";
  private static final String SERVER = "192.0.2.80";

  private final Packet packet = new Packet();
  private final Pair pair;
  private int matched;
  private int parked;
  private int dropped;

  /**
   * What became of the answers.
   *
   * @param matched found their session at once
   * @param parked waited for it; {@code released} of these found it
   * @param dropped found none
   * @param keptBack the sessions that FW_A did not back up, by reason
   */
  record Result(
      int matched, int parked, int released, int dropped, Map<BackupReason, Long> keptBack) {}

  private AsymmetricRun(Pair pair) {
    this.pair = pair;
  }

  static Result of(ProtocolClass protocol, boolean quick, boolean parking) {
    ReplayOptions options =
        new ReplayOptions(
            quick,
            ReplayOptions.NO_TAKEOVER,
            false,
            true,
            NodeAddresses.of(List.of()),
            LINK_DELAY_MS,
            parking,
            false,
            false,
            false);
    try (Pair pair = new SimPair(options)) {
      return new AsymmetricRun(pair).run(protocol);
    }
  }

  private Result run(ProtocolClass protocol) {
    int[] released = new int[1];
    pair.b()
        .onUnparked(
            (waiting, vsys, found) -> {
              released[0] += found ? 1 : 0;
              dropped += found ? 0 : 1;
            });
    for (int i = 0; i < CONNECTS; i++) {
      long firstNs = START_NS + i * CONNECT_EVERY_NS;
      long answerNs = firstNs + (i * 7L % CONNECTS + 1) * ANSWER_STEP_NS;
      handle(pair.a(), Zone.INSIDE, CLIENT, SERVER, first(protocol, i), firstNs);
      count(handle(pair.b(), Zone.OUTSIDE, SERVER, CLIENT, answer(protocol, i), answerNs));
    }
    pair.finish();
    return new Result(
        matched, parked, released[0], dropped, pair.a().firewall().keptBack().keptBack());
  }

  private Disposition handle(
      Member member, Zone zone, String from, String to, Segment segment, long captureNs) {
    pair.advanceTo(captureNs);
    byte[] frame = PacketBuilder.between(from, to).carry(segment).frame();
    PacketReader.read(LinkType.ETHERNET, frame, captureNs, packet);
    Disposition disposition = member.firewall().handle(packet, zone, pair.nowNs());
    pair.handled(member);
    return disposition;
  }

  private void count(Disposition disposition) {
    switch (disposition) {
      case PASSED -> matched++;
      case PARKED -> parked++;
      default -> dropped++;
    }
  }

  private static Segment first(ProtocolClass protocol, int i) {
    return switch (protocol) {
      case TCP -> Segment.tcp(40_000 + i, 443).flags(TcpHeader.SYN).sequence(1_000 * i).mss(1460);
      case UDP -> Segment.udp(40_000 + i, 53);
      case ICMP -> Segment.echoRequest(i, 1);
      case SCTP -> Segment.sctp(40_000 + i, 2_905, 0).init(1_000 + i, 1);
      case OTHER -> throw new IllegalArgumentException("no connects of other protocols");
    };
  }

  private static Segment answer(ProtocolClass protocol, int i) {
    return switch (protocol) {
      case TCP ->
          Segment.tcp(443, 40_000 + i)
              .flags(TcpHeader.SYN | TcpHeader.ACK)
              .sequence(77)
              .acknowledgement(1_000 * i + 1)
              .mss(1460);
      case UDP -> Segment.udp(53, 40_000 + i);
      case ICMP -> Segment.echoReply(i, 1);
      case SCTP -> Segment.sctp(2_905, 40_000 + i, 1_000 + i).initAck(2_000 + i, 1);
      case OTHER -> throw new IllegalArgumentException("no connects of other protocols");
    };
  }
}
