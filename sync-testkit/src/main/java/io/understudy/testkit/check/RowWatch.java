package io.understudy.testkit.check;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for rows of live members that are other than at the last look, and tells the checks of rows.
 *
 * <p>What changed is found by comparing rows with copies ({@link RowCopies}), never told by the engine's own bookkeeping of what is owed. Which
 * rows are compared says the count of writes of their partition; once in {@value #ALL_EVERY} steps all are, and a row that changed without having
 * been counted is a failure.
 */
public final class RowWatch implements StepCheck {
  private static final int ALL_EVERY = 64;

  private final List<RowCheck> checks;
  private final List<Member> members = new ArrayList<>();
  private final RowChange change = new RowChange();
  private long nextAll;
  private boolean isAll;

  /** One member and its rows. */
  private static final class Member {
    final SimNode node;
    int life;
    long activity = -1;
    boolean isActive;
    List<RowCopies> tables = List.of();

    Member(SimNode node) {
      this.node = node;
    }
  }

  /** Tells these checks, in their order. */
  public RowWatch(SimCluster sim, RowCheck... checks) {
    this.checks = List.of(checks);
    for (SimNode node : sim.nodes()) {
      members.add(new Member(node));
    }
  }

  /** Looks at the members of which something may have changed; if there is none, no check is asked. */
  @Override
  public void afterStep(SimCluster sim) {
    boolean anyActive = false;
    for (Member member : members) {
      member.isActive = member.node.activity() != member.activity;
      anyActive |= member.isActive;
    }
    if (anyActive) {
      look(sim, sim.clock().eventsRun() >= nextAll);
    }
  }

  /** Compares every row. */
  public void lookAtAll(SimCluster sim) {
    look(sim, true);
  }

  private void look(SimCluster sim, boolean all) {
    isAll = all;
    if (all) {
      nextAll = sim.clock().eventsRun() + ALL_EVERY;
    }
    for (Member member : members) {
      if (all || member.isActive) {
        member.activity = member.node.activity();
        look(member);
      } else {
        member.tables.forEach(RowCopies::nothingChanged);
      }
    }
    for (RowCheck check : checks) {
      check.afterLook(sim, this);
    }
  }

  private void look(Member member) {
    SimNode node = member.node;
    change.node = node;
    if (!member.tables.isEmpty() && (!node.isAlive() || node.life() != member.life)) {
      for (int t = 0; t < member.tables.size(); t++) {
        change.table = t;
        member.tables.get(t).end(change, this::tell);
      }
      member.tables = List.of();
    }
    if (!node.isAlive()) {
      return;
    }
    if (member.tables.isEmpty()) {
      member.life = node.life();
      member.tables = node.tables().stream().map(RowCopies::new).toList();
    }
    for (int t = 0; t < member.tables.size(); t++) {
      change.table = t;
      member.tables.get(t).look(isAll, change, this::tell);
    }
  }

  private void tell(RowChange told) {
    for (RowCheck check : checks) {
      check.onRow(told);
    }
  }

  /** This look compared every row. */
  boolean isAll() {
    return isAll;
  }

  /** Something of the member may have changed since the look before this one. */
  boolean isActive(int id) {
    return isAll || members.get(id - 1).isActive;
  }

  int tableCount(int id) {
    return members.get(id - 1).tables.size();
  }

  /** The copies of one of the tables of a live member. */
  RowCopies rows(int id, int table) {
    return members.get(id - 1).tables.get(table);
  }
}
