package io.understudy.transport.netty;

import io.understudy.config.SyncConfig;
import io.understudy.model.NodeId;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Settings of a {@link NettyTransport}.
 *
 * @param node this member
 * @param links 1 to 4 of them, as many to each peer as {@link SyncConfig#links} says; their order gives their numbers, which must be
 *     the same at all members
 * @param backOffMin 1 ms to 1 min, default 10 ms: first wait before dialling again; when a connection that the nodes had
 *     agreed on has ended, the first dial does not wait. Shorter finds a returned peer sooner
 * @param backOffMax up to 10 min, default 200 ms: the wait doubles up to here; also how long the peer's host may take to
 *     answer a dial, so that a path that heals is found within this time. Keep it above the round trip
 * @param connectTimeout 10 ms to 1 min, default 2 s: how long a new connection may take until the peer's process has
 *     said who it is
 * @param silenceTimeout 1 s to 1 h, default 10 s: how long the kernel keeps a connection whose peer does not acknowledge
 *     (with epoll; otherwise the system's defaults). The node's heartbeats notice long before
 * @param dataBufferBytes 128 KiB to 1 GiB, default 4 MiB: what a data connection takes before it answers FULL. More
 *     hides stalls of the network and lets entries wait here instead of being absorbed in the table
 * @param heartbeatBufferBytes 64 KiB to 1 GiB, default 256 KiB: the same for a heartbeat connection
 * @param insecurePlaintext must be set to true: encryption is not there yet, so whoever reaches the link reads and
 *     writes the tables
 */
public record NettyTransportConfig(
    NodeId node,
    List<NettyLinkConfig> links,
    Duration backOffMin,
    Duration backOffMax,
    Duration connectTimeout,
    Duration silenceTimeout,
    int dataBufferBytes,
    int heartbeatBufferBytes,
    boolean insecurePlaintext) {
  /** The largest frame, fixed by the wire. */
  static final int MAX_FRAME_BYTES = 65536;

  public NettyTransportConfig {
    links = List.copyOf(links);
    check("links", links.size(), 1, SyncConfig.MAX_LINKS);
    check("backOffMin", backOffMin, Duration.ofMillis(1), Duration.ofMinutes(1));
    check("backOffMax", backOffMax, backOffMin, Duration.ofMinutes(10));
    check("connectTimeout", connectTimeout, Duration.ofMillis(10), Duration.ofMinutes(1));
    check("silenceTimeout", silenceTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
    check("dataBufferBytes", dataBufferBytes, 128 << 10, 1 << 30);
    check("heartbeatBufferBytes", heartbeatBufferBytes, 64 << 10, 1 << 30);
    checkPeers(node, links);
    if (!insecurePlaintext) {
      throw new IllegalArgumentException(
          "insecurePlaintext is false, but this transport cannot encrypt yet: set insecurePlaintext(true) where the"
              + " link is a cable or a network that nobody else reaches");
    }
  }

  public static Builder builder(NodeId node) {
    return new Builder(node);
  }

  private static void checkPeers(NodeId node, List<NettyLinkConfig> links) {
    for (int link = 0; link < links.size(); link++) {
      for (Map.Entry<NodeId, InetSocketAddress> peer : links.get(link).peers().entrySet()) {
        if (peer.getKey().equals(node)) {
          throw new IllegalArgumentException(
              "link " + link + " names node " + node + " as its own peer");
        }
        if (link > 0 && !links.get(link - 1).peers().containsKey(peer.getKey())) {
          throw new IllegalArgumentException(
              "link "
                  + link
                  + " leads to node "
                  + peer.getKey()
                  + ", but link "
                  + (link - 1)
                  + " does not; a peer is on link 0 and on each that follows, up to its last");
        }
      }
    }
  }

  private static void check(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " " + value + " is outside " + min + ".." + max);
    }
  }

  private static void check(String name, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(name + " " + value + " is outside " + min + ".." + max);
    }
  }

  /** Collects settings; opens nothing. */
  public static final class Builder {
    private final NodeId node;
    private final List<NettyLinkConfig> links = new ArrayList<>();
    private Duration backOffMin = Duration.ofMillis(10);
    private Duration backOffMax = Duration.ofMillis(200);
    private Duration connectTimeout = Duration.ofSeconds(2);
    private Duration silenceTimeout = Duration.ofSeconds(10);
    private int dataBufferBytes = 4 << 20;
    private int heartbeatBufferBytes = 256 << 10;
    private boolean insecurePlaintext;

    private Builder(NodeId node) {
      this.node = Objects.requireNonNull(node, "node");
    }

    /** Adds the next link. */
    public Builder link(InetSocketAddress local, Map<NodeId, InetSocketAddress> peers) {
      links.add(new NettyLinkConfig(local, peers));
      return this;
    }

    public Builder backOff(Duration min, Duration max) {
      backOffMin = min;
      backOffMax = max;
      return this;
    }

    public Builder connectTimeout(Duration timeout) {
      connectTimeout = timeout;
      return this;
    }

    public Builder silenceTimeout(Duration timeout) {
      silenceTimeout = timeout;
      return this;
    }

    public Builder buffers(int dataBytes, int heartbeatBytes) {
      dataBufferBytes = dataBytes;
      heartbeatBufferBytes = heartbeatBytes;
      return this;
    }

    public Builder insecurePlaintext(boolean insecure) {
      insecurePlaintext = insecure;
      return this;
    }

    public NettyTransportConfig build() {
      return new NettyTransportConfig(
          node,
          links,
          backOffMin,
          backOffMax,
          connectTimeout,
          silenceTimeout,
          dataBufferBytes,
          heartbeatBufferBytes,
          insecurePlaintext);
    }
  }
}
