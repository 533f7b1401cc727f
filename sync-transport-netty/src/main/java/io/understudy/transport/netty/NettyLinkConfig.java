package io.understudy.transport.netty;

import io.understudy.model.NodeId;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * One link of a member: where it is attached and where the others are.
 *
 * @param local address from which this member dials, and port on which it listens (0: any free one); one port serves
 *     heartbeats and data
 * @param peers the other members on this link. Each dials this member and is dialled by it; port 0: it is not dialled, as
 *     where its port is not known yet. Then nobody here can ask whether its process is gone, and a takeover from it waits for silence
 */
public record NettyLinkConfig(InetSocketAddress local, Map<NodeId, InetSocketAddress> peers) {
  public NettyLinkConfig {
    checkResolved(local);
    if (peers.isEmpty()) {
      throw new IllegalArgumentException("link at " + local + " has no peers");
    }
    peers = Map.copyOf(peers);
    peers.values().forEach(NettyLinkConfig::checkResolved);
    checkDistinct(peers);
  }

  private static void checkDistinct(Map<NodeId, InetSocketAddress> peers) {
    Map<InetSocketAddress, NodeId> nodes = new HashMap<>();
    for (Map.Entry<NodeId, InetSocketAddress> peer : new TreeMap<>(peers).entrySet()) {
      InetSocketAddress address = peer.getValue();
      NodeId other = address.getPort() == 0 ? null : nodes.put(address, peer.getKey());
      if (other != null) {
        throw new IllegalArgumentException(
            "nodes "
                + other
                + " and "
                + peer.getKey()
                + " both have address "
                + address
                + "; whoever answers there is one of them, and the other could never be reached");
      }
    }
  }

  private static void checkResolved(InetSocketAddress address) {
    if (address.isUnresolved()) { // looking it up later would stop the duty cycle
      throw new IllegalArgumentException(
          "address " + address + " could not be resolved; use an IP address");
    }
  }
}
