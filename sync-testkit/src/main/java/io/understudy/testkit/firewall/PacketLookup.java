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
 * <p>An SCTP association may have addresses of both families: a packet that finds no session by its own addresses is looked for by
 * its tag in the table of its own family, then of the other one.
 *
 * <p>Thread: the dataplane's. Allocates nothing.
 */
final class PacketLookup {
  private final PacketView view = new PacketView();
  private final Family ipv4;
  private final Family ipv6;
  private Direction direction = Direction.FORWARD;

  PacketLookup(Family ipv4, Family ipv6) {
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
  }

  /** What the tracker looks at, after {@link #find}. */
  PacketView view() {
    return view;
  }

  /** The packet's direction as its session sees it, after {@link #find} found one. */
  Direction direction() {
    return direction;
  }

  /**
   * Looks for the session of a packet; one whose time is over ends now, and is not found.
   *
   * @return in whose table it is, with its record filled; {@code null}: in none, and the record of the packet's own family holds the
   *     packet's key
   */
  Family find(Packet packet, int vsys, long nowNs) {
    Family own = packet.isIpv6() ? ipv6 : ipv4;
    boolean isThere = find(packet, vsys, own.table, own.record);
    if (isThere && isOfAnotherTag(own.record)) {
      Family tagged = findByTag(packet, vsys, nowNs);
      if (tagged != null) {
        return tagged;
      }
      isThere = find(packet, vsys, own.table, own.record); // its addresses are all there is
    }
    if (isThere) {
      if (!own.upkeep.endIfIdle(own.record, nowNs)) {
        return own;
      }
      find(packet, vsys, own.table, own.record); // the record was the session's
      return null;
    }
    Family other = other(own);
    boolean found = findByTag(packet, vsys, other.table, other.record);
    return found && !other.upkeep.endIfIdle(other.record, nowNs) ? other : null;
  }

  /** The addresses are those of an association, and the tag is none of its two: another one runs on this path by now. */
  private boolean isOfAnotherTag(SessionRecord record) {
    int tag = record.protocol() == IpProtocol.SCTP ? SctpPaths.tag(view) : 0;
    return tag != 0 && tag != record.isn(Direction.FORWARD) && tag != record.isn(Direction.REVERSE);
  }

  /** The association of an SCTP packet by its tag, in either table; {@code null}: none that lives. */
  private Family findByTag(Packet packet, int vsys, long nowNs) {
    Family family = findByTag(packet, vsys, ipv4.table, ipv4.record) ? ipv4 : ipv6;
    if (family == ipv6 && !findByTag(packet, vsys, ipv6.table, ipv6.record)) {
      return null;
    }
    return family.upkeep.endIfIdle(family.record, nowNs) ? null : family;
  }

  private Family other(Family family) {
    return family == ipv4 ? ipv6 : ipv4;
  }

  /** Looks for the session that an ICMP error is about, as {@link #find}. */
  Family findQuoted(QuotedPacket quoted, int vsys, long nowNs) {
    Family own = quoted.isIpv6() ? ipv6 : ipv4;
    Family found = own;
    if (!findQuoted(quoted, vsys, own.table, own.record)) {
      found = other(own);
      if (!findQuotedByTag(quoted, vsys, found.table, found.record)) {
        return null;
      }
    }
    return found.upkeep.endIfIdle(found.record, nowNs) ? null : found;
  }

  /** Looks for the session of a packet; the record then holds it, or the packet's key. */
  private boolean find(Packet packet, int vsys, SessionTable table, SessionRecord record) {
    key(packet, vsys, record);
    describe(packet);
    if (table.lookup(record)) {
      direction = record.direction();
      return true;
    }
    return findByTag(packet, vsys, table, record);
  }

  /** The association of an SCTP packet by its tag, after {@link #find}; in the table of the other family the record is that one's. */
  private boolean findByTag(Packet packet, int vsys, SessionTable table, SessionRecord record) {
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
  private boolean findQuoted(
      QuotedPacket quoted, int vsys, SessionTable table, SessionRecord record) {
    int protocol = quoted.protocol();
    int sourcePort = quoted.sourcePort();
    int destinationPort = quoted.destinationPort();
    if (IpProtocol.isIcmp(protocol)) {
      int type = quoted.icmpType();
      if (IcmpPorts.requestType(protocol, type) == IcmpPorts.NO_QUERY) {
        return false;
      }
      sourcePort = IcmpPorts.sourcePort(protocol, type, quoted.identifier());
      destinationPort = IcmpPorts.destinationPort(protocol, type, quoted.identifier());
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
    return table.lookup(record) || findQuotedByTag(quoted, vsys, table, record);
  }

  /** The quoted packet was on a secondary path of an association. */
  private boolean findQuotedByTag(
      QuotedPacket quoted, int vsys, SessionTable table, SessionRecord record) {
    int from = quoted.sourcePort();
    int to = quoted.destinationPort();
    int tag = quoted.verificationTag();
    return table.lookupTag(record, vsys, to, from, tag)
        || table.lookupTag(record, vsys, from, to, tag); // its sender may have returned the tag
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
      case IpProtocol.TCP ->
          describe(
              packet.tcp(),
              packet.isFirstFragment() ? PacketView.UNKNOWN_LENGTH : packet.payloadLength());
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
