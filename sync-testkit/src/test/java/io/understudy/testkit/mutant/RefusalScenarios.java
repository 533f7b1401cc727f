package io.understudy.testkit.mutant;

import static io.understudy.testkit.mutant.Stage.check;

import io.understudy.metrics.Accounting;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.IpProtocol;
import io.understudy.proto.v1.Batch;
import io.understudy.proto.v1.Frame;
import io.understudy.tables.session.SessionRecord;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimSettings;
import io.understudy.testkit.sim.PathSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** What is refused, quarantined or never acknowledged: rules 3 and 14. */
public final class RefusalScenarios {
  private static final int REFUSED = 60_000;

  private RefusalScenarios() {}

  /** So much reaches a full standby at once that what it refuses fits no frame. */
  public static void moreRefusedThanAFrameHolds() {
    PathSettings path = PathSettings.DEFAULT.withBuffers(1 << 25, 1 << 25);
    SimSettings settings =
        new SimSettings(2, 1, 1, List.of(65_536, 1_024), 1 << 25, Duration.ofSeconds(2), path);
    Stage stage = Stage.of(settings);
    stage.node(2).pause();
    stage.publishAll(1, REFUSED, 5);
    stage.run(100);
    stage.node(2).resume();
    try {
      stage.run(2_000);
    } catch (IllegalStateException e) { // the writer of the frame says so
      throw new SimFailure("Bounded", e.getMessage());
    }
    long held = stage.node(2).sessions4().liveCount();
    Accounting accounting = stage.node(1).node().accounting(2);
    check("NothingLost", accounting.acknowledged() == held, held + " there: " + accounting);
    check("NothingLost", accounting.refused() == REFUSED - held, "refused: " + accounting);
    for (int i = 250; i < REFUSED; i++) {
      stage.remove(1, i);
    }
    stage.settle();
  }

  /** The peer is alive, and its acknowledgements arrive on no connection that was open when the session was published. */
  public static void streamStands() {
    AtomicInteger opened = new AtomicInteger();
    AtomicInteger standing =
        new AtomicInteger(-1); // both members dial, so that more than one is open
    OtherPair pair =
        new OtherPair(
            UnaryOperator.identity(),
            frame -> {
              boolean data = frame.hasHello() && frame.getHello().getKindValue() == 1;
              int connections = data ? opened.incrementAndGet() : opened.get();
              return connections == standing.get() && frame.hasAck()
                  ? frame.toBuilder().clearAck().build()
                  : frame;
            });
    pair.run(1_000);
    standing.set(opened.get());
    publish(pair, 1);
    pair.run(5_000);
    check("Settled", pair.first().isFlushed(2), "nothing is acknowledged for 5 s");
  }

  /** Whenever one session is sent, its key belongs to another partition than the one named. */
  public static void keyOfAnotherPartition() {
    OtherPair pair =
        new OtherPair(
            UnaryOperator.identity(),
            UnaryOperator.identity(),
            RefusalScenarios::withOtherPartition);
    pair.run(1_000);
    publish(pair, 1);
    pair.run(3_000);
    for (int i = 2; i < 40; i++) {
      publish(pair, i);
    }
    pair.run(2_000);
    Accounting accounting = pair.first().accounting(2);
    check("NothingLost", accounting.refused() == 1, "not counted as refused: " + accounting);
    check("NothingLost", accounting.acknowledged() == 38, "not acknowledged: " + accounting);
    long quarantined = pair.second().counters().get(SyncCounter.RECORDS_QUARANTINED);
    check("NothingLost", quarantined > 0, "it was not quarantined");
  }

  /** Once, a batch names a slot far beyond what its sender's HELLO says. */
  public static void slotBeyondTheTable() {
    OtherPair pair =
        forgedOnce(batch -> batch.getSlotCount() == 0 ? batch : batch.setSlot(0, 500_000));
    try {
      pair.run(2_000);
    } catch (IndexOutOfBoundsException e) {
      check("Bounded", false, "what a peer said reached an array: " + e.getMessage());
    }
    long rejected = pair.second().counters().get(SyncCounter.FRAMES_REJECTED);
    check("Bounded", rejected == 1, rejected + " frames were rejected");
    check("NothingLost", pair.first().isFlushed(2), "the session did not arrive");
  }

  /** Once, an acknowledgement refuses a session for a reason that there is not. */
  public static void reasonBeyondAll() {
    Refusing peer = new Refusing(9);
    peer.publish(5);
    peer.pair().run(1_000);
    Accounting accounting = peer.pair().first().accounting(2);
    check("NothingLost", accounting.acknowledged() == 1, "not acknowledged: " + accounting);
  }

  /** One session, whose first frame the second member hears with another batch. */
  private static OtherPair forgedOnce(UnaryOperator<Batch.Builder> forged) {
    boolean[] told = {false};
    UnaryOperator<Frame> ear =
        frame -> {
          if (told[0] || frame.getBatchCount() == 0) {
            return frame;
          }
          told[0] = true;
          Frame.Builder other = frame.toBuilder();
          forged.apply(other.getBatchBuilder(0));
          return other.build();
        };
    OtherPair pair = new OtherPair(UnaryOperator.identity(), UnaryOperator.identity(), ear);
    pair.run(1_000);
    publish(pair, 1);
    return pair;
  }

  private static Frame withOtherPartition(Frame frame) {
    Frame.Builder other = frame.toBuilder();
    for (Batch.Builder batch : other.getBatchBuilderList()) {
      if (batch.getCount() == 1 && batch.getGenerationCount() == 1) {
        batch.setPartition(batch.getPartition() ^ 1);
      }
    }
    return other.build();
  }

  private static void publish(OtherPair pair, int i) {
    SessionRecord record =
        pair.sessions().newRecord().key4(0, IpProtocol.UDP, 0x0a000001, 1_000 + i, 0xc0a80001, 53);
    Stage.fact(record, 0, 1, 0).policy(5).zones(1, 2);
    pair.sessions().publish(record, 1, 0, 0, pair.nowNs());
  }
}
