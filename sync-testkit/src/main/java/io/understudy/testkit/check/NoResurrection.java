package io.understudy.testkit.check;

import io.understudy.metrics.SyncCounter;
import io.understudy.model.Term;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import io.understudy.testkit.gen.TrafficGen;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * A generation that its holder ended never comes back once it is buried.
 *
 * <p>It is buried when no member has it live, and the member that ended it has forgotten its tombstone while it still held the group
 * in the same term and life and nobody else held it too. A delete that a holder could not tell everybody before it died is not
 * buried: the next holder may not know of it.
 *
 * <p>Nor is one that ended while a peer was not remembered, or whose tombstone was given up later, because tombstones filled their share of
 * the table or the peer was away for long: such a peer gets everything again, and what it should not have is swept (protocol, rule 9).
 * Nor is one of another creator that ended before every peer had the bulk of the term in which it did: what the former holder sent such a peer
 * is known to nobody else, may lie in its sockets for any time, and is swept with that bulk. That the members come to the same tables is seen at the end.
 * Nor is anything after a store was emptied or put back: its member goes on from what others have seen of its generations, and may give those
 * again, to other keys, that nobody had seen.
 * Nor is one that ends while a process has another member's node id, and may be taken for its next life, which holds nothing.
 * Nor is one that was live at a member that died while it held the group beside another holder: what it had sent, in a term that may be the higher one,
 * lies in its sockets too.
 *
 * <p>A tombstone that a newer generation took over in place (protocol, rule 5) is not forgotten before every peer acknowledged what
 * stands there now: until then the create of the ended generation may be on its way, ahead of its end in the same stream.
 */
public final class NoResurrection implements RowCheck, TrafficGen.Ended {
  /** Odd, so that no two ids become one; generations of one moment differ in few bits. */
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  private final SimCluster sim;
  private final Map<Long, Grave> open = new HashMap<>();
  private final Set<Long> buried = new HashSet<>();

  /** How many members have a generation live, or as a tombstone. */
  private final Map<Long, Integer> live = new HashMap<>();

  private final Map<Long, Integer> dead = new HashMap<>();

  /** For each group, what the holder's peers have. */
  private final Synced[][] synced;

  /** Live at a member that died while another one held the group too. */
  private final Set<Long> scattered = new HashSet<>();

  /** For each group and member, whether it held the group at the last look. */
  private final boolean[][] held;

  private int lostStores;
  private final SimNode[] holders;
  private final int[] holderCounts;

  /**
   * Where and as what a generation ended.
   *
   * @param slot its tombstone's, which a newer generation on the key takes over; NONE: it left no tombstone
   */
  private record Grave(
      SimNode node,
      int life,
      int group,
      Term term,
      HotTable table,
      Partition partition,
      int slot,
      long debtsDropped) {}

  /** The last term in which a peer had everything of a group, and whose lives that was in. */
  private static final class Synced {
    Term term = Term.NONE;
    int node;
    int life;
    int peerLife;
  }

  public NoResurrection(SimCluster sim) {
    this.sim = sim;
    synced = new Synced[sim.settings().groups() + 1][sim.settings().members() + 1];
    for (Synced[] ofGroup : synced) {
      Arrays.setAll(ofGroup, peer -> new Synced());
    }
    held = new boolean[sim.settings().groups() + 1][sim.settings().members() + 1];
    holders = new SimNode[sim.settings().groups() + 1];
    holderCounts = new int[holders.length];
  }

  @Override
  public void onEnded(SimNode node, SessionTable table, SessionRecord session) {
    int group = session.group();
    HotTable hot = table.table();
    long id = id(hot.spec().number(), session.generation(), session.creator());
    Partition partition = hot.partition(table.partition(session));
    Term term = node.node().term(group);
    boolean isOwn = session.creator() == node.id();
    if (node.isRefused() || !remembersAll(node) || !isOwn && !isSyncedEverywhere(node, group)) {
      return; // a peer may get its create after the end, and the sweep behind that
    }
    open.put(
        id,
        new Grave(
            node,
            node.life(),
            group,
            term,
            hot,
            partition,
            dead(hot, partition, id),
            debtsDropped(node)));
  }

  /** The tombstone of this generation, if there is one. */
  private static int dead(HotTable table, Partition partition, long id) {
    int slot = partition.nextDead(0);
    while (slot != Partition.NONE && id(table, partition, slot) != id) {
      slot = partition.nextDead(slot + 1);
    }
    return slot;
  }

  private static long id(HotTable table, Partition partition, int slot) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    return id(table.spec().number(), Row.generation(slab, row), Row.creator(slab, row));
  }

  private static long id(int table, long generation, int creator) {
    return (generation << 12 | (long) creator << 4 | table) * SPREAD;
  }

  @Override
  public void onRow(RowChange change) {
    if (change.isMarksOnly()) {
      return;
    }
    int table = change.tableNumber();
    if (change.stateBefore() != Row.FREE) {
      long id = id(table, change.generationBefore(), change.creatorBefore());
      if (change.isEndOfLife() && isHeldByTwo(change.node(), change.groupBefore())) {
        scattered.add(id);
      }
      (change.stateBefore() == Row.LIVE ? live : dead)
          .computeIfPresent(id, (key, count) -> count == 1 ? null : count - 1);
    }
    if (change.state() != Row.FREE) {
      long id = id(table, change.generation(), change.creator());
      (change.isLive() ? live : dead).merge(id, 1, Integer::sum);
      if (change.isLive()) {
        checkBuried(change, id);
      }
    }
  }

  private boolean isHeldByTwo(SimNode dead, int group) {
    int count = 0;
    for (boolean holds : held[group]) {
      count += holds ? 1 : 0;
    }
    return held[group][dead.id()] && count > 1;
  }

  private void checkBuried(RowChange change, long id) {
    if (buried.contains(id) && !scattered.contains(id)) {
      throw new SimFailure(
          "NoResurrection",
          "generation "
              + change.generation()
              + "@"
              + change.creator()
              + " of group "
              + change.group()
              + " lives again at node "
              + change.node().id());
    }
  }

  private boolean isSyncedEverywhere(SimNode node, int group) {
    boolean all = true;
    for (SimNode peer : sim.nodes()) {
      Synced last = synced[group][peer.id()];
      all &=
          peer == node
              || last.node == node.id()
                  && last.life == node.life()
                  && last.peerLife == peer.life()
                  && last.term.equals(node.node().term(group));
    }
    return all;
  }

  private void lookForSynced(SimNode node, int group) {
    for (SimNode peer : sim.nodes()) {
      if (peer.isMetBy(node) && node.node().isInSync(peer.id(), group)) {
        Synced last = synced[group][peer.id()];
        last.term = node.node().term(group);
        last.node = node.id();
        last.life = node.life();
        last.peerLife = peer.life();
      }
    }
  }

  @Override
  public void afterLook(SimCluster cluster, RowWatch rows) {
    for (SimNode node : sim.nodes()) {
      for (int group = 1; group < holders.length; group++) {
        held[group][node.id()] = node.isAlive() && node.node().role(group).isHolder();
        if (node.isAlive() && node.mayDecide(group)) {
          lookForSynced(node, group);
        }
      }
    }
    forgetLostStores();
    if (open.isEmpty()) {
      return;
    }
    for (int group = 1; group < holders.length; group++) {
      lookForHolders(group);
    }
    if (sim.hasNamesakes()) {
      open.clear();
    }
    for (Iterator<Map.Entry<Long, Grave>> i = open.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<Long, Grave> entry = i.next();
      if (!stillHolds(entry.getValue()) || isGivenUp(entry.getValue())) {
        i.remove();
      } else if (!live.containsKey(entry.getKey())
          && !dead.containsKey(entry.getKey())
          && isForgotten(entry.getValue())) {
        buried.add(entry.getKey());
        i.remove();
      }
    }
  }

  private void forgetLostStores() {
    int now = 0;
    for (SimNode node : sim.nodes()) {
      now += node.lostStores();
    }
    if (now != lostStores) {
      lostStores = now;
      open.clear();
      buried.clear();
    }
  }

  private void lookForHolders(int group) {
    holderCounts[group] = 0;
    for (SimNode node : sim.nodes()) {
      if (node.isAlive() && node.node().role(group).isHolder()) {
        holderCounts[group]++;
        holders[group] = node;
      }
    }
  }

  /** The slot is free again where the entry ended, or every peer has what stands there now. */
  private boolean isForgotten(Grave grave) {
    Partition partition = grave.partition();
    if (!partition.isUsed(grave.slot())) {
      return true;
    }
    boolean forgotten = true;
    for (SimNode peer : sim.nodes()) {
      forgotten &=
          peer == grave.node()
              || peer.isMetBy(grave.node())
                  && grave
                      .node()
                      .node()
                      .isAcknowledged(peer.id(), grave.table(), partition, grave.slot());
    }
    return forgotten;
  }

  private boolean remembersAll(SimNode node) {
    boolean all = true;
    for (SimNode peer : sim.nodes()) {
      all &= peer == node || node.node().isRemembered(peer.id());
    }
    return all;
  }

  private static long debtsDropped(SimNode node) {
    return node.node().counters().get(SyncCounter.DEBTS_DROPPED);
  }

  /** A peer's debt was dropped since, so its create may arrive after its tombstone is gone: the sweep ends it there. */
  private static boolean isGivenUp(Grave grave) {
    return debtsDropped(grave.node()) != grave.debtsDropped();
  }

  private boolean stillHolds(Grave grave) {
    SimNode node = grave.node();
    return node.isAlive()
        && node.life() == grave.life()
        && !isHeldByAnother(node, grave.group())
        && node.node().term(grave.group()).equals(grave.term());
  }

  private boolean isHeldByAnother(SimNode node, int group) {
    return holderCounts[group] > 1 || holderCounts[group] == 1 && holders[group] != node;
  }
}
