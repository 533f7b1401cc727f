package io.understudy.testkit.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.SyncNode;
import io.understudy.backup.BackupConfig;
import io.understudy.backup.BackupPolicy;
import io.understudy.backup.BackupReason;
import io.understudy.backup.NodeAddresses;
import io.understudy.testkit.packet.LinkType;
import io.understudy.testkit.packet.Packet;
import io.understudy.testkit.packet.PacketBuilder;
import io.understudy.testkit.packet.PacketReader;
import io.understudy.testkit.packet.Segment;
import io.understudy.testkit.packet.TcpHeader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceFirewallTest {
  private static final long START_NS = 1_000_000_000L;
  private static final long NS_PER_SECOND = 1_000_000_000L;
  private static final String CLIENT = "10.0.0.1";
  private static final String SERVER = "192.0.2.1";

  private final SyncNode node = LoneNode.started(4_096, START_NS);
  private final Packet packet = new Packet();
  private long nowNs = START_NS;
  private ReferenceFirewall firewall = firewall(FirewallConfig.of(BackupConfig.hotStandby(), 1));

  private ReferenceFirewall firewall(FirewallConfig config) {
    return new ReferenceFirewall(node, config, new FirewallListener() {});
  }

  private Disposition handle(Zone zone, String from, String to, Segment segment) {
    return handle(zone, PacketBuilder.between(from, to).carry(segment).frame());
  }

  private Disposition handle(Zone zone, byte[] frame) {
    PacketReader.read(LinkType.ETHERNET, frame, nowNs, packet);
    node.run(nowNs);
    return firewall.handle(packet, zone, nowNs);
  }

  private void pass(long ns) {
    LoneNode.pass(node, nowNs, nowNs + ns);
    nowNs += ns;
    firewall.runAll(nowNs);
  }

  private long sessions() {
    return firewall.sessions4().liveCount() + firewall.sessions6().liveCount();
  }

  @Test
  void outsideMayAnswerAndNotBegin() {
    assertEquals(Disposition.DROPPED, handle(Zone.OUTSIDE, SERVER, CLIENT, Segment.udp(53, 4_000)));
    assertEquals(DropReason.NO_SESSION, firewall.dropReason());

    assertEquals(Disposition.PASSED, handle(Zone.INSIDE, CLIENT, SERVER, Segment.udp(4_000, 53)));
    assertEquals(Disposition.PASSED, handle(Zone.OUTSIDE, SERVER, CLIENT, Segment.udp(53, 4_000)));

    assertTrue(firewall.isMatched());
    assertEquals(1, firewall.counters().created(ProtocolClass.UDP));
    assertEquals(1, firewall.counters().dropped(ProtocolClass.UDP, DropReason.NO_SESSION));
  }

  /** Its peer may have taken over, and the switch would learn the way to this member. */
  @Test
  void processThatSleptForwardsNothingOfWhatLayInItsSockets() {
    assertEquals(Disposition.PASSED, handle(Zone.INSIDE, CLIENT, SERVER, Segment.udp(4_000, 53)));
    nowNs += 4 * NS_PER_SECOND; // the right lasts 3.75 s

    assertEquals(Disposition.DROPPED, firewall.handle(packet, Zone.INSIDE, nowNs));
    assertEquals(DropReason.STANDBY, firewall.dropReason());

    pass(20 * NS_PER_SECOND);
    assertEquals(Disposition.PASSED, firewall.handle(packet, Zone.INSIDE, nowNs));
  }

  @Test
  void whatIsKeptBackIsAGaugeByReason() {
    handle(Zone.INSIDE, CLIENT, SERVER, Segment.udp(4_000, 53));
    handle(Zone.INSIDE, CLIENT, SERVER, Segment.echoRequest(1, 1));
    handle(Zone.INSIDE, CLIENT, "224.0.0.251", Segment.udp(5_353, 5_353));
    assertEquals(
        Map.of(
            BackupReason.FIRST_FORWARD_PACKET, 1L,
            BackupReason.MODE_NORMAL_ICMP, 1L,
            BackupReason.MULTICAST, 1L),
        firewall.keptBack().keptBack());

    handle(Zone.INSIDE, CLIENT, SERVER, Segment.udp(4_000, 53));

    assertEquals(0, firewall.keptBack().keptBack(BackupReason.FIRST_FORWARD_PACKET));
    assertEquals(1, firewall.keptBack().backedUp());
  }

  @Test
  void sessionsOfTheFirewallItselfStayHere() throws UnknownHostException {
    NodeAddresses own = NodeAddresses.of(List.of(InetAddress.getByName(CLIENT)));
    BackupConfig quick = BackupConfig.builder().policy(BackupPolicy.QUICK).build();
    firewall = firewall(FirewallConfig.of(quick, 1).withAddresses(own));

    handle(Zone.INSIDE, CLIENT, SERVER, Segment.udp(4_000, 53));

    assertEquals(Map.of(BackupReason.LOCAL_ORIGIN, 1L), firewall.keptBack().keptBack());
  }

  @Test
  void idleSessionsEndWhenAgeingIsOn() {
    firewall = firewall(FirewallConfig.of(BackupConfig.hotStandby(), 1).withAgeing(true));
    handle(Zone.INSIDE, CLIENT, SERVER, Segment.udp(4_000, 53));

    pass(59 * NS_PER_SECOND);
    assertEquals(1, sessions());
    pass(2 * NS_PER_SECOND);

    assertEquals(0, sessions());
    assertEquals(Map.of(), firewall.keptBack().keptBack());
    assertEquals(1, firewall.counters().get(FirewallCounters.Total.AGED_OUT));
  }

  @Test
  void aQuietSessionIsBackedUpWhenThePickUpDelayIsOver() {
    BackupConfig delayed =
        BackupConfig.builder().policy(BackupPolicy.delayed(Duration.ofSeconds(30))).build();
    firewall = firewall(FirewallConfig.of(delayed, 1));
    handle(Zone.INSIDE, CLIENT, SERVER, Segment.tcp(4_000, 80).flags(TcpHeader.SYN).sequence(1));
    handle(
        Zone.OUTSIDE,
        SERVER,
        CLIENT,
        Segment.tcp(80, 4_000).flags(TcpHeader.SYN | TcpHeader.ACK).sequence(7).acknowledgement(2));
    handle(
        Zone.INSIDE,
        CLIENT,
        SERVER,
        Segment.tcp(4_000, 80).flags(TcpHeader.ACK).sequence(2).acknowledgement(8));
    assertEquals(1, firewall.keptBack().keptBack(BackupReason.PICKUP_DELAY));

    pass(29 * NS_PER_SECOND);
    assertEquals(1, firewall.keptBack().keptBack(BackupReason.PICKUP_DELAY));
    pass(2 * NS_PER_SECOND);

    assertEquals(0, firewall.keptBack().keptBack(BackupReason.PICKUP_DELAY));
    assertEquals(1, firewall.keptBack().backedUp());
  }

  @Test
  void quickModeTurnedOnBacksUpWhatWasKeptBackSomeSlotsAtATime() {
    for (int port = 4_000; port < 5_500; port++) {
      handle(Zone.INSIDE, CLIENT, SERVER, Segment.udp(port, 53));
    }
    assertEquals(1_500, firewall.keptBack().keptBack(BackupReason.FIRST_FORWARD_PACKET));

    firewall.backup(BackupConfig.builder().policy(BackupPolicy.QUICK).build());

    firewall.run(nowNs);
    assertTrue(firewall.keptBack().backedUp() > 0);
    assertTrue(firewall.keptBack().keptBack(BackupReason.FIRST_FORWARD_PACKET) > 0, "it is paced");
    firewall.runAll(nowNs);
    assertEquals(Map.of(), firewall.keptBack().keptBack());
    assertEquals(1_500, firewall.keptBack().backedUp());
  }

  @Test
  void whatIsBackedUpStaysSoWhenTheModeFallsBack() {
    firewall =
        firewall(FirewallConfig.of(BackupConfig.builder().policy(BackupPolicy.QUICK).build(), 1));
    handle(Zone.INSIDE, CLIENT, SERVER, Segment.udp(4_000, 53));

    firewall.backup(BackupConfig.hotStandby());
    firewall.runAll(nowNs);

    assertEquals(1, firewall.keptBack().backedUp());
    assertEquals(Map.of(), firewall.keptBack().keptBack());
  }

  @Test
  void anErrorPassesWithTheSessionItIsAbout() {
    byte[] query = PacketBuilder.between(CLIENT, SERVER).carry(Segment.udp(4_000, 53)).ipPacket();
    Segment unreachable = Segment.icmp(3, 3, 0, query);

    assertEquals(Disposition.DROPPED, handle(Zone.OUTSIDE, SERVER, CLIENT, unreachable));
    handle(Zone.INSIDE, CLIENT, SERVER, Segment.udp(4_000, 53));

    assertEquals(Disposition.PASSED, handle(Zone.OUTSIDE, SERVER, CLIENT, unreachable));
    assertEquals(1, sessions());
  }

  @Test
  void aVlanIsTheVsysWhereThatIsWanted() {
    byte[] tagged =
        PacketBuilder.between(CLIENT, SERVER).vlan(42).carry(Segment.udp(4_000, 53)).frame();
    handle(Zone.INSIDE, CLIENT, SERVER, Segment.udp(4_000, 53));
    handle(Zone.INSIDE, tagged);
    assertEquals(1, sessions());

    firewall = firewall(FirewallConfig.of(BackupConfig.hotStandby(), 1).withVlanVsys(true));
    handle(Zone.INSIDE, tagged);

    assertEquals(2, sessions());
  }

  @Test
  void aParkedPacketIsCountedWhenItExpires() {
    firewall = firewall(FirewallConfig.of(BackupConfig.hotStandby(), 1).withParking(true));

    assertEquals(Disposition.PARKED, handle(Zone.OUTSIDE, SERVER, CLIENT, Segment.udp(53, 4_000)));
    assertEquals(1, firewall.parkedCount());
    pass(20_000_000);

    assertEquals(0, firewall.parkedCount());
    assertEquals(1, firewall.counters().dropped(ProtocolClass.UDP, DropReason.PARK_EXPIRED));
  }

  @Test
  void malformedPacketsAndWhatHasNoSessionAreIgnoredAndCounted() {
    byte[] cut = PacketBuilder.between(CLIENT, SERVER).carry(Segment.udp(4_000, 53)).frame();
    cut[14] = 0x43; // a header length below 20

    assertEquals(Disposition.IGNORED, handle(Zone.INSIDE, cut));
    assertEquals(Disposition.IGNORED, handle(Zone.INSIDE, new byte[60]));

    assertFalse(firewall.isMatched());
    assertEquals(1, firewall.counters().get(FirewallCounters.Total.MALFORMED));
    assertEquals(1, firewall.counters().get(FirewallCounters.Total.WITHOUT_SESSION));
  }
}
