package io.understudy;

import io.understudy.config.SyncConfig;
import io.understudy.delta.OutFrame;
import io.understudy.model.NodeId;
import io.understudy.runtime.Entropy;
import io.understudy.runtime.StableStore;
import io.understudy.table.TableSpec;
import io.understudy.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;

/** Collects what a {@link SyncNode} needs. */
public final class SyncNodeBuilder {
  final SyncConfig config;
  final List<TableSpec> specs = new ArrayList<>();
  Transport transport;
  StableStore store;
  Entropy entropy = Entropy.secure();
  SyncListener listener = new SyncListener() {};
  Executor callbacks;
  final Set<Integer> watched = new TreeSet<>();

  SyncNodeBuilder(SyncConfig config) {
    this.config = Objects.requireNonNull(config);
  }

  /** The links to the peers. */
  public SyncNodeBuilder transport(Transport value) {
    transport = Objects.requireNonNull(value);
    return this;
  }

  /** Where terms and the bound of generations survive a restart. */
  public SyncNodeBuilder store(StableStore value) {
    store = Objects.requireNonNull(value);
    return this;
  }

  /** Chance; default the machine's. */
  public SyncNodeBuilder entropy(Entropy value) {
    entropy = Objects.requireNonNull(value);
    return this;
  }

  /** Who is told of arrivals, ends and roles; default nobody. */
  public SyncNodeBuilder listener(SyncListener value) {
    listener = Objects.requireNonNull(value);
    return this;
  }

  /**
   * Who calls the listener; default a thread of the transport's. It may be slow or blocked: nothing of the node waits for it. An executor
   * that rejects is asked again with the next turn; what it rejects at the node's end is told by nobody. A table's entries are told one by one
   * where {@link #watch} asks for it.
   */
  public SyncNodeBuilder callbacks(Executor value) {
    callbacks = Objects.requireNonNull(value);
    return this;
  }

  /** The listener is told of every entry of this table that comes or ends by a peer's word. */
  public SyncNodeBuilder watch(int table) {
    watched.add(table);
    return this;
  }

  /** A table that this node replicates. */
  public SyncNodeBuilder table(TableSpec value) {
    specs.add(Objects.requireNonNull(value));
    return this;
  }

  /**
   * Builds the node and its tables; {@link SyncNode#start} opens the transport.
   *
   * @throws IllegalArgumentException something is missing, or two things do not go together; nothing was opened
   * @throws IllegalStateException the store holds what is no record of this version
   * @throws java.io.UncheckedIOException the store cannot be read or written
   */
  public SyncNode build() {
    if (transport == null || store == null) {
      throw new IllegalArgumentException("a node needs a transport and a stable store");
    }
    checkTables();
    for (int table : watched) {
      if (specs.stream().noneMatch(spec -> spec.number() == table)) {
        throw new IllegalArgumentException(
            "table " + table + " is watched and not given; give it or do not watch it");
      }
    }
    checkMembers();
    for (NodeId peer : config.peers()) {
      checkLinks(peer, transport.linksTo(peer.value()));
    }
    return new SyncNode(this);
  }

  private void checkTables() {
    if (specs.isEmpty()) {
      throw new IllegalArgumentException("a node needs at least one table");
    }
    int peers = config.peers().size();
    for (TableSpec spec : specs) {
      if (specs.stream().filter(other -> other.number() == spec.number()).count() > 1) {
        throw new IllegalArgumentException(
            "table " + spec.name() + " is given twice; a node has each table once");
      }
      if (spec.peerSlots() != peers) {
        throw new IllegalArgumentException(
            "table "
                + spec.name()
                + " has peerSlots "
                + spec.peerSlots()
                + ", but SyncConfig names "
                + peers
                + " peers; a row has a place for each of them and for no other");
      }
      int least = OutFrame.leastFrameBytes(spec.schema());
      if (config.stream().frameBytes() < least) {
        throw new IllegalArgumentException(
            "stream.frameBytes is "
                + config.stream().frameBytes()
                + ", but a batch of table "
                + spec.name()
                + " needs "
                + least
                + "; its records would never leave");
      }
    }
  }

  private void checkMembers() {
    if (transport.node() != config.node().value()) {
      throw new IllegalArgumentException(
          "the transport is node "
              + transport.node()
              + "'s, but SyncConfig is node "
              + config.node()
              + "'s; peers would take it for the other");
    }
    for (int peer : transport.peers()) {
      if (config.peers().stream().noneMatch(named -> named.value() == peer)) {
        throw new IllegalArgumentException(
            "the transport knows node "
                + peer
                + ", which is no peer in SyncConfig; its peers are "
                + config.peers()
                + ". Name it in both or in neither");
      }
    }
  }

  /** How long a silence means a failure depends on the number of links: a single one has misses of its own. */
  private void checkLinks(NodeId peer, int there) {
    if (there != config.links()) {
      throw new IllegalArgumentException(
          "links is "
              + config.links()
              + ", but the transport has "
              + there
              + " to node "
              + peer
              + "; give every peer as many links in the transport as SyncConfig names");
    }
  }
}
