package io.understudy.testkit.packet;

import java.util.Objects;

/**
 * One packet as a firewall sees it: a reusable view of a frame, filled by {@link PacketReader}.
 *
 * <p>Only the outermost IP header is decoded. What a packet does not have reads as 0, or as false; a {@link
 * Kind#MALFORMED} packet promises nothing but {@link #malformedReason()} and the raw bytes.
 *
 * <p>Shape: indexes into the frame and a few decoded numbers; nothing is copied and nothing is allocated per packet.
 * The frame is borrowed: the view is good until the next packet is read into it or its buffer is written again.
 * <p>Units: offsets and lengths are bytes, offsets count from the start of the frame; an IPv4 address is the low 32
 * bits of its low half, the high half is 0.
 * <p>Thread: one at a time.
 */
public final class Packet {
  /** What the outermost network header of a packet is. */
  public enum Kind {
    /** A protocol that carries no IP: ARP, spanning tree, discovery, control. */
    NOT_IP,
    /** It may carry IP, in a way that is not decoded here; see {@link Packet#undecoded()}. */
    UNDECODED,
    /** Counted and skipped, see {@link Packet#malformedReason()}. */
    MALFORMED,
    /** IPv4. */
    IPV4,
    /** IPv6. */
    IPV6
  }

  /** The protocol number of ICMP. */
  public static final int ICMP = 1;

  /** The protocol number of TCP. */
  public static final int TCP = 6;

  /** The protocol number of UDP. */
  public static final int UDP = 17;

  /** The protocol number of ICMPv6. */
  public static final int ICMPV6 = 58;

  /** The protocol number of SCTP. */
  public static final int SCTP = 132;

  private static final byte[] NO_BYTES = {};

  // indexes are absolute in bytes; only the public accessors count from the start of the frame
  byte[] bytes = NO_BYTES;
  int start;
  int captureEnd;
  int wireEnd; // where the frame ended on the wire, beyond captureEnd if the snap length cut it
  int packetEnd; // where the IP packet ends: before link padding, possibly beyond captureEnd
  int ipAt;
  int payloadAt;
  int payloadEnd;
  int tagsAt;
  int vlanCount;
  int protocol;
  int sourcePort;
  int destinationPort;
  boolean moreFragments;
  boolean laterFragment;
  boolean jumbo; // IPv6 without a payload length
  int linkNumber = -1; // of the capture, for link types that have no decoder
  long sourceHigh;
  long sourceLow;
  long destinationHigh;
  long destinationLow;

  private final TcpHeader tcp = new TcpHeader(this);
  private final IcmpHeader icmp = new IcmpHeader(this);
  private final SctpChunks sctp = new SctpChunks(this);
  private long timestampNs;
  private Kind kind = Kind.NOT_IP;
  private MalformedReason reason = MalformedReason.NONE;
  private Undecoded undecoded = Undecoded.NONE;
  private int undecodedNumber;

  /**
   * Points the view at a frame, still undecoded; see {@link PacketReader#read}.
   *
   * @param originalLength bytes on the wire; one below {@code capturedLength} is raised to it
   * @throws IllegalArgumentException if the range is not inside {@code frame}
   */
  public Packet wrap(
      byte[] frame, int offset, int capturedLength, int originalLength, long timestampNs) {
    if (offset < 0 || capturedLength < 0 || capturedLength > frame.length - offset) {
      throw new IllegalArgumentException(
          "frame of "
              + capturedLength
              + " bytes at "
              + offset
              + " is outside of an array of "
              + frame.length);
    }
    bytes = frame;
    start = offset;
    captureEnd = offset + capturedLength;
    wireEnd =
        (int) Math.min(Integer.MAX_VALUE, (long) offset + Math.max(capturedLength, originalLength));
    this.timestampNs = timestampNs;
    clear();
    return this;
  }

  private void clear() {
    kind = Kind.NOT_IP;
    reason = MalformedReason.NONE;
    undecoded = Undecoded.NONE;
    undecodedNumber = 0;
    packetEnd = ipAt = payloadAt = payloadEnd = captureEnd;
    tagsAt = start;
    vlanCount = 0;
    protocol = 0;
    sourcePort = 0;
    destinationPort = 0;
    moreFragments = false;
    laterFragment = false;
    jumbo = false;
    sourceHigh = 0;
    sourceLow = 0;
    destinationHigh = 0;
    destinationLow = 0;
    tcp.clear();
    icmp.clear();
    sctp.clear();
  }

  void decodedAs(Kind decoded) {
    kind = decoded;
  }

  /** The packet may carry IP, in something that is not decoded here. */
  void leave(Undecoded layer, int number) {
    kind = Kind.UNDECODED;
    undecoded = layer;
    undecodedNumber = number;
  }

  void reject(MalformedReason why) {
    kind = Kind.MALFORMED;
    reason = why;
  }

  /** Where the bytes end that are both in the packet and in the capture. */
  int readableEnd() {
    return Math.min(packetEnd, captureEnd);
  }

  /** When the packet was recorded, in nanoseconds since 1970. */
  public long timestampNs() {
    return timestampNs;
  }

  /** How many bytes of the frame are in the capture. */
  public int capturedLength() {
    return captureEnd - start;
  }

  /** How many bytes the frame had on the wire. */
  public int originalLength() {
    return wireEnd - start;
  }

  /** What the outermost network header is. */
  public Kind kind() {
    return kind;
  }

  /** Why the packet is malformed, {@link MalformedReason#NONE} if it is not. */
  public MalformedReason malformedReason() {
    return reason;
  }

  /** In which layer decoding ended although IP may follow, {@link Undecoded#NONE} if it did not. */
  public Undecoded undecoded() {
    return undecoded;
  }

  /** The number of that layer's protocol, for {@link Undecoded#name}. */
  public int undecodedNumber() {
    return undecodedNumber;
  }

  /** Whether this is an IP packet in good order. */
  public boolean isIp() {
    return kind == Kind.IPV4 || kind == Kind.IPV6;
  }

  /** Whether this is an IPv6 packet in good order. */
  public boolean isIpv6() {
    return kind == Kind.IPV6;
  }

  /** The number of VLAN tags. */
  public int vlanCount() {
    return vlanCount;
  }

  /** The id in a VLAN tag, the outermost first. */
  public int vlanId(int index) {
    return Bytes.u16(bytes, tagsAt + 4 * Objects.checkIndex(index, vlanCount)) & 0xfff;
  }

  /** The IP protocol; in IPv6 the first next-header number that is no extension header, to which AH belongs there. */
  public int protocol() {
    return protocol;
  }

  /** The first eight bytes of the IPv6 source address. */
  public long sourceHigh() {
    return sourceHigh;
  }

  /** The last eight bytes of the IPv6 source address, or the IPv4 source address. */
  public long sourceLow() {
    return sourceLow;
  }

  /** The first eight bytes of the IPv6 destination address. */
  public long destinationHigh() {
    return destinationHigh;
  }

  /** The last eight bytes of the IPv6 destination address, or the IPv4 destination address. */
  public long destinationLow() {
    return destinationLow;
  }

  /** Whether the destination is 224.0.0.0/4, ff00::/8 or 255.255.255.255. */
  public boolean isMulticastOrBroadcastDestination() {
    return switch (kind) {
      case IPV4 -> destinationLow >>> 28 == 0xe || destinationLow == 0xffff_ffffL;
      case IPV6 -> destinationHigh >>> 56 == 0xff;
      case NOT_IP, UNDECODED, MALFORMED -> false;
    };
  }

  /** Whether the packet carries ports: TCP, UDP or SCTP, and no later fragment. */
  public boolean hasPorts() {
    return isIp() && !isLaterFragment() && (protocol == TCP || protocol == UDP || protocol == SCTP);
  }

  /** The source port of TCP, UDP or SCTP. */
  public int sourcePort() {
    return sourcePort;
  }

  /** The destination port of TCP, UDP or SCTP. */
  public int destinationPort() {
    return destinationPort;
  }

  /** Whether this is a part of a packet. A fragment header on a whole IPv6 packet makes no fragment. */
  public boolean isFragment() {
    return moreFragments || laterFragment;
  }

  /** Whether this is the beginning of a packet that goes on in other fragments. */
  public boolean isFirstFragment() {
    return moreFragments && !laterFragment;
  }

  /** Whether this is a fragment that does not begin its packet: it has neither ports nor a transport header. */
  public boolean isLaterFragment() {
    return laterFragment;
  }

  /** Where the outermost IP header begins. */
  public int ipOffset() {
    return ipAt - start;
  }

  /** Where the payload of the transport header begins; without one known here, that of the IP headers. */
  public int payloadOffset() {
    return payloadAt - start;
  }

  /** The length of the payload by the length fields of the packet, whether captured or not. */
  public int payloadLength() {
    return payloadEnd - payloadAt;
  }

  /** How many bytes of the payload are in the capture. */
  public int capturedPayloadLength() {
    return Math.max(0, Math.min(payloadEnd, captureEnd) - payloadAt);
  }

  /** The TCP header; it is absent from other packets. */
  public TcpHeader tcp() {
    return tcp;
  }

  /** The ICMP or ICMPv6 header; it is absent from other packets. */
  public IcmpHeader icmp() {
    return icmp;
  }

  /** The SCTP header and its chunks; they are absent from other packets. */
  public SctpChunks sctp() {
    return sctp;
  }

  /** The byte at an offset of the captured frame, 0 to 255. */
  public int byteAt(int offset) {
    return Bytes.u8(bytes, start + Objects.checkIndex(offset, capturedLength()));
  }

  /** The two bytes at an offset of the captured frame, in network byte order. */
  public int shortAt(int offset) {
    return Bytes.u16(bytes, start + Objects.checkFromIndexSize(offset, 2, capturedLength()));
  }

  /** The four bytes at an offset of the captured frame, in network byte order. */
  public int intAt(int offset) {
    return Bytes.i32(bytes, start + Objects.checkFromIndexSize(offset, 4, capturedLength()));
  }
}
