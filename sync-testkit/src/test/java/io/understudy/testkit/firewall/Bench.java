package io.understudy.testkit.firewall;

import io.understudy.SyncNode;
import io.understudy.backup.BackupConfig;
import io.understudy.testkit.packet.LinkType;
import io.understudy.testkit.packet.Packet;
import io.understudy.testkit.packet.PacketBuilder;
import io.understudy.testkit.packet.PacketReader;
import io.understudy.testkit.packet.SctpSegment;
import io.understudy.testkit.packet.Segment;

/** A firewall alone, and two ends of one family that speak through it. */
final class Bench {
  static final long START_NS = 1_000_000_000L;

  final SyncNode node;
  final ReferenceFirewall firewall;
  final String client;
  final String server;
  private final int vlan;
  private final Packet packet = new Packet();
  long nowNs = START_NS;

  Bench(boolean ipv6, int vlan, FirewallConfig config) {
    node = LoneNode.started(4_096, START_NS);
    client = ipv6 ? "2001:db8:a::1" : "192.0.2.1";
    server = ipv6 ? "2001:db8:b::1" : "198.51.100.1";
    this.vlan = vlan;
    firewall = new ReferenceFirewall(node, config, new FirewallListener() {});
  }

  Bench(boolean ipv6) {
    this(ipv6, 0, config());
  }

  /** Another firewall on the same sessions: what it knows of them is in the table. */
  Bench(Bench before, FirewallConfig config) {
    node = before.node;
    client = before.client;
    server = before.server;
    vlan = before.vlan;
    nowNs = before.nowNs;
    firewall = new ReferenceFirewall(node, config, new FirewallListener() {});
  }

  static FirewallConfig config() {
    return FirewallConfig.of(BackupConfig.hotStandby(), 1);
  }

  Disposition out(Segment segment) {
    return handle(Zone.INSIDE, client, server, segment);
  }

  Disposition back(Segment segment) {
    return handle(Zone.OUTSIDE, server, client, segment);
  }

  Disposition handle(Zone zone, String from, String to, Segment segment) {
    PacketBuilder builder = PacketBuilder.between(from, to).carry(segment);
    byte[] frame = (vlan == 0 ? builder : builder.vlan(vlan)).frame();
    PacketReader.read(LinkType.ETHERNET, frame, nowNs, packet);
    node.run(nowNs);
    return firewall.handle(packet, zone, nowNs);
  }

  /** Time passes, without a walk through the sessions. */
  void pass(long ns) {
    LoneNode.pass(node, nowNs, nowNs + ns);
    nowNs += ns;
  }

  /** Of the packet handled last. */
  String state() {
    return firewall.session() == null ? null : firewall.session().state().toString();
  }

  long sessions() {
    return firewall.sessions4().liveCount() + firewall.sessions6().liveCount();
  }

  static Segment tcp(boolean out, int flags, int sequence, int acknowledgement) {
    return (out ? Segment.tcp(1_000, 80) : Segment.tcp(80, 1_000))
        .flags(flags)
        .sequence(sequence)
        .acknowledgement(acknowledgement);
  }

  static SctpSegment sctp(boolean out, int tag) {
    return out ? Segment.sctp(1_000, 2_000, tag) : Segment.sctp(2_000, 1_000, tag);
  }
}
