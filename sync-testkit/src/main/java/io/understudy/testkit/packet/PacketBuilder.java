package io.understudy.testkit.packet;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds valid frames: Ethernet, VLAN tags, IPv4 or IPv6, and a {@link Segment}, with right lengths and checksums.
 *
 * <p>The addresses decide between IPv4 and IPv6. A builder can build again and again, also after more was set.
 *
 * <p>Thread: one at a time.
 * <p>Errors: {@link IllegalArgumentException} for what no packet can hold.
 */
public final class PacketBuilder {
  private static final byte[] MACS = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1}; // destination, source
  private static final int IPV4_HEADER = 20;
  private static final int IPV6_HEADER = 40;
  private static final int LENGTH_LIMIT = 0xffff;

  private record Extension(int header, byte[] body) {}

  private final byte[] source;
  private final byte[] destination;
  private final List<Integer> tags = new ArrayList<>();
  private final List<Extension> extensions = new ArrayList<>();
  private Segment segment = Segment.other(59); // nothing follows
  private int timeToLive = 64;
  private int identification;

  private PacketBuilder(byte[] source, byte[] destination) {
    boolean fits =
        source.length == destination.length && (source.length == 4 || source.length == 16);
    if (!fits) {
      throw new IllegalArgumentException(
          "addresses of "
              + source.length
              + " and "
              + destination.length
              + " bytes are not both 4 or both 16");
    }
    this.source = source.clone();
    this.destination = destination.clone();
  }

  /** A packet between two addresses, written as numbers: names are not looked up. */
  public static PacketBuilder between(String source, String destination) {
    return new PacketBuilder(address(source), address(destination));
  }

  /** A packet between two addresses of 4 or 16 bytes. */
  public static PacketBuilder between(byte[] source, byte[] destination) {
    return new PacketBuilder(source, destination);
  }

  private static byte[] address(String text) {
    boolean ipv4 = text.matches("(\\d{1,3}\\.){3}\\d{1,3}");
    if (ipv4) {
      return ipv4Address(text);
    }
    if (text.indexOf(':') < 0) { // with a colon in it, Java looks nothing up
      throw new IllegalArgumentException("'" + text + "' is no IP address");
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("'" + text + "' is no IP address", e);
    }
  }

  private static byte[] ipv4Address(String text) {
    byte[] address = new byte[4];
    String[] parts = text.split("\\.");
    for (int i = 0; i < 4; i++) {
      int part = Integer.parseInt(parts[i]);
      if (part > 255) {
        throw new IllegalArgumentException(
            "'" + text + "' is no IP address: " + part + " is above 255");
      }
      address[i] = (byte) part;
    }
    return address;
  }

  /** Adds a VLAN tag inside those that are there. */
  public PacketBuilder vlan(int id) {
    return tag(0x8100, id);
  }

  /** Adds a VLAN tag of another tag type inside those that are there. */
  public PacketBuilder tag(int type, int id) {
    tags.add(type << 16 | id & 0xfff);
    return this;
  }

  /** Sets the time to live, or hop limit; 64 by default. */
  public PacketBuilder timeToLive(int hops) {
    timeToLive = hops;
    return this;
  }

  /** Sets the identification that fragments share; 0 by default. */
  public PacketBuilder identification(int id) {
    identification = id;
    return this;
  }

  /** Adds an IPv6 extension header; its body comes after next header and length and is padded with zeros. */
  public PacketBuilder extension(int header, byte... body) {
    if (source.length == 4) {
      throw new IllegalArgumentException("extension header " + header + " in an IPv4 packet");
    }
    int length = header == IpHeaders.FRAGMENT ? 8 : Math.max(8, body.length + 2 + 7 & ~7);
    extensions.add(new Extension(header, Arrays.copyOf(body, length - 2)));
    return this;
  }

  /** Sets what the packet carries. */
  public PacketBuilder carry(Segment content) {
    segment = content;
    return this;
  }

  /** The Ethernet frame. */
  public byte[] frame() {
    return framed(ipPacket());
  }

  /** The IP packet alone, for link types without a header. */
  public byte[] ipPacket() {
    return packet(payload(), 0, false, false);
  }

  /** The Ethernet frames of the packet in fragments whose payload has the given length, a multiple of eight. */
  public List<byte[]> fragments(int length) {
    if (length < 8 || length % 8 != 0) {
      throw new IllegalArgumentException(
          "fragment length " + length + " is no positive multiple of 8");
    }
    byte[] payload = payload();
    List<byte[]> frames = new ArrayList<>();
    for (int from = 0; from < payload.length; from += length) {
      int to = Math.min(payload.length, from + length);
      frames.add(
          framed(packet(Arrays.copyOfRange(payload, from, to), from, to < payload.length, true)));
    }
    return frames;
  }

  private byte[] payload() {
    long addressSum =
        Bytes.sum(source, 0, source.length) + Bytes.sum(destination, 0, destination.length);
    return segment.encode(source.length == 16, addressSum);
  }

  private byte[] framed(byte[] packet) {
    byte[] frame = new byte[MACS.length + 4 * tags.size() + 2 + packet.length];
    System.arraycopy(MACS, 0, frame, 0, MACS.length);
    int at = MACS.length;
    for (int tag : tags) {
      Bytes.put32(frame, at, tag);
      at += 4;
    }
    Bytes.put16(frame, at, source.length == 16 ? 0x86dd : 0x0800);
    System.arraycopy(packet, 0, frame, at + 2, packet.length);
    return frame;
  }

  private byte[] packet(byte[] payload, int offset, boolean more, boolean fragment) {
    return source.length == 4 ? ipv4(payload, offset, more) : ipv6(payload, offset, more, fragment);
  }

  private byte[] ipv4(byte[] payload, int offset, boolean more) {
    byte[] packet = new byte[checkedLength(IPV4_HEADER + payload.length)];
    packet[0] = 0x45;
    Bytes.put16(packet, 2, packet.length);
    Bytes.put16(packet, 4, identification);
    Bytes.put16(packet, 6, offset / 8 | (more ? 0x2000 : 0));
    packet[8] = (byte) timeToLive;
    packet[9] = (byte) segment.protocol(false);
    System.arraycopy(source, 0, packet, 12, 4);
    System.arraycopy(destination, 0, packet, 16, 4);
    Bytes.put16(packet, 10, Bytes.checksum(Bytes.sum(packet, 0, IPV4_HEADER)));
    System.arraycopy(payload, 0, packet, IPV4_HEADER, payload.length);
    return packet;
  }

  private byte[] ipv6(byte[] payload, int offset, boolean more, boolean fragment) {
    List<Extension> headers = new ArrayList<>(extensions);
    if (fragment) {
      byte[] body = new byte[6];
      Bytes.put16(body, 0, offset | (more ? 1 : 0));
      Bytes.put32(body, 2, identification);
      headers.add(new Extension(IpHeaders.FRAGMENT, body));
    }
    int extensionBytes = headers.stream().mapToInt(header -> header.body().length + 2).sum();
    int payloadLength = checkedLength(extensionBytes + payload.length);
    byte[] packet = new byte[IPV6_HEADER + payloadLength];
    packet[0] = 0x60;
    Bytes.put16(packet, 4, payloadLength);
    packet[7] = (byte) timeToLive;
    System.arraycopy(source, 0, packet, 8, 16);
    System.arraycopy(destination, 0, packet, 24, 16);
    int nextHeaderAt = 6;
    int at = IPV6_HEADER;
    for (Extension header : headers) {
      packet[nextHeaderAt] = (byte) header.header();
      nextHeaderAt = at;
      if (header.header() != IpHeaders.FRAGMENT) {
        packet[at + 1] = (byte) ((header.body().length + 2) / 8 - 1);
      }
      System.arraycopy(header.body(), 0, packet, at + 2, header.body().length);
      at += header.body().length + 2;
    }
    packet[nextHeaderAt] = (byte) segment.protocol(true);
    System.arraycopy(payload, 0, packet, at, payload.length);
    return packet;
  }

  private static int checkedLength(int length) {
    if (length > LENGTH_LIMIT) {
      throw new IllegalArgumentException(
          "packet of " + length + " bytes exceeds the limit of " + LENGTH_LIMIT);
    }
    return length;
  }
}
