package io.understudy.testkit.mutant;

import static io.understudy.testkit.mutant.Stage.check;

import io.understudy.NodeStatus;
import io.understudy.SyncNode;
import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.testkit.mutant.RefusedPair.Mistake;

/** Members that refuse each other, and both may hold the group: who answers is heard. */
public final class RefusedScenarios {
  private static final int BOOT_HOLD_MS = 10_000;
  private static final int TOGETHER_MS = BOOT_HOLD_MS + 1_000;
  private static final int HIGH = 200;
  private static final int LOW = 100;

  private RefusedScenarios() {}

  /** Both start; rank decides. */
  public static void startTogether() {
    for (Mistake mistake : mistakes()) {
      for (int first = 1; first <= 2; first++) {
        RefusedPair pair = new RefusedPair();
        pair.start(1, Mistake.NONE, first == 1 ? HIGH : LOW);
        pair.start(2, mistake, first == 2 ? HIGH : LOW);
        pair.run(TOGETHER_MS);
        pair.checkRefused();
        pair.checkDecides(first);
        NodeStatus other = pair.node(3 - first).status();
        check("Settled", other.group(1).role() == Role.CONNECTING, mistake + ": " + other);
        boolean follows = !other.group(1).term().equals(Term.NONE);
        check("Settled", !follows, mistake + ": a refused member's term is followed: " + other);
        check("Settled", other.peers().get(0).lastRefusal().isPresent(), "no refusal: " + other);
      }
    }
  }

  /** Both have one rank: the lower node id, or the lower life where both have one node id. */
  public static void tie() {
    for (Mistake mistake : mistakes()) {
      RefusedPair pair = new RefusedPair();
      pair.start(1, Mistake.NONE, LOW);
      pair.start(2, mistake, LOW);
      pair.run(TOGETHER_MS);
      check("Settled", pair.decides(1) || pair.decides(2), mistake + ": nobody decides");
      if (mistake != Mistake.NODE_ID) {
        pair.checkDecides(1);
      }
    }
  }

  /** One that goes before it comes late; the holder dies, and then it decides. */
  public static void holderIsHeard() {
    for (Mistake mistake : mistakes()) {
      RefusedPair pair = new RefusedPair();
      pair.start(1, Mistake.NONE, LOW);
      pair.run(BOOT_HOLD_MS + 1_000);
      pair.checkDecides(1);
      pair.start(2, mistake, HIGH);
      pair.run(BOOT_HOLD_MS + 2_000);
      pair.checkRefused();
      pair.checkDecides(1);
      pair.kill(1);
      pair.run(2_000);
      check("Settled", pair.decides(2), mistake + ": nobody took over");
    }
  }

  /** The holder leaves in order: the other one decides at once. */
  public static void holderCloses() {
    for (Mistake mistake : mistakes()) {
      RefusedPair pair = new RefusedPair();
      pair.start(1, Mistake.NONE, HIGH);
      pair.start(2, mistake, LOW);
      pair.run(BOOT_HOLD_MS + 1_000);
      pair.checkDecides(1);
      pair.node(1).close();
      pair.run(500);
      check("Settled", pair.decides(2), mistake + ": nobody took over");
    }
  }

  /** Each began alone; when the cut heals one gives way. */
  public static void bothHoldAfterACut() {
    for (Mistake mistake : mistakes()) {
      for (int first = 1; first <= 2; first++) {
        RefusedPair pair = new RefusedPair();
        pair.cut();
        pair.start(1, Mistake.NONE, first == 1 ? HIGH : LOW);
        pair.start(2, mistake, first == 2 ? HIGH : LOW);
        pair.runCut(BOOT_HOLD_MS + 2_000);
        check("Settled", pair.decides(1) && pair.decides(2), "nobody is cut off");
        pair.network().faults().healAll();
        pair.runCut(300); // the first dial after a heal comes within 200 ms
        pair.run(3_000);
        pair.checkRefused();
        pair.checkDecides(first);
      }
    }
  }

  /** The operator mends the mistake and starts that process again. */
  public static void mended() {
    for (Mistake mistake : mistakes()) {
      RefusedPair pair = new RefusedPair();
      pair.start(1, Mistake.NONE, HIGH);
      pair.start(2, mistake, LOW);
      pair.run(TOGETHER_MS);
      pair.kill(2);
      pair.run(50);
      pair.start(2, Mistake.NONE, LOW);
      pair.run(3_000);
      pair.checkDecides(1);
      check("Settled", pair.node(1).role(1) == Role.ACTIVE, "role " + pair.node(1).role(1));
      check("Settled", pair.node(2).role(1) == Role.STANDBY, "role " + pair.node(2).role(1));
    }
  }

  /** Somebody at no peer's address says that he is the peer and holds the group. */
  public static void stranger() {
    RefusedPair pair = new RefusedPair();
    pair.start(2, Mistake.NONE, HIGH);
    pair.run(BOOT_HOLD_MS + 1_000);
    pair.checkDecides(2);
    pair.kill(2);
    SyncNode stranger = pair.startStranger(3, 2, HIGH);
    pair.run(BOOT_HOLD_MS + 1_000);
    pair.start(1, Mistake.NONE, LOW);
    pair.run(BOOT_HOLD_MS + 2_000);
    check("Settled", stranger.mayDecide(1, pair.nowNs()), "the stranger does not hold the group");
    check("Settled", pair.decides(1), "a stranger holds a claim back");
  }

  /** However long they refuse each other, there are never more connections. */
  public static void connectionsAreBounded() {
    for (Mistake mistake : mistakes()) {
      RefusedPair pair = new RefusedPair();
      pair.start(1, Mistake.NONE, HIGH);
      pair.start(2, mistake, LOW);
      pair.run(TOGETHER_MS);
      for (int i = 0; i < 3_000; i++) {
        pair.run(1);
        int open = pair.transport(1).connectionCount();
        check("Bounded", open <= 6, mistake + ": " + open + " connections"); // 2 are data, 2 end
      }
    }
  }

  private static Mistake[] mistakes() {
    return new Mistake[] {
      Mistake.CLUSTER, Mistake.HASH_KEY, Mistake.WIRE_VERSION, Mistake.SCHEMA, Mistake.NODE_ID
    };
  }
}
