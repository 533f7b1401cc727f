package io.understudy.testkit.mutant;

import com.google.protobuf.ByteString;
import io.understudy.SyncNode;
import io.understudy.config.SyncConfig;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.proto.v1.Frame;
import io.understudy.proto.v1.Hello;
import io.understudy.proto.v1.HelloConfirm;
import io.understudy.runtime.MemoryStore;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.HearingTransport;
import io.understudy.testkit.sim.Death;
import io.understudy.testkit.sim.PathSettings;
import io.understudy.testkit.sim.SimClock;
import io.understudy.testkit.sim.SimEntropy;
import io.understudy.testkit.sim.SimNetwork;
import io.understudy.testkit.sim.SimTransport;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Members at addresses 1 and 2, of which each may be another than the other one expects; never may both decide. */
final class RefusedPair {
  private static final long MS = 1_000_000;
  private static final int GROUP = 1;

  /** What is wrong with the second one. */
  enum Mistake {
    NONE,
    CLUSTER,
    HASH_KEY,
    WIRE_VERSION,
    SCHEMA,
    NODE_ID
  }

  private final SimClock clock = new SimClock();
  private final SimNetwork network = new SimNetwork(clock, 1);
  private final SyncNode[] nodes = new SyncNode[3];
  private final SimTransport[] transports = new SimTransport[3];
  private final Map<ByteString, ByteString> saidHashes = new HashMap<>();
  private boolean versions;
  private int lives;

  /** Begins a process at one of the two addresses. */
  void start(int address, Mistake mistake, int priority) {
    versions = mistake == Mistake.WIRE_VERSION;
    int id = mistake == Mistake.NODE_ID ? 3 - address : address;
    SyncConfig.Builder config = config(mistake == Mistake.CLUSTER ? "other" : "one", id, priority);
    if (mistake == Mistake.HASH_KEY) {
      config.hashKey(new byte[16]);
    }
    transports[address] = network.transport(address, id, Map.of(3 - id, 3 - address), List.of(0));
    nodes[address] = node(config, transports[address], mistake);
  }

  /** Begins another process elsewhere, of another cluster, that dials address 1. */
  SyncNode startStranger(int address, int id, int priority) {
    SimTransport transport = network.transport(address, id, Map.of(3 - id, 1), List.of(0));
    nodes[0] = node(config("other", id, priority), transport, Mistake.NONE);
    return nodes[0];
  }

  private static SyncConfig.Builder config(String cluster, int id, int priority) {
    return SyncConfig.builder(cluster, new NodeId(id))
        .peer(new NodeId(3 - id))
        .group(new GroupId(GROUP), priority);
  }

  private SyncNode node(SyncConfig.Builder config, SimTransport transport, Mistake mistake) {
    SyncNode node =
        SyncNode.builder(config.build())
            .transport(
                new HearingTransport(
                    transport, HearingTransport.ofFrames(frame -> heard(frame, mistake))))
            .store(new MemoryStore())
            .entropy(new SimEntropy(++lives))
            .table(SessionTable.spec4(1_024, 1))
            .build();
    node.start(clock.nanoTime());
    return node;
  }

  /** Of another version are both for each other; whom a column means something else to is the second one alone. */
  private Frame heard(Frame frame, Mistake mistake) {
    if (frame.hasHelloConfirm()) {
      ByteString hash = frame.getHelloConfirm().getHelloSha256();
      HelloConfirm said =
          HelloConfirm.newBuilder().setHelloSha256(saidHashes.getOrDefault(hash, hash)).build();
      return frame.toBuilder().setHelloConfirm(said).build();
    }
    if (!frame.hasHello()) {
      return frame;
    }
    Hello.Builder hello = frame.getHello().toBuilder();
    if (versions) {
      hello.setWireVersion(1);
    } else if (mistake == Mistake.SCHEMA) {
      hello.getTablesBuilder(0).getColumnsBuilder(0).setBits(1);
    }
    saidHashes.put(hash(hello.build()), hash(frame.getHello()));
    return frame.toBuilder().setHello(hello).build();
  }

  private static ByteString hash(Hello hello) {
    try {
      return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(hello.toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  void kill(int address) {
    transports[address].kill(Death.CLOSED);
    nodes[address] = null;
  }

  /** From the beginning on. */
  void cut() {
    network.settings(1, 2, 0, PathSettings.DEFAULT).settings(2, 1, 0, PathSettings.DEFAULT);
    network.faults().cutAll(1, 2);
  }

  SimNetwork network() {
    return network;
  }

  SyncNode node(int address) {
    return nodes[address];
  }

  SimTransport transport(int address) {
    return transports[address];
  }

  boolean decides(int address) {
    return nodes[address] != null && nodes[address].mayDecide(GROUP, clock.nanoTime());
  }

  long nowNs() {
    return clock.nanoTime();
  }

  /** Nobody decides beside another. */
  void run(int ms) {
    for (int i = 0; i < ms; i++) {
      step();
      Stage.check("SingleHolder", !decides(1) || !decides(2), "both decide at " + clock.nanoTime());
    }
  }

  /** Both may decide. */
  void runCut(int ms) {
    for (int i = 0; i < ms; i++) {
      step();
    }
  }

  private void step() {
    clock.runFor(MS);
    for (SyncNode node : nodes) {
      for (int i = 0; node != null && i < 100 && node.run(clock.nanoTime()) > 0; i++) {
        // until it has nothing to do now
      }
    }
  }

  /** One decides, and it is this one. */
  void checkDecides(int address) {
    Stage.check("Settled", decides(address), "the one at address " + address + " is idle");
    Stage.check("SingleHolder", !decides(3 - address), "the other one decides");
  }

  /** Neither has a connection that is up. */
  void checkRefused() {
    boolean connected = nodes[1].isConnected(peer(1)) || nodes[2].isConnected(peer(2));
    Stage.check("HelloRefused", !connected, "they are connected");
  }

  int peer(int address) {
    return nodes[address].config().peers().get(0).value();
  }
}
