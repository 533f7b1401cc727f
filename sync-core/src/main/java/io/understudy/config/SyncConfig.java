package io.understudy.config;

import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All settings of one node. Building one opens nothing and starts nothing.
 *
 * <p>Errors: a bad value fails where it is written, a bad combination in {@link Builder#build}; both name setting, value and
 * range.
 */
public final class SyncConfig {
  /** Links that there may be to each peer. */
  public static final int MAX_LINKS = 4;

  private final String cluster;
  private final NodeId node;
  private final List<NodeId> peers;
  private final Map<Integer, Integer> priorities;
  private final List<GroupId> groups;
  private final HeartbeatConfig heartbeat;
  private final StreamConfig stream;
  private final int links;
  private final Duration bootHold;
  private final Duration closeLimit;
  private final byte[] hashKey;

  private SyncConfig(Builder builder) {
    cluster = builder.cluster;
    node = builder.node;
    peers = List.copyOf(builder.peers);
    priorities = Collections.unmodifiableMap(new TreeMap<>(builder.priorities));
    groups = builder.groups.stream().map(GroupId::new).toList();
    heartbeat = builder.heartbeat;
    stream = builder.stream;
    links = builder.links;
    bootHold = builder.bootHold;
    closeLimit = builder.closeLimit;
    hashKey = builder.hashKey == null ? defaultHashKey(cluster) : builder.hashKey.clone();
  }

  /** Settings for this member of this cluster. */
  public static Builder builder(String cluster, NodeId node) {
    return new Builder(cluster, node);
  }

  public String cluster() {
    return cluster;
  }

  public NodeId node() {
    return node;
  }

  /** The other members, in the order of their peer slots. */
  public List<NodeId> peers() {
    return peers;
  }

  /** The groups this member may hold, with its priority for each. */
  public Map<Integer, Integer> priorities() {
    return priorities;
  }

  /** All groups, also those that only others may hold. */
  public List<GroupId> groups() {
    return groups;
  }

  public HeartbeatConfig heartbeat() {
    return heartbeat;
  }

  /**
   * Whether a node may go on with these heartbeats.
   *
   * @throws IllegalArgumentException more than the misses differs, or the claim time is above the boot hold
   */
  public void checkReload(HeartbeatConfig next) {
    HeartbeatConfig sameMisses =
        new HeartbeatConfig(
            heartbeat.interval(),
            next.missesAllowed(),
            next.missesAllowedAlone(),
            heartbeat.batch(),
            heartbeat.confirmation());
    if (!next.equals(sameMisses)) {
      throw new IllegalArgumentException(
          "a node that runs goes on with other misses only; it has "
              + heartbeat
              + ", and was to have "
              + next
              + ". Nothing was changed");
    }
    checkBootHold(next.claimTime(links), bootHold);
  }

  private static void checkBootHold(Duration claimTime, Duration bootHold) {
    if (bootHold.compareTo(claimTime) < 0) {
      throw new IllegalArgumentException(
          "bootHold is "
              + bootHold.toMillis()
              + " ms, below the claim time of "
              + claimTime.toMillis()
              + " ms (heartbeat.interval times the misses allowed): a started member would claim before it could hear the"
              + " holder; raise bootHold to the longest claim time of the cluster");
    }
  }

  public StreamConfig stream() {
    return stream;
  }

  /** Links to each peer. */
  public int links() {
    return links;
  }

  /** How long a started member waits for members that may know more. */
  public Duration bootHold() {
    return bootHold;
  }

  /** How long a close may take to send what is owed. */
  public Duration closeLimit() {
    return closeLimit;
  }

  /** 16 bytes, the same at all members. */
  public byte[] hashKey() {
    return hashKey.clone();
  }

  private static byte[] defaultHashKey(String cluster) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("understudy hash key of " + cluster).getBytes(StandardCharsets.UTF_8));
      return java.util.Arrays.copyOf(digest, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Collects settings. */
  public static final class Builder {
    private final String cluster;
    private final NodeId node;
    private final List<NodeId> peers = new ArrayList<>();
    private final Map<Integer, Integer> priorities = new TreeMap<>();
    private final TreeSet<Integer> groups = new TreeSet<>();
    private HeartbeatConfig heartbeat = HeartbeatConfig.DEFAULT;
    private StreamConfig stream = StreamConfig.DEFAULT;
    private int links = 1;
    private Duration bootHold = Duration.ofSeconds(10);
    private Duration closeLimit = Duration.ofSeconds(2);
    private byte[] hashKey;

    private Builder(String cluster, NodeId node) {
      if (cluster.isEmpty() || cluster.length() > 64) {
        throw new IllegalArgumentException(
            "cluster name \""
                + cluster
                + "\" has "
                + cluster.length()
                + " characters, allowed are 1 to 64");
      }
      this.cluster = cluster;
      this.node = node;
    }

    /** Another member; its peer slot is the number of those named before it. */
    public Builder peer(NodeId peer) {
      if (peer.equals(node) || peers.contains(peer)) {
        throw new IllegalArgumentException(
            "peer "
                + peer
                + " is this member itself or named twice; node ids are unique in a cluster");
      }
      Ranges.check("number of peers", peers.size() + 1L, 1, 7);
      peers.add(peer);
      return this;
    }

    /** A group this member may hold; the highest priority, 1 to 255, holds it first. */
    public Builder group(GroupId group, int priority) {
      Ranges.check("priority of group " + group, priority, 1, 255);
      priorities.put(group.value(), priority);
      groups.add(group.value());
      return this;
    }

    /** A group that only other members may hold. */
    public Builder groupOfOthers(GroupId group) {
      groups.add(group.value());
      return this;
    }

    public Builder heartbeat(HeartbeatConfig value) {
      heartbeat = Objects.requireNonNull(value, "heartbeat");
      return this;
    }

    public Builder stream(StreamConfig value) {
      stream = Objects.requireNonNull(value, "stream");
      return this;
    }

    /** Links (address pairs) to each peer, 1 to 4, default 1: as many as the transport has to each. */
    public Builder links(int value) {
      Ranges.check("links", value, 1, MAX_LINKS);
      links = value;
      return this;
    }

    /**
     * How long a started member without history waits for members that may know more, 0 to 5 min, default 10 s; not below the
     * longest claim time of any member.
     */
    public Builder bootHold(Duration value) {
      Ranges.check("bootHold", value, Duration.ZERO, Duration.ofMinutes(5));
      bootHold = value;
      return this;
    }

    /** How long a close may take to send what is owed and to tell the peers, 0 to 60 s, default 2 s. */
    public Builder closeLimit(Duration value) {
      Ranges.check("closeLimit", value, Duration.ZERO, Duration.ofSeconds(60));
      closeLimit = value;
      return this;
    }

    /**
     * The key of the tables' hash, 16 secret bytes, the same at all members; whoever does not know it cannot pile sessions on one
     * chain. Without it the key is derived from the cluster's name.
     */
    public Builder hashKey(byte[] value) {
      Ranges.check("hashKey.length", value.length, 16, 16);
      hashKey = value.clone();
      return this;
    }

    /** Checks the combination. */
    public SyncConfig build() {
      if (peers.isEmpty()) {
        throw new IllegalArgumentException("no peer is named; a cluster has at least two members");
      }
      if (groups.isEmpty()) {
        throw new IllegalArgumentException("no group is named; every entry belongs to one");
      }
      checkBootHold(heartbeat.claimTime(links), bootHold);
      return new SyncConfig(this);
    }
  }
}
