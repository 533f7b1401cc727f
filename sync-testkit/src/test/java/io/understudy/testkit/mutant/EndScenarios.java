package io.understudy.testkit.mutant;

import static io.understudy.testkit.mutant.Stage.check;

import io.understudy.Announcement;
import io.understudy.SyncListener;
import io.understudy.model.IpProtocol;
import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.runtime.MemoryStore;
import io.understudy.table.PublishResult;
import io.understudy.table.TableId;
import io.understudy.tables.session.NatKind;
import io.understudy.tables.session.SessionRecord;
import io.understudy.testkit.sim.PathSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** How a node ends, what its dataplane hears and may ask for, and what its store says: the embedder's side. */
public final class EndScenarios {
  private static final int SESSIONS = 500;

  private EndScenarios() {}

  /** The active is closed in order with changes that nobody has yet. */
  public static void activeCloses() {
    OtherPair pair = pair();
    for (int i = 0; i < SESSIONS; i++) {
      publish(pair, i);
    }
    long termBefore = pair.second().term(1).number();
    pair.first().close();
    check("SingleHolder", !pair.first().mayDecide(1, pair.nowNs()), "a closed member decides");
    PublishResult late = publish(pair, SESSIONS);
    check("NotHolder", late != PublishResult.QUEUED, "a closed member's table takes a session");
    pair.run(100);
    check("Settled", pair.first().isClosed(), "not closed 100 ms after it was asked to");
    long there = pair.second().table(TableId.SESSION4).liveCount();
    check("NothingLost", there == SESSIONS, there + " of " + SESSIONS + " sessions arrived");
    boolean next = pair.second().mayDecide(1, pair.nowNs());
    check("Settled", next, "the peer does not decide 100 ms after an orderly end");
    check("TermsRise", pair.second().term(1).number() > termBefore, "without a term of its own");
  }

  /** The way to the peer is narrow, and what is owed fits neither the window nor the kernels. */
  public static void activeClosesBesideANarrowPath() {
    Stage stage = Stage.of(2, 1, 1, 8_192, 8_192);
    PathSettings slow = PathSettings.DEFAULT.withDelay(Stage.MS, 0).withBandwidth(500_000);
    stage.faults().slow(1, 2, 0, slow, 5_000 * Stage.MS);
    BulkScenarios.publishMany(stage, 0, BulkScenarios.MANY);
    stage.node(1).node().close();
    stage.run(1_900);
    long there = stage.node(2).sessions4().liveCount();
    check("NothingLost", there == BulkScenarios.MANY, "only " + there + " sessions arrived");
  }

  /** Every callback throws. */
  public static void listenerThrows() {
    OtherPair pair = new OtherPair(new MemoryStore(), new Throwing());
    run(pair, 1_000);
    publish(pair, 1);
    run(pair, 200);
    check("Callbacks", pair.first().mayDecide(1, pair.nowNs()), "the member does not decide");
    check("Callbacks", pair.first().isFlushed(2), "the member does not send");
  }

  private static final class Throwing implements SyncListener {
    @Override
    public void onRole(int group, Role before, Role now, Term term, String cause) {
      throw new IllegalStateException("a callback that throws");
    }

    @Override
    public void onPeer(int node, boolean connected) {
      throw new IllegalStateException("a callback that throws");
    }
  }

  private static void run(OtherPair pair, int ms) {
    try {
      pair.run(ms);
    } catch (RuntimeException e) {
      check("Callbacks", false, "the duty cycle ends: " + e.getMessage());
    }
  }

  /** The first right of a member that holds its group. */
  public static void holderAnnounces() {
    List<Announcement> heard = new ArrayList<>();
    SyncListener listener =
        new SyncListener() {
          @Override
          public void onAnnounce(Announcement announcement) {
            heard.add(announcement);
          }
        };
    OtherPair pair = new OtherPair(new MemoryStore(), listener);
    pair.run(1_000);
    check("Announced", heard.size() == 1, heard.size() + " announcements of one right");
    long number = heard.get(0).term().number();
    check("Announced", number == pair.first().term(1).number(), "announced is term " + number);
  }

  /** A dataplane publishes what belongs to another table, or with an exclusion that is none. */
  public static void wrongPublishes() {
    Stage stage = Stage.of(2, 1, 1);
    SessionRecord four = Stage.fact(stage.record(1, 1), 0, 1, 0);
    checkRefused(() -> stage.node(1).sessions6().publish(four, 1, 0, 0, stage.sim.nowNs()));
    checkRefused(() -> stage.node(1).sessions4().publish(four, 1, 256, 0, stage.sim.nowNs()));
    stage.settle();
  }

  private static void checkRefused(Runnable publish) {
    try {
      publish.run();
    } catch (IllegalArgumentException e) {
      return;
    } catch (IndexOutOfBoundsException e) {
      check("Refused", false, "a wrong publish broke into a write: " + e.getMessage());
    }
    check("Refused", false, "a wrong publish is accepted");
  }

  /** Two sessions want one binding of the translation. */
  public static void bindingTwice() {
    Stage stage = Stage.of(2, 1, 1);
    PublishResult first = publishBound(stage, 1);
    PublishResult second = publishBound(stage, 2);
    check("NoWrongHandle", first == PublishResult.QUEUED, "the first is " + first);
    check("NoWrongHandle", second == PublishResult.BINDING_TAKEN, "the second is " + second);
    stage.settle();
  }

  private static PublishResult publishBound(Stage stage, int i) {
    SessionRecord record = Stage.fact(stage.record(1, i), 0, 1, 0).policy(5);
    record.nat4(NatKind.SOURCE, 0xcb000001, 2_000, 0xc0a80001, 53);
    return stage.publish(1, record, 1, 0);
  }

  /** A bit of the store flips while the process is away. */
  public static void storeIsDamaged() {
    for (int bit : new int[] {0, 71, 140, 200}) {
      MemoryStore store = new MemoryStore();
      new OtherPair(store, new Throwing()).run(1_000);
      byte[] record = store.load();
      record[bit / 8] ^= (byte) (1 << bit % 8);
      store.save(record);
      try {
        new OtherPair(store, new Throwing());
      } catch (IllegalStateException e) {
        continue; // which names the store
      }
      check("TermsRise", false, "a store with bit " + bit + " flipped is believed");
    }
  }

  private static OtherPair pair() {
    OtherPair pair = new OtherPair(UnaryOperator.identity(), UnaryOperator.identity());
    pair.run(1_000);
    return pair;
  }

  private static PublishResult publish(OtherPair pair, int i) {
    SessionRecord record =
        pair.sessions().newRecord().key4(0, IpProtocol.UDP, 0x0a000001, 1_000 + i, 0xc0a80001, 53);
    Stage.fact(record, 0, 1, 0).policy(5).zones(1, 2);
    return pair.sessions().publish(record, 1, 0, 0, pair.nowNs());
  }
}
