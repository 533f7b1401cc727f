package io.understudy.testkit.packet;

/**
 * Why a packet is malformed: it is counted by reason and skipped.
 *
 * <p>A wrong checksum is no reason, and neither is a packet cut by the snap length as long as its headers are readable.
 * A header counts as readable when all of it, options included, was captured.
 */
public enum MalformedReason {
  /** The packet is not malformed. */
  NONE,
  /** The header of the link layer, or a VLAN tag, is not wholly in the capture. */
  LINK_HEADER_CUT,
  /** The version nibble contradicts the link layer, or is neither 4 nor 6 where the link layer names no protocol. */
  IP_VERSION,
  /** The fixed IPv4 or IPv6 header, or the IPv4 options, are not wholly in the capture. */
  IP_HEADER_CUT,
  /** The IPv4 header length is below 20. */
  IPV4_HEADER_LENGTH,
  /** The IPv4 total length is below the header length, and not 0. */
  IPV4_TOTAL_LENGTH,
  /** The IP length is larger than the bytes that were on the wire. */
  IP_LENGTH_BEYOND_WIRE,
  /** An IPv6 extension header is not wholly in packet and capture. */
  EXTENSION_HEADER_CUT,
  /** The TCP, UDP, SCTP or ICMP header is not wholly in packet and capture. */
  TRANSPORT_HEADER_CUT,
  /** The TCP data offset is below 5 or beyond the packet. */
  TCP_DATA_OFFSET,
  /** The UDP length is below 8 (and no 0 of a jumbogram) or, unfragmented, beyond the payload. */
  UDP_LENGTH,
  /** The SCTP packet has no chunk. */
  SCTP_NO_CHUNK,
  /** The length of an SCTP chunk is below 4 or beyond the packet. */
  SCTP_CHUNK_LENGTH
}
