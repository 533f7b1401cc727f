package io.understudy;

import io.understudy.config.SyncConfig;
import io.understudy.ha.RoleMachine;
import io.understudy.model.GroupId;
import io.understudy.model.Term;
import io.understudy.proto.v1.GroupStatus;
import io.understudy.replication.Groups;
import io.understudy.table.GenerationClock;
import io.understudy.wire.InputLimit;
import io.understudy.wire.WireFormatException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What tables and streams must know of groups, answered by the role machine and the clock. */
final class NodeGroups implements Groups {
  private final int nodeId;
  private final long known;
  private final GenerationClock clock;
  private RoleMachine roles;
  private final Map<Integer, Believed> ofPeers = new HashMap<>();
  private long sourceNs;
  private Believed believed = new Believed();
  private volatile boolean isClosed;

  NodeGroups(SyncConfig config, GenerationClock clock) {
    nodeId = config.node().value();
    known = config.groups().stream().mapToLong(group -> 1L << group.value()).sum();
    this.clock = clock;
  }

  void setRoles(RoleMachine roles) {
    this.roles = roles;
  }

  /** The peer whose frame is being applied. */
  void setSource(int node, long nowNs) {
    sourceNs = nowNs;
    believed = ofPeers.computeIfAbsent(node, peer -> new Believed());
  }

  /** What a peer says of its groups, before any of it is used. */
  void checkStatuses(List<GroupStatus> statuses) throws WireFormatException {
    for (int i = 0; i < statuses.size(); i++) {
      GroupStatus status = statuses.get(i);
      checkTerm(status.getGroup(), status.getTerm().getNumber());
      checkTerm(status.getGroup(), status.getHistory().getNumber());
      checkTerm(status.getGroup(), status.getGaveUp() - 1); // a holder goes on above it
    }
  }

  @Override
  public void checkTerm(int group, long number) throws WireFormatException {
    long own = roles.highestNumber(group);
    if (number > own) {
      believed.ofGroup(group).check(number, own, sourceNs);
    }
  }

  /** The peer names the group, or has not said yet which it names. */
  boolean isNamedBy(int peer, int group) {
    return roles.isNamedBy(peer, group);
  }

  /** Nothing is published any more. Thread: any. */
  void close() {
    isClosed = true;
  }

  @Override
  public boolean isClosed() {
    return isClosed;
  }

  @Override
  public long knownGroups() {
    return known;
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
  public boolean isUnsynced(int group) {
    return roles.isUnsynced(group);
  }

  @Override
  public void learnTerm(int group, long number, int node, boolean unsynced) {
    roles.onTermLearnt(group, new Term(number, node), unsynced, sourceNs);
  }

  @Override
  public void applied(int group, int records) {
    roles.onApplied(group, records);
  }

  @Override
  public boolean isGenerationOfThisLife(long generation) {
    return clock.isOfThisLife(generation);
  }

  @Override
  public void observeGeneration(long generation) throws WireFormatException {
    long own = clock.last();
    if (generation <= own) {
      return;
    }
    believed.generations.check(generation, own, sourceNs);
    if (clock.wouldStore(generation)) {
      believed.stores.check(believed.stores.reached() + 1, 0, sourceNs);
    }
    clock.observe(generation);
  }

  /**
   * The clock that a HELLO or a heartbeat tells. No record came with it, so what must be stored for it waits for the upkeep.
   *
   * @throws WireFormatException it is not believed; nothing else that a heartbeat says is touched by that
   */
  void hearClock(long generation) throws WireFormatException {
    InputLimit.GENERATION.check(generation);
    long own = clock.lastHeard();
    if (generation <= own) {
      return;
    }
    believed.generations.check(generation, own, sourceNs);
    if (clock.wouldStore(generation) && !clock.wouldStore(own)) { // one store is to come for both
      believed.stores.check(believed.stores.reached() + 1, 0, sourceNs);
    }
    clock.hear(generation);
  }

  /** What one peer was believed, in all of its lives. */
  private static final class Believed {
    final JumpLimit generations = JumpLimit.ofGenerations();
    final JumpLimit stores = JumpLimit.ofStores();
    private final JumpLimit[] terms = new JumpLimit[GroupId.MAX + 1];

    JumpLimit ofGroup(int group) {
      if (terms[group] == null) {
        terms[group] = JumpLimit.ofTerms();
      }
      return terms[group];
    }
  }
}
