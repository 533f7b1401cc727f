package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.Role;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.Batch;
import io.understudy.proto.v1.BatchKind;
import io.understudy.proto.v1.BulkMark;
import io.understudy.proto.v1.Frame;
import io.understudy.proto.v1.Gone;
import io.understudy.proto.v1.GroupStatus;
import io.understudy.proto.v1.Hello;
import io.understudy.proto.v1.Need;
import io.understudy.proto.v1.RefusedRecords;
import io.understudy.proto.v1.Term;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A frame that no honest member sends closes its connection; the next one carries on, and nothing is lost. */
class BadFrameSimTest {
  private static final int SESSIONS = 200;

  private final HearingPair pair = new HearingPair(1);

  /** What node 2 hears once in place of a frame of node 1. */
  private enum Bad {
    GARBAGE(frame -> true, bytes -> new byte[] {(byte) 0xFF, 0x01, 0x02, 0x03}),
    CUT_SHORT(frame -> frame.getNumber() > 0, bytes -> Arrays.copyOf(bytes, bytes.length - 1)),
    FRAME_LEFT_OUT(frame -> frame.getNumber() > 0, edit(f -> f.setNumber(f.getNumber() + 1))),
    PARTITION_BEYOND_THE_LAST(batch(b -> b.setPartition(256))),
    PARTITION_OF_ANOTHER_KEY(batch(b -> b.setPartition(b.getPartition() ^ 1))),
    GROUP_BEYOND_THE_LAST(batch(b -> b.setGroup(64))),
    GROUP_ZERO(batch(b -> b.setGroup(0))),
    UNKNOWN_KIND(batch(b -> b.setKindValue(8))),
    TERM_BEYOND_ITS_BITS(batch(b -> b.setTermNumber(1L << 32))),
    NEGATIVE_TERM(batch(b -> b.setTermNumber(-1))),
    TERM_NODE_BEYOND_THE_LAST(batch(b -> b.setTermNode(65_536))),
    EPOCH_FAR_AHEAD(batch(b -> b.setEpoch(1L << 40))),
    NEGATIVE_EPOCH(batch(b -> b.setEpoch(Long.MIN_VALUE))),
    SLOT_OF_ANOTHER_PARTITION(batch(b -> b.setSlot(0, 1 << 20))),
    SLOT_BEYOND_THE_LAST_PARTITION(batch(b -> b.setSlot(0, Integer.MAX_VALUE))),
    SLOT_BEYOND_WHAT_HELLO_TOLD(batch(b -> b.setSlot(0, 500))),
    BATCH_WITHOUT_A_NUMBER(f -> f.getBatchCount() > 0, edit(Frame.Builder::clearNumber)),
    MARK_WITHOUT_A_NUMBER(f -> f.getBulkMarkCount() > 0, edit(Frame.Builder::clearNumber)),
    NEGATIVE_NUMBER(f -> f.getNumber() > 0, edit(f -> f.setNumber(-1))),
    NEGATIVE_GENERATION(batch(b -> b.setGeneration(0, -5))),
    LAST_GENERATION(batch(b -> b.setGeneration(0, Long.MAX_VALUE))),
    MORE_RECORDS_THAN_COUNTED(batch(b -> b.setCount(b.getCount() + 1))),
    MARK_TWICE(frame -> frame.getBulkMarkCount() > 0, edit(f -> f.addBulkMark(f.getBulkMark(0)))),
    MARK_OF_NO_PARTITION(mark(m -> m.setPartition(256))),
    MARK_OF_A_NEGATIVE_PARTITION(mark(m -> m.setPartition(-1))),
    MARK_OF_NO_GROUP(mark(m -> m.setGroup(-1))),
    MARK_OF_NO_TERM(mark(m -> m.setTermNumber(-1))),
    MARK_OF_NO_EPOCH(mark(m -> m.setEpoch(1L << 40))),
    ACKNOWLEDGES_WHAT_WAS_NOT_SENT(
        frame -> frame.getNumber() > 0, edit(f -> f.setAck(Ack.newBuilder().setFrame(1 << 20)))),
    REFUSES_WITHOUT_A_REASON(
        frame -> frame.getNumber() > 0,
        edit(
            f ->
                f.setAck(
                    Ack.newBuilder()
                        .addRefused(
                            RefusedRecords.newBuilder()
                                .addRecord(0)
                                .setReason(ByteString.EMPTY))))),
    REFUSES_FOR_NO_KNOWN_REASON(refusal(1, 0, 5)),
    REFUSES_IN_A_FRAME_IT_DOES_NOT_ACKNOWLEDGE(refusal(1 << 20, 0, 0)),
    REFUSES_IN_A_BATCH_BEYOND_THE_LAST(refusal(1, 1_024, 0)),
    ASKS_WITH_A_LONG_KEY(
        f -> f.getNumber() > 0,
        edit(f -> f.addNeed(Need.newBuilder().setTable(1).setGroup(2).addAllKey(words(3))))),
    ANSWERS_WITH_A_LONG_KEY(
        f -> f.getNumber() > 0,
        edit(f -> f.addGone(Gone.newBuilder().setTable(1).setGroup(2).addAllKey(words(3))))),
    ASKS_TOO_MUCH(
        f -> f.getNumber() > 0,
        edit(f -> f.addAllNeed(Collections.nCopies(65, Need.newBuilder().setTable(1).build())))),
    MARKS_WITHOUT_END(
        f -> f.getBulkMarkCount() > 0,
        edit(f -> f.addAllBulkMark(Collections.nCopies(257, f.getBulkMark(0))))),
    HELLO_OF_NO_SLOTS(Frame::hasHello, edit(f -> f.setHello(slots(f.getHello(), 0)))),
    HELLO_OF_TOO_MANY_SLOTS(Frame::hasHello, edit(f -> f.setHello(slots(f.getHello(), 253_009)))),
    HELLO_OF_NO_WINDOW(
        Frame::hasHello, edit(f -> f.setHello(f.getHello().toBuilder().setWindowBytes(0)))),
    HELLO_OF_NO_GROUP(
        Frame::hasHello,
        edit(f -> f.setHello(Hello.newBuilder(f.getHello()).addGroups(status(64, 1, 1))))),
    HEARTBEAT_OF_NO_GROUP(heartbeat(status(64, 1, 1))),
    HEARTBEAT_OF_A_NEGATIVE_GROUP(heartbeat(status(-1, 1, 1))),
    HEARTBEAT_OF_NO_TERM(heartbeat(status(1, 1L << 32, 1))),
    HEARTBEAT_OF_A_TERM_THAT_NOBODY_COUNTED_TO(heartbeat(status(1, 0xFFFF_FFF0L, 1))),
    HEARTBEAT_OF_A_HISTORY_THAT_NOBODY_COUNTED_TO(
        heartbeat(
            GroupStatus.newBuilder()
                .setGroup(1)
                .setHistory(Term.newBuilder().setNumber(1L << 31).setNode(1))
                .build())),
    HEARTBEAT_OF_NO_PRIORITY(
        heartbeat(GroupStatus.newBuilder().setGroup(1).setPriority(256).build())),
    HEARTBEAT_OF_A_GROUP_64_TIMES(
        Frame::hasHeartbeat,
        edit(
            f -> {
              for (int i = 0; i < 64; i++) {
                f.setHeartbeat(f.getHeartbeat().toBuilder().addGroups(status(1, 1, 1)));
              }
            })),
    TERM_THAT_NOBODY_COUNTED_TO(batch(b -> b.setTermNumber(0xFFFF_FFF0L))),
    MARK_OF_A_TERM_THAT_NOBODY_COUNTED_TO(mark(m -> m.setTermNumber(0xFFFF_FFF0L))),
    GENERATION_THAT_NOBODY_COUNTED_TO(batch(b -> b.setGeneration(0, 1L << 61))),
    HELLO_WITH_A_LONG_CLUSTER(
        Frame::hasHello,
        edit(f -> f.setHello(f.getHello().toBuilder().setCluster("x".repeat(65_000))))),
    HELLO_WITH_MANY_TABLES(
        Frame::hasHello,
        edit(
            f -> {
              for (int i = 0; i < 65; i++) {
                f.getHelloBuilder().addTablesBuilder().setTable(i + 1_000);
              }
            })),
    HEARTBEAT_OF_NO_NODE(heartbeat(status(1, 1, 65_536)));

    final Predicate<Frame> at;
    final UnaryOperator<byte[]> change;

    Bad(Predicate<Frame> at, UnaryOperator<byte[]> change) {
      this.at = at;
      this.change = change;
    }

    Bad(Change change) {
      this(change.at, change.bytes);
    }
  }

  private record Change(Predicate<Frame> at, UnaryOperator<byte[]> bytes) {}

  private static Change batch(Consumer<Batch.Builder> edit) {
    return new Change(
        f -> f.getBatchCount() > 0 && f.getBatch(0).getGenerationCount() > 0,
        edit(f -> edit.accept(f.getBatchBuilder(0))));
  }

  /** In an acknowledgement of frame 1, which the peer's stream had long ago. */
  private static Change refusal(long frame, int batch, int reason) {
    RefusedRecords records =
        RefusedRecords.newBuilder()
            .setFrame(frame)
            .setBatch(batch)
            .addRecord(0)
            .setReason(ByteString.copyFrom(new byte[] {(byte) reason}))
            .build();
    return new Change(
        f -> f.getNumber() > 0,
        edit(f -> f.setAck(Ack.newBuilder().setFrame(1).addRefused(records))));
  }

  private static List<Long> words(int count) {
    return Collections.nCopies(count, 1L);
  }

  private static Hello slots(Hello hello, int slots) {
    Hello.Builder other = hello.toBuilder();
    other.getTablesBuilder(0).setSlots(slots);
    return other.build();
  }

  private static Change mark(Consumer<BulkMark.Builder> edit) {
    return new Change(
        f -> f.getBulkMarkCount() > 0, edit(f -> edit.accept(f.getBulkMarkBuilder(0))));
  }

  private static Change heartbeat(GroupStatus status) {
    return new Change(
        Frame::hasHeartbeat,
        edit(f -> f.setHeartbeat(f.getHeartbeat().toBuilder().addGroups(status))));
  }

  private static GroupStatus status(int group, long number, int node) {
    return GroupStatus.newBuilder()
        .setGroup(group)
        .setTerm(Term.newBuilder().setNumber(number).setNode(node))
        .build();
  }

  private static UnaryOperator<byte[]> edit(Consumer<Frame.Builder> edit) {
    return HearingTransport.ofFrames(
        frame -> {
          Frame.Builder other = frame.toBuilder();
          edit.accept(other);
          return other.build();
        });
  }

  /** Changes the first frame for which that is possible, and notes that it did. */
  private static final class Once implements UnaryOperator<byte[]> {
    private final Bad bad;
    private boolean isDone;

    Once(Bad bad) {
      this.bad = bad;
    }

    @Override
    public byte[] apply(byte[] bytes) {
      if (isDone || !bad.at.test(HearingTransport.frame(bytes))) {
        return bytes;
      }
      isDone = true;
      return bad.change.apply(bytes);
    }
  }

  @ParameterizedTest
  @EnumSource(Bad.class)
  void badFrameClosesTheConnectionAndLosesNothing(Bad bad) {
    Once once = new Once(bad);
    pair.hears(2, once);
    pair.run(100);
    pair.publish(SESSIONS, 1);
    pair.run(1_000);
    pair.publish(SESSIONS / 2, 2);

    pair.run(3_000);

    assertTrue(once.isDone, "no frame could be changed");
    assertEquals(1, pair.rejected(2));
    assertTrue(pair.isConnected());
    assertEquals(SESSIONS, pair.dump(2).size());
    assertEquals(pair.dump(1), pair.dump(2));
  }

  @Test
  void framesWithAsManyQuestionsAndMarksAsMayBeAreRead() {
    int[] asked = {0};
    int[] marked = {0};
    pair.hears(
        2,
        edit(
            f -> {
              if (f.getNumber() > 0) {
                asked[0]++;
                f.clearNeed();
                f.addAllNeed(Collections.nCopies(64, Need.newBuilder().setTable(1).build()));
              }
              if (f.getBulkMarkCount() > 0) {
                marked[0]++;
                int more = 256 - f.getBulkMarkCount();
                f.addAllBulkMark(Collections.nCopies(more, f.getBulkMark(0)));
              }
            }));
    pair.publish(SESSIONS, 1);

    pair.run(3_000);

    assertTrue(asked[0] > 0 && marked[0] > 0, "no frame could be changed");
    assertEquals(0, pair.rejected(2));
    assertEquals(pair.dump(1), pair.dump(2));
  }

  /** The connection is there again within milliseconds, and what the peer has stays complete. */
  @Test
  void badFrameOnADataConnectionChangesNoRole() {
    pair.run(1_000);
    pair.publish(SESSIONS, 1);
    pair.run(500);
    Once once = new Once(Bad.CUT_SHORT);
    pair.hears(2, once);
    pair.publish(SESSIONS / 2, 2);

    for (int i = 0; i < 500; i++) {
      pair.run(1);
      assertEquals(Role.ACTIVE, pair.node(1).role(1));
      assertEquals(Role.STANDBY, pair.node(2).role(1));
    }

    assertTrue(once.isDone, "no frame could be changed");
    assertEquals(1, pair.rejected(2));
    assertTrue(pair.isConnected());
  }

  /** A clock is a hint. A holder that counts on the peer would else be fenced by it: nothing is echoed on a connection that is closed. */
  @ParameterizedTest
  @ValueSource(longs = {1L << 55, 1L << 62, Long.MAX_VALUE, -1})
  void clockThatNobodyCountedToIsPassedOverAndChangesNoRole(long clock) {
    pair.run(1_000);
    pair.publish(SESSIONS, 1);
    UnaryOperator<byte[]> forge =
        edit(
            f -> {
              if (f.hasHeartbeat()) {
                f.setHeartbeat(f.getHeartbeat().toBuilder().setGenerationClock(clock));
              }
            });
    pair.hears(1, forge);
    pair.hears(2, forge);

    for (int i = 0; i < 500; i++) {
      pair.run(1);
      assertEquals(Role.ACTIVE, pair.node(1).role(1));
      assertEquals(Role.STANDBY, pair.node(2).role(1));
    }

    for (int node = 1; node <= 2; node++) {
      assertTrue(pair.node(node).counters().get(SyncCounter.CLOCKS_NOT_BELIEVED) > 0);
      assertEquals(0, pair.rejected(node));
    }
    pair.publish(SESSIONS / 2, 2);
    pair.run(1_000);
    assertEquals(pair.dump(1), pair.dump(2));
  }

  @Test
  void needOfAGroupThatNobodyCanHoldIsPassedOver() {
    pair.run(1_000);
    pair.publish(SESSIONS, 1);
    Need need = Need.newBuilder().setTable(1).setGroup(-1).build();
    pair.hears(1, edit(f -> f.addNeed(need)));

    pair.run(200);

    pair.hearAsSent();
    pair.run(1_000);
    assertTrue(pair.isConnected());
    assertEquals(pair.dump(1), pair.dump(2));
  }

  /** Of a group that this member has not nobody can be asked: such facts would fill the list of what is asked, for ever. */
  @Test
  void factsOfAGroupThatIsNotHereArePassedOverAndAskNothing() {
    factsOfNoTermAskNothing(9, SyncCounter.UNKNOWN_FIELDS);
  }

  @Test
  void factsOfNoTermAreDroppedAndAskNothing() {
    factsOfNoTermAskNothing(1, SyncCounter.STALE_TERM_BATCHES);
  }

  private void factsOfNoTermAskNothing(int group, SyncCounter counter) {
    pair.run(1_000);
    pair.publish(SESSIONS, 1);
    pair.run(500);
    int[] changed = {0};
    pair.hears(
        1,
        edit(
            f -> {
              for (Batch.Builder batch : f.getBatchBuilderList()) {
                if (batch.getKind() == BatchKind.FACTS) {
                  changed[0]++;
                  batch.setGroup(group).setTermNumber(0);
                }
              }
            }));
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20; i++) {
      pair.traffic(random);
      pair.run(10);
    }

    assertTrue(changed[0] > 0, "node 2 told no facts");
    assertTrue(pair.counter(1, counter) >= changed[0]);
    pair.hearAsSent();
    pair.run(2_000);
    assertTrue(pair.isConnected());
  }

  /** Each seed is other traffic and other damage, at node 1, at node 2 or at both, now and then from the first HELLO on. */
  @ParameterizedTest
  @ValueSource(longs = {0, 8, 16, 24, 32})
  void framesChangedAtRandomNeverStopAMember(long first) {
    for (long seed = first; seed < first + 8; seed++) {
      HearingPair damagedPair = new HearingPair(seed);
      SplittableRandom random = new SplittableRandom(seed);
      FrameDamage damage = new FrameDamage(random, 12);
      damagedPair.run(seed % 2 == 0 ? 0 : 600);
      for (int node = 1; node <= 2; node++) {
        if (seed % 3 != node) {
          damagedPair.hears(node, damage);
        }
      }
      for (int i = 0; i < 100; i++) {
        damagedPair.traffic(random);
        damagedPair.run(10);
      }
      damagedPair.hearAsSent();
      damagedPair.run(3_000);

      assertTrue(damage.damaged() > 0, "seed " + seed + " changed nothing");
      assertTrue(damagedPair.isConnected(), "seed " + seed + ": the members found no way back");
    }
  }
}
