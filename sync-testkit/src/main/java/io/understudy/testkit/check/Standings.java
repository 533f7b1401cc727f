package io.understudy.testkit.check;

import io.understudy.model.Term;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimNode;
import java.util.Arrays;

/** What the members are in their groups, with a number for each that rises when it changes. */
final class Standings {
  private final Member[] members;
  private final int groups;

  private static final class Member {
    int life;
    long number;
    long[] termNumbers;
    int[] termNodes;
    boolean[] holds;
  }

  Standings(SimCluster sim) {
    groups = sim.settings().groups();
    members = new Member[sim.settings().members() + 1];
    for (int i = 0; i < members.length; i++) {
      members[i] = new Member();
      members[i].termNumbers = new long[groups + 1];
      members[i].termNodes = new int[groups + 1];
      members[i].holds = new boolean[groups + 1];
    }
  }

  /** Looks at a live member again. */
  void look(SimNode node) {
    Member member = members[node.id()];
    boolean changed = member.life != node.life();
    member.life = node.life();
    for (int group = 1; group <= groups; group++) {
      Term term = node.node().term(group);
      boolean holds = node.node().role(group).isHolder();
      changed |=
          holds != member.holds[group]
              || term.number() != member.termNumbers[group]
              || term.node() != member.termNodes[group];
      member.termNumbers[group] = term.number();
      member.termNodes[group] = term.node();
      member.holds[group] = holds;
    }
    member.number += changed ? 1 : 0;
  }

  /** The member is dead. */
  void gone(SimNode node) {
    Member member = members[node.id()];
    if (member.life != 0) {
      member.life = 0;
      member.number++;
      Arrays.fill(member.holds, false);
    }
  }

  /** Rises with each change. */
  long number(int id) {
    return members[id].number;
  }

  boolean holds(int id, int group) {
    return group <= groups && members[id].holds[group];
  }

  /** Two live members are in the same term of the group. */
  boolean agree(int one, int other, int group) {
    return members[one].termNumbers[group] == members[other].termNumbers[group]
        && members[one].termNodes[group] == members[other].termNodes[group];
  }
}
