package io.understudy.testkit;

import io.understudy.SyncNode;
import io.understudy.SyncNodeBuilder;
import io.understudy.config.SyncConfig;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.model.Role;
import io.understudy.runtime.MemoryStore;
import io.understudy.table.TableId;
import io.understudy.table.TableSpec;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.sim.SimEntropy;
import java.time.Duration;
import java.util.Arrays;

/**
 * Two members over frames that are only copied, turned by the caller: for measuring what the library itself costs.
 *
 * <p>Shape: node 1 is the active, node 2 the standby, one data connection between them.
 *
 * <p>Thread: one, the caller's.
 */
public final class MemoryPair {
  /** The group that node 1 holds. */
  public static final int GROUP = 1;

  private static final long STEP_NS = 1_000;
  private static final int MAX_TURNS = 1_000_000;
  private static final long START_STEP_NS = 10_000_000;
  private static final int MAX_START_TURNS = 10_000;

  /** Sixteen frames a turn: enough for all that a test uses. */
  private static final int USAGE_TURNS = 8;

  private final MemoryTransport[] transports = {new MemoryTransport(1), new MemoryTransport(2)};
  private final SyncNode[] nodes = new SyncNode[2];
  private final SessionTable[] ipv4;
  private final SessionTable[] ipv6;
  private long nowNs = 1_000_000_000L;

  /** Both started, with these tables, in sync, and quiet. */
  public MemoryPair(TableSpec... specs) {
    MemoryTransport.join(transports[0], transports[1]);
    for (int i = 0; i < 2; i++) {
      nodes[i] = node(i + 1, specs);
      nodes[i].start(nowNs);
    }
    ipv4 = sessions(TableId.SESSION4, specs);
    ipv6 = sessions(TableId.SESSION6, specs);
    turnUntilInSync();
    settle();
  }

  /** The table at both members; empty where it was not asked for. */
  private SessionTable[] sessions(int table, TableSpec... specs) {
    if (Arrays.stream(specs).noneMatch(spec -> spec.number() == table)) {
      return new SessionTable[0];
    }
    return new SessionTable[] {
      new SessionTable(nodes[0].table(table)), new SessionTable(nodes[1].table(table))
    };
  }

  private SyncNode node(int id, TableSpec... specs) {
    SyncConfig.Builder settings =
        SyncConfig.builder("measured", new NodeId(id))
            .peer(new NodeId(3 - id))
            .bootHold(Duration.ofSeconds(1));
    GroupId group = new GroupId(GROUP);
    // node 1 alone, or both would claim at once
    SyncConfig config =
        (id == 1 ? settings.group(group, 200) : settings.groupOfOthers(group)).build();
    SyncNodeBuilder builder =
        SyncNode.builder(config)
            .transport(transports[id - 1])
            .store(new MemoryStore())
            .entropy(new SimEntropy(id));
    for (TableSpec spec : specs) {
      builder.table(spec);
    }
    return builder.build();
  }

  /** Node 1 or 2. */
  public SyncNode node(int id) {
    return nodes[id - 1];
  }

  /** The IPv4 sessions of node 1 or 2, if it has that table. */
  public SessionTable ipv4(int id) {
    return ipv4[id - 1];
  }

  /** The IPv6 sessions of node 1 or 2, if it has that table. */
  public SessionTable ipv6(int id) {
    return ipv6[id - 1];
  }

  /** The clock of both. */
  public long nowNs() {
    return nowNs;
  }

  /** Bytes of the frames that node 1 sent for its streams, each with its length prefix. */
  public long dataBytesFromActive() {
    return transports[0].dataBytes();
  }

  /** Turns until nothing is owed or unacknowledged any more. */
  public void settle() {
    nodes[0].flush(false);
    for (int i = 0; !nodes[0].isFlushed(2); i++) {
      if (i == MAX_TURNS) {
        throw new IllegalStateException("not settled after " + i + " turns");
      }
      turn(STEP_NS);
    }
  }

  /** Owes and settles the counters of every entry that saw traffic. */
  public void settleUsage() {
    nodes[0].flush(true);
    for (int i = 0; i < USAGE_TURNS; i++) {
      turn(STEP_NS);
    }
    settle();
  }

  /** Lets node 1 send what is due, as far as its window goes. */
  public void turnActive() {
    nowNs += STEP_NS;
    nodes[0].flush(false);
    nodes[0].run(nowNs);
  }

  /** Lets node 2 merge what node 1 sent, and acknowledge it. */
  public void turnStandby() {
    nowNs += STEP_NS;
    transports[1].deliverData();
    nodes[1].run(nowNs);
  }

  private void turnUntilInSync() {
    for (int i = 0; nodes[0].role(GROUP) != Role.ACTIVE || !nodes[0].isInSync(2, GROUP); i++) {
      if (i == MAX_START_TURNS) {
        throw new IllegalStateException("the pair did not get in sync");
      }
      turn(START_STEP_NS);
    }
  }

  private void turn(long stepNs) {
    nowNs += stepNs;
    for (MemoryTransport transport : transports) {
      transport.deliver(nowNs);
    }
    nodes[0].run(nowNs);
    nodes[1].run(nowNs);
  }
}
