package io.understudy.demos;

import io.understudy.SyncNode;
import io.understudy.config.SyncConfig;
import io.understudy.model.GroupId;
import io.understudy.model.IpProtocol;
import io.understudy.model.NodeId;
import io.understudy.model.Role;
import io.understudy.runtime.DutyCycle;
import io.understudy.runtime.MemoryStore;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.PublishResult;
import io.understudy.table.TableId;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.track.SessionFacts;
import io.understudy.transport.netty.NettyTransport;
import io.understudy.transport.netty.NettyTransportConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A member in a process of its own, for {@link ProcessKillTest}; it says on standard output what it does, a line for each fact.
 *
 * <p>{@code active PORT PEER_PORT} publishes sessions in versions without end: session n of version v is change {@code v * SESSIONS + n}. It
 * says {@code publishing C;} before it publishes the changes below C and {@code acknowledged n v;} when the peer applied that. {@code
 * standby PORT PEER_PORT} waits until it may decide and says {@code holds n v;} for each session, {@code goes on;} when it
 * could publish one of its own, and {@code done;}.
 *
 * <p>It ends with its standard input, so it never outlives the test.
 */
final class MemberProcess implements DutyCycle {
  static final int SESSIONS = 8_000;

  private static final int GROUP = 1;
  private static final int CHUNK = 500;
  private static final int MAX_UNSEEN = SESSIONS / 2;
  private static final long LOOK_NS = 5_000_000;

  private final SyncNode node;
  private final SessionTable sessions;
  private final SessionRecord read;
  private final int[] acknowledged = new int[SESSIONS];
  private final StringBuilder said = new StringBuilder();
  private long seenByNode;
  private volatile long seenChanges;
  private long lookNs;

  private MemberProcess(int id, NettyTransport transport) {
    int peer = 3 - id;
    SyncConfig config =
        SyncConfig.builder("kill", new NodeId(id))
            .peer(new NodeId(peer))
            .group(new GroupId(GROUP), id == 1 ? 200 : 100)
            .build();
    node =
        SyncNode.builder(config)
            .transport(transport)
            .store(new MemoryStore())
            .table(SessionTable.spec4(4 * SESSIONS, 1))
            .build();
    sessions = new SessionTable(node.table(TableId.SESSION4));
    read = sessions.newRecord();
    node.setWaker(transport::wake);
    node.start(System.nanoTime());
    transport.turn(this);
  }

  public static void main(String[] args) {
    endWithInput();
    InetSocketAddress here = loopback(args[1]);
    InetSocketAddress there = loopback(args[2]);
    if (args[0].equals("active")) {
      new MemberProcess(1, transport(1, here, there)).publishForEver();
    } else {
      new MemberProcess(2, transport(2, here, there)).takeOver();
    }
  }

  private static InetSocketAddress loopback(String port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
  }

  private static void endWithInput() {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // nothing is said to it
                }
              } catch (IOException e) {
                // the same: the test is gone
              }
              Runtime.getRuntime().halt(1);
            });
    watch.setDaemon(true);
    watch.start();
  }

  private static NettyTransport transport(
      int id, InetSocketAddress local, InetSocketAddress there) {
    return NettyTransport.open(
        NettyTransportConfig.builder(new NodeId(id))
            .link(local, Map.of(new NodeId(3 - id), there))
            .insecurePlaintext(true)
            .build());
  }

  private static void say(CharSequence lines) {
    System.out.println(lines);
    System.out.flush();
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(
          100_000); // and look again; the test ends this process if it takes too long
    }
  }

  private void publishForEver() {
    await(() -> node.role(GROUP) == Role.ACTIVE);
    for (long changes = 0; ; changes += CHUNK) {
      long next = changes + CHUNK;
      await(() -> next - seenChanges < MAX_UNSEEN);
      say("publishing " + next + ";");
      for (long change = changes; change < next; change++) {
        publish((int) (change % SESSIONS), (int) (change / SESSIONS) + 1);
      }
    }
  }

  private PublishResult publish(int n, int version) {
    SessionRecord session = sessions.newRecord();
    session.key4(0, IpProtocol.UDP, 0x0a000000 + n, 1_024 + n, 0xc0000235, 53);
    session.facts(new SessionFacts()).policy(version).zones(1, 2).timeoutClass(9);
    return sessions.publish(session, GROUP, 0, HotTable.URGENT, System.nanoTime());
  }

  private static int numberOf(SessionRecord session) {
    return session.originatorPort() - 1_024;
  }

  @Override
  public int run(long nowNs) {
    int work = node.run(nowNs);
    if (nowNs - lookNs > LOOK_NS && node.role(GROUP) == Role.ACTIVE) {
      lookNs = nowNs;
      sayAcknowledged();
    }
    return work;
  }

  @Override
  public long nextDueNs() {
    return Math.min(node.nextDueNs(), lookNs + LOOK_NS);
  }

  private void sayAcknowledged() {
    HotTable table = sessions.table();
    said.setLength(0);
    for (int number = 0; number < HotTable.PARTITIONS; number++) {
      Partition partition = table.partition(number);
      partition.lock(); // no publish comes between what is read and what is asked
      try {
        for (int slot = 0; slot < partition.highWater(); slot++) {
          if (sessions.read(partition, slot, read)
              && node.isAcknowledged(2, table, partition, slot)) {
            noteAcknowledged(numberOf(read), read.policy());
          }
        }
      } finally {
        partition.unlock();
      }
    }
    if (said.length() > 0) {
      say(said);
    }
    seenChanges = seenByNode;
  }

  private void noteAcknowledged(int n, int version) {
    if (version > acknowledged[n]) {
      seenByNode += version - acknowledged[n];
      acknowledged[n] = version;
      said.append("acknowledged ").append(n).append(' ').append(version).append(";\n");
    }
  }

  private void takeOver() {
    await(() -> node.mayDecide(GROUP, System.nanoTime()));
    StringBuilder held = new StringBuilder();
    long cursor = 0;
    do {
      cursor =
          sessions.scan(
              cursor,
              4_096,
              sessions.newRecord(),
              session ->
                  held.append("holds ")
                      .append(numberOf(session))
                      .append(' ')
                      .append(session.policy())
                      .append(";\n"));
    } while (cursor != 0);
    say(held);
    switch (publish(SESSIONS, 1)) {
      case QUEUED, ABSORBED, STORED -> say("goes on;");
      case TABLE_FULL, NOT_HOLDER, NO_ENTRY, BINDING_TAKEN -> say("does not go on;");
    }
    say("done;");
  }
}
