package io.understudy.testkit.firewall;

import io.understudy.SyncNode;
import io.understudy.backup.BackupConfig;
import io.understudy.backup.BackupCounters;
import io.understudy.model.Direction;
import io.understudy.model.GroupId;
import io.understudy.model.IpProtocol;
import io.understudy.table.PublishResult;
import io.understudy.table.TableId;
import io.understudy.tables.session.ParkResult;
import io.understudy.tables.session.ParkedPackets;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.tables.session.SessionView;
import io.understudy.testkit.firewall.FirewallCounters.Total;
import io.understudy.testkit.packet.Packet;
import io.understudy.testkit.packet.QuotedPacket;
import io.understudy.track.ConnectionTracker;
import io.understudy.track.SessionEvent;
import io.understudy.track.SessionFacts;
import io.understudy.track.TcpWindow;
import io.understudy.track.TrackResult;
import io.understudy.track.Verdict;

/**
 * A stateful firewall of two zones whose session table is the library's.
 *
 * <p>Per packet: find the session (by its tuple, or an SCTP association by its tag), let the tracker judge, ask the gate whether the
 * session is backed up, publish or touch. A packet that finds none begins one if it comes from inside and this member may decide
 * for a group; otherwise it is parked or dropped. TCP is judged by its numbers too: what this member has seen of them is kept beside
 * the table, the rest is learnt from the session's hints. A member that holds no group forwards nothing; one that holds any
 * forwards packets of known sessions of every group, and tells their holders what it saw.
 *
 * <p>Units: {@code nowNs} is the node's clock, the one its duty cycle runs on.
 * <p>Thread: one dataplane thread; {@link #arrived} and {@link #counters} from any. Allocates nothing per packet, except
 * for a copy of what it parks.
 */
public final class ReferenceFirewall {
  private static final int UPKEEP_SLOTS = 512;

  private final SyncNode node;
  private final FirewallConfig config;
  private final FirewallListener listener;
  private final FirewallCounters counters = new FirewallCounters();
  private final BackupDesk desk;
  private final ConnectionTracker tracker;
  private final PacketLookup lookup;
  private final SessionFacts facts = new SessionFacts();
  private final TrackResult result = new TrackResult();
  private final Family ipv4;
  private final Family ipv6;
  private final int[] groups;
  private boolean matched;
  private Family lastFamily;
  private DropReason dropReason = DropReason.NONE;

  /** A firewall on a node that has both session tables. */
  public ReferenceFirewall(SyncNode node, FirewallConfig config, FirewallListener listener) {
    this.node = node;
    this.config = config;
    this.listener = listener;
    desk = new BackupDesk(node, config, counters, listener);
    tracker = new ConnectionTracker(config.pickUp(), config.strictWindows());
    ipv4 = family(TableId.SESSION4);
    ipv6 = family(TableId.SESSION6);
    lookup = new PacketLookup(ipv4, ipv6);
    groups = node.config().groups().stream().mapToInt(GroupId::value).toArray();
  }

  private Family family(int tableNumber) {
    SessionTable table = new SessionTable(node.table(tableNumber));
    return new Family(
        table,
        new ParkingLot(table, new Unparking()),
        new Upkeep(node, table, config, desk, counters),
        new Windows(table, config.lineBytesPerSecond()));
  }

  public SessionTable sessions4() {
    return ipv4.table;
  }

  public SessionTable sessions6() {
    return ipv6.table;
  }

  public FirewallCounters counters() {
    return counters;
  }

  /** The sessions that began here and are kept back, by reason: gauges. */
  public BackupCounters keptBack() {
    return desk.keptBack();
  }

  /** The packet handled last found a session, whatever the tracker then thought of it, or began one. */
  public boolean isMatched() {
    return matched;
  }

  /** Why the packet handled last was dropped. */
  public DropReason dropReason() {
    return dropReason;
  }

  /** The session of the packet handled last as it is now, until the next packet; {@code null}: it has none, or it ended. */
  public SessionView session() {
    return matched && lastFamily.table.lookup(lastFamily.record) ? lastFamily.record : null;
  }

  /** Packets that wait for their sessions now. */
  public int parkedCount() {
    return ipv4.parking.packets().waiting() + ipv6.parking.packets().waiting();
  }

  /** The vsys that a packet belongs to. */
  public int vsys(Packet packet) {
    return config.vlanVsys() && packet.vlanCount() > 0 ? packet.vlanId(0) : 0;
  }

  /** An entry arrived from a peer: parked packets look again. Thread: any; to be called from the node's listener. */
  public void arrived() {
    ipv4.parking.packets().arrived();
    ipv6.parking.packets().arrived();
  }

  /** Parked packets, ageing, sessions to be asked about again: a bounded amount of each. Answers what parked packets were settled. */
  public int run(long nowNs) {
    int settled = ipv4.parking.packets().run(nowNs) + ipv6.parking.packets().run(nowNs);
    ipv4.windows.run(nowNs);
    ipv6.windows.run(nowNs);
    ipv4.upkeep.run(UPKEEP_SLOTS, nowNs);
    ipv6.upkeep.run(UPKEEP_SLOTS, nowNs);
    return settled;
  }

  /** {@link #run} until every session was looked at: where time has jumped. */
  public void runAll(long nowNs) {
    run(nowNs);
    boolean done4 = false;
    boolean done6 = false;
    while (!done4 || !done6) {
      done4 = done4 || ipv4.upkeep.run(UPKEEP_SLOTS, nowNs);
      done6 = done6 || ipv6.upkeep.run(UPKEEP_SLOTS, nowNs);
    }
  }

  /** When a parked packet expires, or sequence hints are to be told; {@link Long#MAX_VALUE}: nothing waits. */
  public long nextDueNs() {
    long parkedNs =
        Math.min(ipv4.parking.packets().nextDueNs(), ipv6.parking.packets().nextDueNs());
    return Math.min(parkedNs, Math.min(ipv4.windows.nextDueNs(), ipv6.windows.nextDueNs()));
  }

  /** Tells the peers all sequence hints that wait, as an orderly end does. */
  public void tellHints(long nowNs) {
    ipv4.windows.runAll(nowNs);
    ipv6.windows.runAll(nowNs);
  }

  /** Whether {@link #run} has parked packets to look up. */
  public boolean isDue() {
    return ipv4.parking.packets().isDue() || ipv6.parking.packets().isDue();
  }

  /**
   * New settings: what is backed up stays so; what was kept back and may be eligible now is asked about again by {@link #run}, some
   * slots at a time.
   */
  public void backup(BackupConfig settings) {
    if (desk.settings(settings)) {
      ipv4.upkeep.beginScan();
      ipv6.upkeep.beginScan();
    }
  }

  /** Handles one packet. */
  public Disposition handle(Packet packet, Zone ingress, long nowNs) {
    counters.add(Total.PACKETS);
    return handle(packet, vsys(packet), ingress, config.parking(), nowNs);
  }

  private Disposition handle(Packet packet, int vsys, Zone ingress, boolean mayPark, long nowNs) {
    matched = false;
    dropReason = DropReason.NONE;
    if (packet.kind() == Packet.Kind.MALFORMED) {
      counters.add(Total.MALFORMED);
      return Disposition.IGNORED;
    }
    if (packet.kind() == Packet.Kind.UNDECODED) {
      counters.add(Total.UNDECODED);
      return Disposition.IGNORED;
    }
    if (!packet.isIp() || packet.isLaterFragment()) {
      counters.add(Total.WITHOUT_SESSION);
      return Disposition.IGNORED;
    }
    if (!sendsAsAny(nowNs)) {
      counters.add(Total.STANDBY_PACKETS);
      return drop(packet, DropReason.STANDBY);
    }
    Family family = packet.isIpv6() ? ipv6 : ipv4;
    if (IpProtocol.isIcmp(packet.protocol()) && !packet.icmp().isQuery()) {
      return handleMessage(packet, vsys, nowNs);
    }
    Family found = lookup.find(packet, vsys, nowNs);
    if (found != null) {
      match(found);
      return handleKnown(packet, found, ingress, nowNs);
    }
    return handleUnknown(packet, vsys, family, ingress, mayPark, nowNs);
  }

  private void match(Family found) {
    matched = true;
    lastFamily = found;
    counters.add(Total.MATCHED);
  }

  /** Whether this member forwards: by its right, not its role, or a process that slept forwards what lay in its sockets. */
  private boolean sendsAsAny(long nowNs) {
    for (int group : groups) {
      if (node.maySendAs(group, nowNs)) {
        return true;
      }
    }
    return false;
  }

  /** The group of a session that begins now; 0: none for which this member may decide. */
  private int groupToCreateIn(long nowNs) {
    if (node.mayDecide(config.ownGroup(), nowNs)) {
      return config.ownGroup();
    }
    int lowest = 0;
    for (int group : groups) {
      if (node.mayDecide(group, nowNs) && (lowest == 0 || group < lowest)) {
        lowest = group;
      }
    }
    return lowest;
  }

  private Disposition drop(Packet packet, DropReason reason) {
    dropReason = reason;
    counters.addDropped(ProtocolClass.of(packet.protocol()), reason);
    return Disposition.DROPPED;
  }

  /** ICMP that is no query: an error passes with the session it is about; the rest is none of ours. */
  private Disposition handleMessage(Packet packet, int vsys, long nowNs) {
    QuotedPacket quoted = packet.icmp().quoted();
    if (!packet.icmp().isError() || !quoted.isReadable()) {
      counters.add(Total.WITHOUT_SESSION);
      return Disposition.IGNORED;
    }
    Family found = lookup.findQuoted(quoted, vsys, nowNs);
    if (found == null) {
      return drop(packet, DropReason.NO_SESSION);
    }
    match(found);
    return Disposition.PASSED;
  }

  private Disposition handleUnknown(
      Packet packet, int vsys, Family family, Zone ingress, boolean mayPark, long nowNs) {
    facts.clear();
    Verdict verdict =
        tracker.track(lookup.view(), Direction.FORWARD, facts, family.windows.empty(), result);
    if (verdict == Verdict.INVALID) {
      return drop(packet, DropReason.INVALID);
    }
    if (verdict == Verdict.CREATE && ingress == Zone.INSIDE) {
      return create(packet, family, nowNs);
    }
    if (!mayPark) {
      return drop(packet, DropReason.NO_SESSION);
    }
    ParkResult parked = family.parking.park(family.record, packet, vsys, ingress, nowNs);
    return parked == ParkResult.PARKED ? Disposition.PARKED : drop(packet, DropReason.PARK_FULL);
  }

  private Disposition create(Packet packet, Family family, long nowNs) {
    int group = groupToCreateIn(nowNs);
    if (group == 0) {
      return drop(packet, DropReason.NOT_HOLDER);
    }
    SessionRecord session = family.record;
    session
        .facts(facts)
        .zones(Zone.INSIDE.id(), Zone.OUTSIDE.id())
        .flags(flags(packet))
        .count(Direction.FORWARD, 1, packet.originalLength());
    family.windows.tell(session);
    PublishResult published = desk.begin(family.table, session, group, result, false, nowNs);
    if (published == PublishResult.NOT_HOLDER) {
      return drop(packet, DropReason.NOT_HOLDER); // the group went this moment
    }
    if (published == PublishResult.TABLE_FULL) {
      counters.add(Total.TABLE_FULL);
      return Disposition.PASSED; // unprotected, and counted
    }
    matched = true;
    lastFamily = family;
    family.windows.begun(session, nowNs);
    counters.addCreated(ProtocolClass.of(packet.protocol()));
    listener.onCreated(session);
    return Disposition.PASSED;
  }

  private int flags(Packet packet) {
    boolean pickedUp = result.event() == SessionEvent.PICKED_UP;
    return (config.isLocal(packet) ? SessionRecord.LOCAL_ORIGIN : 0)
        | (pickedUp ? SessionRecord.PICKED_UP : 0);
  }

  private Disposition handleKnown(Packet packet, Family family, Zone ingress, long nowNs) {
    SessionRecord session = family.record;
    session.loadFacts(facts);
    TcpWindow window = family.windows.of(session, nowNs);
    Verdict verdict = tracker.track(lookup.view(), lookup.direction(), facts, window, result);
    switch (verdict) {
      case IGNORE:
        family.windows.keep(session, nowNs); // a SYN that was let through
        return Disposition.PASSED;
      case INVALID:
      case NO_SESSION:
        return drop(packet, DropReason.INVALID);
      case NEW_GENERATION:
        return beginAnew(packet, family, ingress, nowNs);
      default:
        accept(packet, family, nowNs);
        return Disposition.PASSED;
    }
  }

  private Disposition beginAnew(Packet packet, Family family, Zone ingress, long nowNs) {
    SessionRecord session = family.record;
    int group = session.group();
    Direction direction = result.isTurned() ? lookup.direction().opposite() : lookup.direction();
    if (direction == Direction.FORWARD && ingress != Zone.INSIDE) {
      return drop(packet, DropReason.FROM_OUTSIDE);
    }
    if (!node.mayDecide(group, nowNs)) {
      return drop(packet, DropReason.NOT_HOLDER);
    }
    if (result.isTurned()) {
      session.turn();
    }
    session.facts(facts).count(direction, 1, packet.originalLength());
    family.windows.tell(session);
    PublishResult published = desk.begin(family.table, session, group, result, true, nowNs);
    if (published == PublishResult.NOT_HOLDER) {
      return drop(packet, DropReason.NOT_HOLDER);
    }
    family.windows.begun(session, nowNs);
    return Disposition.PASSED;
  }

  private void accept(Packet packet, Family family, long nowNs) {
    SessionRecord session = family.record;
    Direction direction = lookup.direction();
    if (result.event() == SessionEvent.AHEAD) {
      counters.add(Total.AHEAD);
    }
    family.windows.keep(session, nowNs);
    boolean isHolder = node.mayDecide(session.group(), nowNs);
    boolean quiet = !result.isChanged() && (!isHolder || isSettled(session));
    if (quiet) {
      family.table.touch(session, direction, 1, packet.originalLength(), nowNs);
      family.windows.tellIfDue(session, nowNs);
      return;
    }
    family.windows.tellNow(session, nowNs);
    session.facts(facts).count(direction, 1, packet.originalLength());
    if (isHolder) {
      desk.change(family.table, session, result, direction, nowNs);
    } else {
      desk.tell(family.table, session, result, nowNs);
    }
  }

  /** Nothing is to be asked or written for a packet that changed no fact. */
  private boolean isSettled(SessionRecord session) {
    return session.exclusion() == 0 || result.event() == SessionEvent.NONE;
  }

  /** Brings parked packets back. */
  private final class Unparking implements ParkedPackets.Listener<ParkingLot.Waiting> {
    @Override
    public void onReleased(ParkingLot.Waiting waiting, long nowNs) {
      handle(waiting.packet(), waiting.vsys(), waiting.ingress(), false, nowNs);
      listener.onUnparked(waiting.packet(), waiting.vsys(), matched);
    }

    @Override
    public void onExpired(ParkingLot.Waiting waiting, long nowNs) {
      matched = false;
      drop(waiting.packet(), DropReason.PARK_EXPIRED);
      listener.onUnparked(waiting.packet(), waiting.vsys(), false);
    }
  }
}
