package io.understudy.testkit.gen;

import io.understudy.metrics.SyncCounter;
import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.NatKind;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimNode;
import io.understudy.track.SessionFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What the dataplanes of a cluster do with their tables, a function of a seed: sessions begin, go on, are touched, change their
 * policy, begin anew on the same key, are withdrawn from backup and end; on holders and on members that only see traffic.
 *
 * <p>A dataplane decides (creates, ends, changes values) only where {@code mayDecide} allows it.
 *
 * <p>Every session carries its {@link SessionGen#signature} in the high half of its policy and in the low byte of what its directions
 * opened with, and a number of its own as ingress zone.
 */
public final class TrafficGen {
  /** Bits of a direction beside {@link #OPENING}. */
  private static final int MORE_BITS = 0x1FE;

  private static final int OPENING = 1;
  private static final int EXCLUDED = 7;
  private static final int BURST = 120;

  /** A number for what is done that begins a session, or goes on with it. */
  private static final int CREATES = 10;

  /** One gap in so many is used, for up to so many keys. */
  private static final int GAP_CHANCE = 8;

  private static final int GAP_KEYS = 8;

  private final SessionGen sessions;
  private final SplittableRandom random;
  private final SplittableRandom gaps;
  private final int natPercent;
  private final List<Ended> listeners = new ArrayList<>();
  private final Map<SimNode, Long> accepted = new HashMap<>();
  private final int[] lastNonce;
  private int nonce;
  private boolean isOn;
  private long publishes;
  private long refused;

  /** Told when a holder ended an entry. */
  @FunctionalInterface
  public interface Ended {
    /** The record is as it was looked up just before. */
    void onEnded(SimNode node, SessionTable table, SessionRecord session);
  }

  public TrafficGen(long seed, SessionGen sessions, int natPercent) {
    this.sessions = sessions;
    this.natPercent = natPercent;
    random = new SplittableRandom(seed);
    gaps = new SplittableRandom(~seed);
    lastNonce = new int[sessions.count()];
  }

  public void onEnded(Ended listener) {
    listeners.add(listener);
  }

  /** Changes asked of tables so far. */
  public long publishes() {
    return publishes;
  }

  /** Of these, those that found no room. */
  public long refused() {
    return refused;
  }

  /** The dataplanes also end and change sessions whenever a duty cycle is about to take a step: between accept, drain, send and answer. */
  public void worksInGaps(SimCluster sim) {
    sim.nodes().forEach(node -> node.dataplane(() -> inGap(node)));
  }

  /** What the dataplanes do begins, in gaps too. */
  public void begin() {
    isOn = true;
  }

  /** It is over. */
  public void end() {
    isOn = false;
  }

  private void inGap(SimNode node) {
    boolean isNew = hasAccepted(node);
    if (!isOn || !isNew && gaps.nextInt(GAP_CHANCE) != 0) {
      return;
    }
    node.worked();
    int count = isNew ? sessions.count() / 2 : 1 + gaps.nextInt(GAP_KEYS);
    int first = gaps.nextInt(sessions.count());
    for (int i = 0; i < count; i++) {
      int key = (first + i) % sessions.count();
      SessionTable table = sessions.isIpv6(key) ? node.sessions6() : node.sessions4();
      SessionRecord record = table.newRecord();
      sessions.set(record, key, false);
      if (table.lookup(record) && node.mayDecide(record.group())) {
        end(node, table, record);
      }
    }
  }

  /** Candidates were accepted since the gap before: nobody else has heard of that yet. */
  private boolean hasAccepted(SimNode node) {
    long now = node.node().counters().get(SyncCounter.CANDIDATES_ACCEPTED);
    Long before = accepted.put(node, now);
    return before != null && now > before;
  }

  /** One dataplane does one thing. */
  public void step(SimCluster sim) {
    SimNode node = sim.node(1 + random.nextInt(sim.settings().members()));
    if (!node.isDataplaneAlive()) {
      return;
    }
    node.worked();
    int what = random.nextInt(100);
    if (what == 0) {
      burst(sim, node);
    } else {
      one(sim, node, random.nextInt(sessions.count()), what);
    }
  }

  private void burst(SimCluster sim, SimNode node) {
    int kind = random.nextInt(3);
    int count = 1 + random.nextInt(Math.min(BURST, sessions.count()));
    int first = random.nextInt(sessions.count());
    for (int i = 0; i < count; i++) {
      int key = (first + i) % sessions.count();
      one(sim, node, key, kind == 0 ? CREATES : kind == 1 ? 95 : 50);
    }
  }

  private void one(SimCluster sim, SimNode node, int key, int what) {
    SessionTable table = sessions.isIpv6(key) ? node.sessions6() : node.sessions4();
    SessionRecord record = table.newRecord();
    boolean turned = random.nextInt(8) == 0;
    sessions.set(record, key, turned);
    publishes++;
    if (!table.lookup(record)) {
      sessions.set(record, key, turned);
      int group = groupOf(sim, node);
      if (group != 0 && what < 60) {
        create(node, table, record, key, group, random.nextInt(12) == 0 ? EXCLUDED : 0, 0);
      }
      return;
    }
    boolean decides = node.mayDecide(record.group());
    if (what < 35) {
      advance(node, table, record, key, random.nextBoolean());
    } else if (what < 60) {
      Direction direction = random.nextBoolean() ? Direction.FORWARD : Direction.REVERSE;
      table.touch(record, direction, 1 + random.nextInt(3), 60 + random.nextInt(1_000), now(node));
    } else if (!decides) {
      advance(node, table, record, key, random.nextBoolean());
    } else if (what < 75) {
      record.policy(record.policy() & 0xFFFF0000 | random.nextInt(1 << 16));
      publish(node, table, record, record.group(), record.exclusion(), 0);
    } else if (what < 80) {
      sessions.set(record, key, turned);
      create(node, table, record, key, group(node, table, key), 0, HotTable.NEW_GENERATION);
    } else if (what < 83) {
      int exclusion = record.exclusion() == 0 ? EXCLUDED : 0;
      publish(node, table, record, record.group(), exclusion, HotTable.WITHDRAW);
    } else {
      end(node, table, record);
    }
  }

  /** Begins every session that is not there. */
  void fill(SimCluster sim, SimNode node) {
    node.worked();
    for (int key = 0; key < sessions.count(); key++) {
      one(sim, node, key, CREATES);
    }
  }

  /** Ends every session that the node may end, where {@code percent} says so. */
  public void endSome(SimNode node, int percent) {
    node.worked();
    for (int key = 0; key < sessions.count(); key++) {
      SessionTable table = sessions.isIpv6(key) ? node.sessions6() : node.sessions4();
      SessionRecord record = table.newRecord();
      sessions.set(record, key, false);
      boolean chosen = random.nextInt(100) < percent;
      if (chosen && table.lookup(record) && node.mayDecide(record.group())) {
        end(node, table, record);
      }
    }
  }

  private int group(SimNode node, SessionTable table, int key) {
    SessionRecord record = table.newRecord();
    sessions.set(record, key, false);
    table.lookup(record);
    return record.group();
  }

  private int groupOf(SimCluster sim, SimNode node) {
    int groups = sim.settings().groups();
    int first = random.nextInt(groups);
    for (int i = 0; i < groups; i++) {
      int group = 1 + (first + i) % groups;
      if (node.mayDecide(group)) {
        return group;
      }
    }
    return 0;
  }

  private void create(
      SimNode node,
      SessionTable table,
      SessionRecord record,
      int key,
      int group,
      int exclusion,
      int options) {
    int own = nonce = nonce % 0xFFFF + 1;
    if (lastNonce[key] != 0 && random.nextInt(3) == 0) {
      own = lastNonce[key]; // the same first packet, seen by another member too
    }
    lastNonce[key] = own;
    int signature = SessionGen.signature(record);
    record
        .policy(signature << 16 | random.nextInt(1 << 16))
        .zones(own, 2)
        .timeoutClass(random.nextInt(8));
    if (random.nextInt(100) < natPercent) {
      bind(record);
    }
    record.facts(facts(key, signature, own, OPENING, 0));
    record.count(Direction.FORWARD, 1, 60);
    publish(node, table, record, group, exclusion, options | urgent());
  }

  private void bind(SessionRecord record) {
    int port = 1024 + random.nextInt(64); // few, so that bindings meet
    if (record.isIpv6()) {
      record.nat6(
          NatKind.SOURCE,
          0x20010db8_ffff0000L,
          1,
          port,
          0x20010db8_fffe0000L,
          2,
          record.responderPort());
    } else {
      record.nat4(
          NatKind.SOURCE, 0xcb007101, port, (int) record.responderLow(), record.responderPort());
    }
  }

  /** More is seen of one direction. */
  private void advance(
      SimNode node, SessionTable table, SessionRecord record, int key, boolean reverse) {
    int bits = OPENING | 1 << 1 + random.nextInt(8) & MORE_BITS;
    int signature = SessionGen.signature(record);
    SessionFacts seen =
        facts(key, signature, record.ingressZone(), reverse ? 0 : bits, reverse ? bits : 0);
    SessionFacts all = new SessionFacts();
    record.loadFacts(all);
    all.merge(seen);
    record.facts(all);
    record.count(reverse ? Direction.REVERSE : Direction.FORWARD, 1, 100);
    publish(node, table, record, record.group(), record.exclusion(), urgent());
  }

  private SessionFacts facts(int key, int signature, int own, int forward, int reverse) {
    boolean opens =
        sessions.protocol(key) == IpProtocol.TCP || sessions.protocol(key) == IpProtocol.SCTP;
    long mixed = SessionGen.mix((long) own << 16 | signature);
    long forwardIsn = opens && forward != 0 ? mixed >>> 32 & 0x7FFFFF00L | signature & 0xFF : 0;
    long reverseIsn = opens && reverse != 0 ? mixed & 0x7FFFFF00L | signature & 0xFF : 0;
    long[] words = {forwardIsn << 32 | reverseIsn, 0, (long) forward << 10 | reverse};
    SessionFacts facts = new SessionFacts();
    facts.load(words, 0);
    return facts;
  }

  private void end(SimNode node, SessionTable table, SessionRecord record) {
    publishes++;
    PublishResult result = table.remove(record, urgent(), now(node));
    if (result == PublishResult.QUEUED || result == PublishResult.STORED) {
      listeners.forEach(listener -> listener.onEnded(node, table, record));
    }
  }

  private void publish(
      SimNode node,
      SessionTable table,
      SessionRecord record,
      int group,
      int exclusion,
      int options) {
    PublishResult result = table.publish(record, group, exclusion, options, now(node));
    refused += result == PublishResult.TABLE_FULL ? 1 : 0;
  }

  private int urgent() {
    return random.nextBoolean() ? HotTable.URGENT : 0;
  }

  private static long now(SimNode node) {
    return node.nowNs();
  }
}
