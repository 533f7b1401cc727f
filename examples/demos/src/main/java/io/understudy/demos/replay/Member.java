package io.understudy.demos.replay;

import io.understudy.SyncListener;
import io.understudy.SyncNode;
import io.understudy.config.HeartbeatConfig;
import io.understudy.config.StreamConfig;
import io.understudy.config.SyncConfig;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.runtime.Entropy;
import io.understudy.runtime.MemoryStore;
import io.understudy.table.EntryEvent;
import io.understudy.table.TableId;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.SessionDump;
import io.understudy.testkit.firewall.FirewallListener;
import io.understudy.testkit.firewall.ReferenceFirewall;
import io.understudy.testkit.firewall.SessionName;
import io.understudy.testkit.packet.Packet;
import io.understudy.transport.Transport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One member of the pair: its node, the firewall on its tables, and who was met.
 *
 * <p>Thread: {@link #received} and {@link #takeoverBeganNs} are written by the node's callbacks; the rest belongs to the thread that
 * feeds the packets.
 */
final class Member implements SyncListener, FirewallListener {
  static final int MIN_CAPACITY = 1 << 17;

  private static final int MAX_CAPACITY = 1 << 22;

  /** The smallest packet of a session, as a capture holds it: a record header and an IPv4 header. */
  private static final int MIN_PACKET_BYTES = 36;

  private final int id;
  private final SyncNode node;
  private final ReferenceFirewall firewall;
  private final SessionTable[] tables;
  private final SessionRecord[] arrived;
  private final Set<SessionName> created = new HashSet<>();
  private final Set<SessionName> received = ConcurrentHashMap.newKeySet();
  private volatile ReferenceFirewall waiting;
  private volatile long roleChangedNs;
  private boolean createdNow;
  private long seenFolded;
  private Unparked unparked = (packet, vsys, matched) -> {};

  Member(
      int id,
      int capacity,
      ReplayOptions options,
      HeartbeatConfig heartbeat,
      StreamConfig stream,
      Transport transport,
      Entropy entropy) {
    this.id = id;
    node =
        SyncNode.builder(config(id, options.paths(), heartbeat, stream))
            .transport(transport)
            .store(new MemoryStore())
            .entropy(entropy)
            .listener(this)
            .callbacks(
                Runnable::run) // it only notes: before a session is acknowledged it is in received
            .watch(TableId.SESSION4)
            .watch(TableId.SESSION6)
            .table(SessionTable.spec4(capacity, 1))
            .table(SessionTable.spec6(capacity, 1))
            .build();
    firewall = new ReferenceFirewall(node, options.firewall(ownGroup(options.paths())), this);
    tables = new SessionTable[] {firewall.sessions4(), firewall.sessions6()};
    arrived = new SessionRecord[] {tables[0].newRecord(), tables[1].newRecord()};
    waiting = firewall;
  }

  /** One group that member 1 holds; with paths, one for each member. */
  private static SyncConfig config(
      int id, boolean paths, HeartbeatConfig heartbeat, StreamConfig stream) {
    SyncConfig.Builder builder =
        SyncConfig.builder("replay", new NodeId(id))
            .peer(new NodeId(3 - id))
            .heartbeat(heartbeat)
            .stream(stream);
    for (int group = 1; group <= (paths ? 2 : 1); group++) {
      builder.group(new GroupId(group), group == id ? 200 : 100);
    }
    return builder.build();
  }

  /** Room for as many sessions as a capture of so many bytes can begin, up to four million. */
  static int capacityFor(long captureBytes) {
    return (int) Math.max(MIN_CAPACITY, Math.min(MAX_CAPACITY, captureBytes / MIN_PACKET_BYTES));
  }

  private int ownGroup(boolean paths) {
    return paths ? id : 1;
  }

  int id() {
    return id;
  }

  SyncNode node() {
    return node;
  }

  ReferenceFirewall firewall() {
    return firewall;
  }

  /** Sessions that packets began here. */
  Set<SessionName> created() {
    return created;
  }

  /** Sessions that came from the peer at any time. */
  Set<SessionName> received() {
    return received;
  }

  /** When this member began to take a group over, or took it, on the machine's clock: it knows that the holder is gone. */
  long takeoverBeganNs() {
    return roleChangedNs;
  }

  /** Whether a session began since the last call. */
  boolean takeCreated() {
    boolean was = createdNow;
    createdNow = false;
    return was;
  }

  /** Who is told of packets that were parked here. */
  void onUnparked(Unparked listener) {
    unparked = listener;
  }

  /** Both groups are where they belong, and the peer has everything. */
  boolean isReady(boolean paths) {
    for (int group = 1; group <= (paths ? 2 : 1); group++) {
      if (node.role(group) != (group == id ? Role.ACTIVE : Role.STANDBY)) {
        return false;
      }
    }
    return node.isFlushed(3 - id);
  }

  /** What is backed up here, line by line, sorted, without what may differ between members. */
  List<String> dump() {
    List<String> lines = new ArrayList<>();
    for (SessionTable table : tables) {
      SessionDump.linesWithShares(table, id == 1, lines);
    }
    Collections.sort(lines);
    return lines;
  }

  /** Every session here with the code of the reason why it is kept back, 0: it is backed up. */
  Map<SessionName, Integer> sessions() {
    Map<SessionName, Integer> sessions = new LinkedHashMap<>();
    for (SessionTable table : tables) {
      SessionRecord record = table.newRecord();
      long cursor = 0;
      do {
        cursor =
            table.scan(
                cursor,
                4_096,
                record,
                session -> sessions.put(SessionName.of(session), session.exclusion()));
      } while (cursor != 0);
    }
    return sessions;
  }

  /** The SCTP associations here, by their tags. */
  AssociationNames associations() {
    AssociationNames names = new AssociationNames();
    for (SessionTable table : tables) {
      SessionRecord record = table.newRecord();
      long cursor = 0;
      do {
        cursor = table.scan(cursor, 4_096, record, names::add);
      } while (cursor != 0);
    }
    return names;
  }

  @Override
  public void onArrived(EntryEvent entry) {
    int family = entry.table() == TableId.SESSION6 ? 1 : 0;
    tables[family].read(entry, arrived[family]);
    received.add(SessionName.of(arrived[family]));
    waiting.arrived();
  }

  @Override
  public void onLookAgain(int table) {
    waiting.arrived();
    long folded = node.counters().get(SyncCounter.EVENTS_FOLDED);
    if (folded != seenFolded) {
      seenFolded = folded;
      SessionTable all = tables[table == TableId.SESSION6 ? 1 : 0];
      SessionRecord record = arrived[table == TableId.SESSION6 ? 1 : 0];
      long cursor = 0;
      do {
        cursor = all.scan(cursor, 4_096, record, this::received);
      } while (cursor != 0);
    }
  }

  private void received(SessionRecord session) {
    if (session.creator() != id) {
      received.add(SessionName.of(session));
    }
  }

  @Override
  public void onRole(int group, Role before, Role now, Term term, String cause) {
    if (before == Role.STANDBY) {
      roleChangedNs = System.nanoTime();
    }
  }

  @Override
  public void onCreated(SessionRecord session) {
    created.add(SessionName.of(session));
    createdNow = true;
  }

  @Override
  public void onUnparked(Packet packet, int vsys, boolean matched) {
    unparked.onUnparked(packet, vsys, matched);
  }

  /** Is told of packets that were parked. */
  @FunctionalInterface
  interface Unparked {
    void onUnparked(Packet packet, int vsys, boolean matched);
  }
}
