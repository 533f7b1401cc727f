package io.understudy.testkit.firewall;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.packet.Packet;
import io.understudy.testkit.packet.QuotedPacket;
import io.understudy.testkit.packet.SctpChunks;
import io.understudy.testkit.packet.TcpHeader;
import io.understudy.track.IcmpPorts;
import io.understudy.track.PacketView;
import io.understudy.track.SctpPaths;

/**
 * From a decoded packet to its key, its session and what the tracker looks at.
 *
 * <p>Thread: the dataplane's. Allocates nothing.
 */
final class PacketLookup {
  private static final int ECHO_REQUEST4 = 8;
  private static final int ECHO_REQUEST6 = 128;

  private final PacketView view = new PacketView();
  private Direction direction = Direction.FORWARD;

  /** What the tracker looks at, after {@link #find}. */
  PacketView view() {
    return view;
  }

  /** The packet's direction as its session sees it, after {@link #find} found one. */
  Direction direction() {
    return direction;
  }

  /** Looks for the session of a packet; the record then holds it, or the packet's key. */
  boolean find(Packet packet, int vsys, SessionTable table, SessionRecord record) {
    key(packet, vsys, record);
    describe(packet);
    if (table.lookup(record)) {
      direction = record.direction();
      return true;
    }
    if (packet.protocol() != IpProtocol.SCTP) {
      return false;
    }
    int announcer = SctpPaths.announcerPort(view, packet.sourcePort(), packet.destinationPort());
    int other = announcer == packet.sourcePort() ? packet.destinationPort() : packet.sourcePort();
    if (!table.lookupTag(record, vsys, announcer, other, SctpPaths.tag(view))) {
      return false;
    }
    direction = SctpPaths.direction(view, record.direction());
    return true;
  }

  /** Looks for the session that an ICMP error is about. */
  boolean findQuoted(QuotedPacket quoted, int vsys, SessionTable table, SessionRecord record) {
    int protocol = quoted.protocol();
    int sourcePort = quoted.sourcePort();
    int destinationPort = quoted.destinationPort();
    if (IpProtocol.isIcmp(protocol)) { // errors answer requests, and those that matter are echoes
      sourcePort = quoted.identifier();
      destinationPort = protocol == IpProtocol.ICMP ? ECHO_REQUEST4 : ECHO_REQUEST6;
    } else if (!IpProtocol.hasPorts(protocol)) {
      sourcePort = 0;
      destinationPort = 0;
    }
    if (quoted.isIpv6()) {
      record.key6(
          vsys,
          protocol,
          quoted.sourceHigh(),
          quoted.sourceLow(),
          sourcePort,
          quoted.destinationHigh(),
          quoted.destinationLow(),
          destinationPort);
    } else {
      record.key4(
          vsys,
          protocol,
          (int) quoted.sourceLow(),
          sourcePort,
          (int) quoted.destinationLow(),
          destinationPort);
    }
    return table.lookup(record);
  }

  private static void key(Packet packet, int vsys, SessionRecord record) {
    int protocol = packet.protocol();
    int sourcePort = packet.hasPorts() ? packet.sourcePort() : 0;
    int destinationPort = packet.hasPorts() ? packet.destinationPort() : 0;
    if (IpProtocol.isIcmp(protocol)) {
      int type = packet.icmp().type();
      int id = packet.icmp().identifier();
      sourcePort = IcmpPorts.sourcePort(protocol, type, id);
      destinationPort = IcmpPorts.destinationPort(protocol, type, id);
    }
    if (packet.isIpv6()) {
      record.key6(
          vsys,
          protocol,
          packet.sourceHigh(),
          packet.sourceLow(),
          sourcePort,
          packet.destinationHigh(),
          packet.destinationLow(),
          destinationPort);
    } else {
      record.key4(
          vsys,
          protocol,
          (int) packet.sourceLow(),
          sourcePort,
          (int) packet.destinationLow(),
          destinationPort);
    }
  }

  private void describe(Packet packet) {
    view.begin(packet.protocol());
    switch (packet.protocol()) {
      case IpProtocol.TCP -> describe(packet.tcp(), packet.payloadLength());
      case IpProtocol.SCTP -> describe(packet.sctp());
      case IpProtocol.ICMP, IpProtocol.ICMPV6 ->
          view.icmp(packet.icmp().type(), packet.icmp().code());
      default -> {} // ports and addresses say it all
    }
  }

  private void describe(TcpHeader tcp, int payloadLength) {
    view.tcp(tcp.flags(), tcp.sequence(), tcp.acknowledgement(), tcp.window(), payloadLength);
    if (tcp.isSyn()) {
      view.tcpOptions(tcp.mss(), tcp.windowScale(), tcp.isSackPermitted(), tcp.hasTimestamps());
    }
  }

  private void describe(SctpChunks chunks) {
    view.sctp(chunks.verificationTag());
    for (int i = 0; i < chunks.count(); i++) {
      view.chunk(chunks.type(i), chunks.flags(i), chunks.initiateTag(i));
    }
  }
}
