package io.understudy.backup;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Collection;

/**
 * The addresses of the firewall itself: sessions from or to them are local and never backed up.
 * They are those of the node, the virtual ones, and the peers' on the sync link.
 *
 * <p>Shape: immutable arrays, searched one by one: a node has few addresses, and a session is
 * looked at once.
 * <p>Units: an IPv4 address is an {@code int}, an IPv6 address two {@code long}s, in network order.
 * <p>Thread: any. The questions allocate nothing.
 */
public final class NodeAddresses {
  private final int[] addresses4;
  private final long[] addresses6;

  private NodeAddresses(int[] addresses4, long[] addresses6) {
    this.addresses4 = addresses4;
    this.addresses6 = addresses6;
  }

  public static NodeAddresses of(Collection<InetAddress> addresses) {
    int[] addresses4 =
        addresses.stream()
            .filter(Inet4Address.class::isInstance)
            .mapToInt(address -> ByteBuffer.wrap(address.getAddress()).getInt())
            .toArray();
    long[] addresses6 =
        addresses.stream()
            .filter(address -> !(address instanceof Inet4Address))
            .map(address -> ByteBuffer.wrap(address.getAddress()))
            .flatMapToLong(
                bytes -> java.util.stream.LongStream.of(bytes.getLong(0), bytes.getLong(8)))
            .toArray();
    return new NodeAddresses(addresses4, addresses6);
  }

  public boolean contains4(int address) {
    for (int own : addresses4) {
      if (own == address) {
        return true;
      }
    }
    return false;
  }

  public boolean contains6(long high, long low) {
    for (int i = 0; i < addresses6.length; i += 2) {
      if (addresses6[i] == high && addresses6[i + 1] == low) {
        return true;
      }
    }
    return false;
  }

  /** A session to this address is multicast or broadcast: 224.0.0.0/4 or 255.255.255.255. */
  public static boolean isMulticast4(int address) {
    return address >>> 28 == 0xE || address == 0xFFFFFFFF;
  }

  /** A session to an address that starts like this is multicast: ff00::/8. */
  public static boolean isMulticast6(long high) {
    return high >>> 56 == 0xFF;
  }
}
