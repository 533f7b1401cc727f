package io.understudy.transport.netty;

import io.understudy.model.NodeId;
import java.net.InetSocketAddress;
import java.util.Map;

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
  }

  private static void checkResolved(InetSocketAddress address) {
    if (address.isUnresolved()) { // looking it up later would stop the duty cycle
      throw new IllegalArgumentException(
          "address " + address + " could not be resolved; use an IP address");
    }
  }
}
