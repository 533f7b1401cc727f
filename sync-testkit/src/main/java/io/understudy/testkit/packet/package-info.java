/**
 * Packets: read from capture files, decoded, built and written again.
 *
 * <p>{@link io.understudy.testkit.packet.CaptureReader} takes a capture file apart and fills one reusable {@link
 * io.understudy.testkit.packet.Packet} per call; {@link io.understudy.testkit.packet.PacketReader} does the same for
 * bytes that come from elsewhere. {@link io.understudy.testkit.packet.PacketBuilder} makes valid frames, and {@link
 * io.understudy.testkit.packet.CaptureWriter} writes them down. Nothing here needs anything but the JDK.
 *
 * <p>A packet is decoded as a stateless firewall sees it: link header with any VLAN tags, the outermost IP header, the
 * extension headers of IPv6, the TCP, UDP, SCTP or ICMP header. It is either not IP, undecoded ({@link
 * io.understudy.testkit.packet.Undecoded}), malformed with a {@link io.understudy.testkit.packet.MalformedReason}, or in good
 * order. Whether it belongs to a session, and what that
 * session does next, is left to others, and so are reassembly, inner headers of tunnels, and checksums.
 *
 * <p>Doubtful cases, and how they are decided:
 *
 * <ul>
 *   <li>A first fragment is decoded like the packet it begins. Its transport header, TCP options included, must be in
 *       it; what a UDP length or an SCTP chunk length says about the bytes of later fragments is not checked.
 *   <li>A payload length of 0 before a hop-by-hop header leaves the length to the jumbo payload option. Without
 *       that option, and without a hop-by-hop header, the captured length serves, as for an IPv4 total length of 0: a large
 *       segment, recorded before the card cut it up. A jumbo length beyond the wire is malformed.
 *   <li>IP options, IPv6 extension headers and TCP options belong to their headers: cut by the snap length, they make
 *       the packet malformed. SCTP chunks do not: those that were captured are read.
 *   <li>An ICMP header has eight bytes. ICMP in IPv6, and ICMPv6 in IPv4, are protocols like any other.
 *   <li>AH in IPv6 is walked like an extension header, as Linux and pf do; in IPv4 it is a protocol, and so are mobility, HIP
 *       and Shim6 headers: nothing behind them is looked at.
 *   <li>Up to three bytes behind the last SCTP chunk are no chunk and are passed over.
 * </ul>
 *
 * <p>Reading runs on the thread of who calls, allocates nothing per packet, and holds one record at a time. Read {@code
 * Packet} first, then {@code PacketReader}, {@code IpHeaders} and {@code Transport}.
 */
package io.understudy.testkit.packet;
