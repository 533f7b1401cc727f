package io.understudy.testkit.firewall;

import io.understudy.model.IpProtocol;
import io.understudy.tables.session.SessionView;
import io.understudy.testkit.packet.Packet;
import io.understudy.track.IcmpPorts;

/**
 * A pair of endpoints as a value, for counting sessions once: the lower end first. For ICMP queries the id is the requester's
 * port and the request's type the responder's; protocols without ports have 0.
 */
public record SessionName(boolean ipv6, int vsys, int protocol, Endpoint low, Endpoint high) {

  /** An address and a port. */
  public record Endpoint(long addressHigh, long addressLow, int port)
      implements Comparable<Endpoint> {
    @Override
    public int compareTo(Endpoint other) {
      int order = Long.compareUnsigned(addressHigh, other.addressHigh);
      order = order != 0 ? order : Long.compareUnsigned(addressLow, other.addressLow);
      return order != 0 ? order : Integer.compare(port, other.port);
    }
  }

  /** The session that was looked up or scanned. */
  public static SessionName of(SessionView session) {
    return of(
        session.isIpv6(),
        session.vsys(),
        session.protocol(),
        new Endpoint(session.originatorHigh(), session.originatorLow(), session.originatorPort()),
        new Endpoint(session.responderHigh(), session.responderLow(), session.responderPort()));
  }

  /** The session of a packet that {@link #has} one. */
  public static SessionName of(Packet packet, int vsys) {
    return of(packet.isIpv6(), vsys, packet.protocol(), source(packet), destination(packet));
  }

  /** Whether a packet belongs to a session by its own addresses: no fragment but the first, no ICMP but queries. */
  public static boolean has(Packet packet) {
    if (!packet.isIp() || packet.isLaterFragment()) {
      return false;
    }
    return !IpProtocol.isIcmp(packet.protocol()) || packet.icmp().isQuery();
  }

  private static SessionName of(
      boolean ipv6, int vsys, int protocol, Endpoint one, Endpoint other) {
    boolean inOrder = one.compareTo(other) <= 0;
    return new SessionName(ipv6, vsys, protocol, inOrder ? one : other, inOrder ? other : one);
  }

  /** The end a packet comes from. */
  public static Endpoint source(Packet packet) {
    return new Endpoint(packet.sourceHigh(), packet.sourceLow(), sourcePort(packet));
  }

  private static Endpoint destination(Packet packet) {
    return new Endpoint(packet.destinationHigh(), packet.destinationLow(), destinationPort(packet));
  }

  private static int sourcePort(Packet packet) {
    if (!IpProtocol.isIcmp(packet.protocol())) {
      return packet.hasPorts() ? packet.sourcePort() : 0;
    }
    return IcmpPorts.sourcePort(
        packet.protocol(), packet.icmp().type(), packet.icmp().identifier());
  }

  private static int destinationPort(Packet packet) {
    if (!IpProtocol.isIcmp(packet.protocol())) {
      return packet.hasPorts() ? packet.destinationPort() : 0;
    }
    return IcmpPorts.destinationPort(
        packet.protocol(), packet.icmp().type(), packet.icmp().identifier());
  }

  public ProtocolClass protocolClass() {
    return ProtocolClass.of(protocol);
  }
}
