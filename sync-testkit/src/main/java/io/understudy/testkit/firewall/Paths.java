package io.understudy.testkit.firewall;

import io.understudy.testkit.packet.Packet;
import io.understudy.testkit.packet.SctpChunks;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Forward traffic through one member, return traffic through the other: packets in the direction of their pair's first packet meet
 * member a, the others member b.
 *
 * <p>What has no pair (fragments, ICMP errors, whatever is not IP) meets member a and is no return packet. Of SCTP only packets
 * between the two addresses of an INIT are return packets: a secondary path has a first packet of its own.
 */
public final class Paths {
  private final Map<SessionName, SessionName.Endpoint> firstSources = new HashMap<>();
  private final Set<SessionName> withInit = new HashSet<>();
  private SessionName name;
  private boolean forB;

  /** Where the next packet goes: whether it meets member b. */
  public boolean isForB(Packet packet, int vsys) {
    forB = false;
    name = null;
    if (!SessionName.has(packet)) {
      return false;
    }
    name = SessionName.of(packet, vsys);
    if (packet.sctp().isPresent() && hasInit(packet.sctp())) {
      withInit.add(name);
    }
    SessionName.Endpoint source = SessionName.source(packet);
    SessionName.Endpoint first = firstSources.putIfAbsent(name, source);
    forB = first != null && !first.equals(source);
    return forB;
  }

  /** The packet last asked about counts as return traffic. */
  public boolean isReturn() {
    return forB && isCounted(name);
  }

  /** Packets of this pair that meet member b count as return traffic. */
  public boolean isCounted(SessionName pair) {
    return pair.protocolClass() != ProtocolClass.SCTP || withInit.contains(pair);
  }

  private static boolean hasInit(SctpChunks chunks) {
    for (int i = 0; i < chunks.count(); i++) {
      if (chunks.type(i) == SctpChunks.INIT) {
        return true;
      }
    }
    return false;
  }
}
