package io.understudy.tables.session;

import io.understudy.table.Row;
import io.understudy.track.IcmpPorts;

/**
 * The key in a record's words: the two ends in canonical order, so that both directions of a session have one key.
 *
 * <p>The lower address is the low end; between equal addresses the lower port. Functions without state; any thread.
 */
final class SessionKey {
  private SessionKey() {}

  /** Writes the ends of a packet. Answers whether its source is the high end. */
  static boolean write4(
      long[] words, int source, int sourcePort, int destination, int destinationPort) {
    int order = Integer.compareUnsigned(source, destination);
    boolean sourceIsHigh = order != 0 ? order > 0 : sourcePort > destinationPort;
    long low = (sourceIsHigh ? destination : source) & 0xFFFFFFFFL;
    long high = (sourceIsHigh ? source : destination) & 0xFFFFFFFFL;
    words[Row.PAYLOAD] = low << 32 | high;
    writePorts(words, Row.PAYLOAD + 1, sourceIsHigh, sourcePort, destinationPort);
    return sourceIsHigh;
  }

  /** Writes the ends of a packet. Answers whether its source is the high end. */
  static boolean write6(
      long[] words,
      long sourceHigh,
      long sourceLow,
      int sourcePort,
      long destinationHigh,
      long destinationLow,
      int destinationPort) {
    int order = Long.compareUnsigned(sourceHigh, destinationHigh);
    order = order != 0 ? order : Long.compareUnsigned(sourceLow, destinationLow);
    boolean sourceIsHigh = order != 0 ? order > 0 : sourcePort > destinationPort;
    int source = Row.PAYLOAD + (sourceIsHigh ? 2 : 0);
    int destination = Row.PAYLOAD + (sourceIsHigh ? 0 : 2);
    words[source] = sourceHigh;
    words[source + 1] = sourceLow;
    words[destination] = destinationHigh;
    words[destination + 1] = destinationLow;
    writePorts(words, Row.PAYLOAD + 4, sourceIsHigh, sourcePort, destinationPort);
    return sourceIsHigh;
  }

  private static void writePorts(
      long[] words, int tuple, boolean sourceIsHigh, int sourcePort, int destinationPort) {
    requireFits("source port", sourcePort, 0xFFFF);
    requireFits("destination port", destinationPort, 0xFFFF);
    long low = sourceIsHigh ? destinationPort : sourcePort;
    long high = sourceIsHigh ? sourcePort : destinationPort;
    words[tuple] = low << SessionLayout.LOW_PORT | high << SessionLayout.HIGH_PORT;
  }

  /** The ends are in order: any other key is found by no packet. */
  static boolean isCanonical(long[] words, int key, boolean ipv6) {
    int order;
    if (ipv6) {
      order = Long.compareUnsigned(words[key], words[key + 2]);
      order = order != 0 ? order : Long.compareUnsigned(words[key + 1], words[key + 3]);
    } else {
      order = Integer.compareUnsigned((int) (words[key] >>> 32), (int) words[key]);
    }
    long ports = words[key + (ipv6 ? 4 : 1)];
    long low = ports >>> SessionLayout.LOW_PORT & 0xFFFF;
    long high = ports >>> SessionLayout.HIGH_PORT & 0xFFFF;
    return order < 0 || order == 0 && low <= high;
  }

  /** Adds what both ends share to the word with the ports. */
  static void writeCommon(long[] words, int tuple, int vsys, int protocol) {
    requireFits("vsys", vsys, 0xFFFF);
    requireFits("protocol", protocol, 0xFF);
    words[tuple] |= (long) protocol << SessionLayout.PROTOCOL | (long) vsys << SessionLayout.VSYS;
  }

  static void requireQuery(int protocol, int type) {
    if (IcmpPorts.requestType(protocol, type) == IcmpPorts.NO_QUERY) {
      throw new IllegalArgumentException(
          "ICMP type " + type + " is no query; it has no session of its own");
    }
  }

  static void requireFits(String name, long value, long most) {
    if (value < 0 || value > most) {
      throw new IllegalArgumentException(name + " is " + value + ", allowed are 0 to " + most);
    }
  }
}
