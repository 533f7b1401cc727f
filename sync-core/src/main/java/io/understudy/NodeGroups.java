package io.understudy;

import io.understudy.ha.RoleMachine;
import io.understudy.model.Term;
import io.understudy.replication.Groups;
import io.understudy.table.GenerationClock;

/** What tables and streams must know of groups, answered by the role machine and the clock. */
final class NodeGroups implements Groups {
  private final int nodeId;
  private final GenerationClock clock;
  private RoleMachine roles;
  private int source;

  NodeGroups(int nodeId, GenerationClock clock) {
    this.nodeId = nodeId;
    this.clock = clock;
  }

  void setRoles(RoleMachine roles) {
    this.roles = roles;
  }

  /** The peer whose frame is being applied. */
  void setSource(int node) {
    source = node;
  }

  @Override
  public boolean holds(int group) {
    return roles.holds(group);
  }

  @Override
  public long termNumber(int group) {
    return roles.termNumber(group);
  }

  @Override
  public long nextGeneration() {
    return clock.next();
  }

  @Override
  public int nodeId() {
    return nodeId;
  }

  @Override
  public int holder(int group) {
    return roles.term(group).node();
  }

  @Override
  public void learnTerm(int group, long number, int node) {
    roles.onTermLearnt(source, group, new Term(number, node));
  }

  @Override
  public void applied(int group, int records) {
    roles.onApplied(group, records);
  }

  @Override
  public void observeGeneration(long generation) {
    clock.observe(generation);
  }
}
