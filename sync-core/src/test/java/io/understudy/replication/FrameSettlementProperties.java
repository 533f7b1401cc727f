package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.understudy.delta.Drained;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.delta.TableDelta;
import io.understudy.delta.TombstonePass;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.DropReason;
import io.understudy.proto.v1.DroppedBatch;
import io.understudy.proto.v1.RefusedRecords;
import io.understudy.table.DirtySlots;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.track.SessionFacts;
import io.understudy.wire.RecordSchema;
import io.understudy.wire.WireFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Two members live through the same. One gets plain acknowledgements, which write no marks; the other gets them with the refusal of
 * a record that was never sent, so that every record is visited. At each step both owe the same and send the same.
 */
class FrameSettlementProperties {
  private static final int PEERS = 2;
  private static final int KEYS = 12;
  private static final int STEPS = 600;
  private static final int MAX_IN_FLIGHT = 24;
  private static final int OTHER_NODE = 9;
  private static final long NOW = SendingMember.NOW;

  @Property(seed = "5101", tries = 40)
  void whatIsNotVisitedReadsAsIfItHadBeen(@ForAll long seed) throws WireFormatException {
    Member plain = new Member(false);
    Member visited = new Member(true);
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder history = new StringBuilder();

    for (int step = 0; step < STEPS; step++) {
      Step next = step(random);
      String one = next.on(plain);
      history.append(step).append(": ").append(one).append('\n');
      int at = step;
      assertEquals(next.on(visited), one, () -> "step " + at + " of\n" + history);
      assertEquals(
          visited.describe(), plain.describe(), () -> "after step " + at + " of\n" + history);
    }
  }

  /** Does the same to either member; answers what could be seen of it. */
  @FunctionalInterface
  private interface Step {
    String on(Member member) throws WireFormatException;
  }

  private static Step step(SplittableRandom random) {
    int choice = random.nextInt(100);
    int key = random.nextInt(KEYS);
    int peer = random.nextInt(PEERS);
    int group = 1 + random.nextInt(3);
    int value = random.nextInt(1_000);
    if (choice < 24) {
      int options = random.nextInt(4) == 0 ? HotTable.NEW_GENERATION : 0;
      int exclusion = random.nextInt(12) == 0 ? 1 : 0;
      int withdraw = exclusion != 0 ? HotTable.WITHDRAW : 0;
      return member -> member.publish(key, value, group, exclusion, options | withdraw);
    }
    if (choice < 34) {
      return member -> "remove " + key + " " + member.sessions.remove(member.record(key), 0, NOW);
    }
    if (choice < 60) {
      int walked = random.nextInt(8) == 0 ? group : 0;
      return member -> member.send(peer, walked);
    }
    if (choice < 80) {
      long part = random.nextLong(0, 1L << 30);
      long verdicts = random.nextInt(4) == 0 ? random.nextLong() : 0;
      return member -> member.acknowledge(peer, part, verdicts);
    }
    if (choice < 83) {
      return member -> member.lose(peer);
    }
    if (choice < 86) {
      boolean held = random.nextInt(3) != 0;
      return member -> member.changeHolder(group, held);
    }
    if (choice == 86) {
      return member -> member.newLife(peer);
    }
    if (choice == 87 && random.nextInt(8) == 0) {
      return member -> member.manyHolders(group);
    }
    if (choice < 90) {
      return member -> member.refresh(peer);
    }
    if (choice == 90) {
      return Member::passTombstones;
    }
    return member -> member.merge(choice, key, peer, group);
  }

  /** No frame has so many batches. */
  private static final int NO_BATCH = 1_023;

  private static final class Member {
    final Held groups = new Held();
    final SendingMember sending = new SendingMember(groups, PEERS, KEYS);
    final SessionTable sessions = sending.sessions;
    final Partition partition = sending.partition;
    final Peer[] peers;

    Member(boolean visits) {
      peers =
          Arrays.stream(sending.peers)
              .map(peer -> new Peer(sending, peer, visits))
              .toArray(Peer[]::new);
    }

    SessionRecord record(int key) {
      return sending.record(key);
    }

    String publish(int key, int value, int group, int exclusion, int options) {
      SessionFacts facts = new SessionFacts();
      facts.load(new long[] {(long) (value % 4) << 32, 0, 1L << value % 16}, 0);
      SessionRecord record = record(key).policy(value).facts(facts);
      return "publish "
          + key
          + " of group "
          + group
          + " exclusion "
          + exclusion
          + " options "
          + options
          + " "
          + sessions.publish(record, group, exclusion, options, NOW);
    }

    /** What a merge of received records does to entries and marks. */
    String merge(int choice, int key, int peerIndex, int group) {
      HotTable table = sending.table;
      TableDelta delta = peers[peerIndex].marks();
      partition.lock();
      try {
        int slot = sending.slot(key);
        if (slot == Partition.NONE) {
          return "nothing to merge with " + key;
        }
        boolean live = Row.isLive(partition.slab(slot), partition.row(slot));
        int of = Row.group(partition.slab(slot), partition.row(slot));
        switch (choice) {
          case 91 -> delta.received(partition, slot);
          case 92 -> delta.oweWhole(partition, slot, NOW);
          case 93 -> delta.forgetDebt(partition, slot);
          case 94, 95 -> {
            if (live) {
              table.rows().renew(partition, slot, groups.nextGeneration(), OTHER_NODE);
            }
          }
          case 96 -> {
            if (live) {
              table.rows().renew(partition, slot, groups.nextGeneration(), 1);
              for (Peer each : peers) {
                each.marks().renewed(partition, slot, NOW);
              }
            }
          }
          case 97 -> {
            if (live) {
              table.rows().setExclusion(partition, slot, 0);
              delta.received(partition, slot);
            }
          }
          default -> {
            if (!groups.holds(of)) {
              sending.settlement.discard(table, partition, slot);
            }
          }
        }
        return "merge " + choice + " with " + key + " group " + group;
      } finally {
        partition.unlock();
      }
    }

    String send(int peer, int walked) {
      return "to " + peer + ": " + peers[peer].send(walked);
    }

    String acknowledge(int peer, long part, long verdicts) throws WireFormatException {
      return "from " + peer + ": " + peers[peer].acknowledge(part, verdicts);
    }

    String lose(int peer) {
      peers[peer].lose();
      return "lost " + peer;
    }

    String changeHolder(int group, boolean held) {
      groups.held[group] = held;
      for (Peer peer : peers) {
        peer.delta().raiseSync(group);
      }
      return "group " + group + " held: " + held;
    }

    String newLife(int peer) {
      peers[peer].delta().raiseSyncs();
      return "new life of " + peer;
    }

    /** So many that the sync numbers begin again. */
    String manyHolders(int group) {
      for (int i = 0; i < 1 << 14; i++) { // 14 bits
        for (Peer peer : peers) {
          peer.delta().raiseSync(group);
        }
      }
      return "many holders of " + group;
    }

    String passTombstones() {
      TombstonePass pass = new TombstonePass(List.of(sending.table), groups, sending.settlement);
      int freed = 0;
      for (pass.restart(); pass.isRunning(); ) {
        freed += pass.run();
      }
      return "tombstones freed: " + freed;
    }

    String refresh(int peer) {
      for (int i = 0; i <= partition.number(); i++) {
        peers[peer].delta().refreshSome();
      }
      return "refresh " + peer;
    }

    String describe() {
      StringBuilder all = new StringBuilder();
      for (int slot = 0; slot < partition.highWater(); slot++) {
        long[] slab = partition.slab(slot);
        int row = partition.row(slot);
        all.append(slot).append(" state ").append(Row.state(slab, row));
        all.append(" group ").append(Row.group(slab, row));
        for (Peer peer : peers) {
          TableDelta delta = peer.marks();
          all.append(delta.isUnsettled(partition, slot) ? " unsettled" : " settled");
          all.append(delta.isRefused(partition, slot) ? " refused" : "");
          all.append(delta.isOfferOnItsWay(partition, slot) ? " offered" : "");
          all.append(
              DirtySlots.next(partition, peer.delta().peerSlot(), slot) == slot ? " dirty" : "");
        }
        all.append('\n');
      }
      for (Peer peer : peers) {
        all.append(peer.sending.accounting()).append('\n');
        all.append(peer.delta().stateDirty()).append(' ').append(peer.sending.inFlight.records());
        all.append(' ').append(peer.marks().dueNs(partition.number())).append('\n');
      }
      return all.append(sending.counters.snapshot()).toString();
    }
  }

  /** One peer of a member, on connection after connection. */
  private static final class Peer {
    private final SendingMember member;
    private final SendingMember.Peer sending;
    private final boolean visits;

    /** Records of each batch in flight, by frame: what can be refused. */
    private final List<List<Integer>> batches = new ArrayList<>();

    private long acknowledged;

    Peer(SendingMember member, SendingMember.Peer sending, boolean visits) {
      this.member = member;
      this.sending = sending;
      this.visits = visits;
    }

    PeerDelta delta() {
      return sending.delta;
    }

    TableDelta marks() {
      return sending.marks;
    }

    String send(int walked) {
      if (batches.size() - acknowledged >= MAX_IN_FLIGHT) {
        return "full";
      }
      StringBuilder sent = new StringBuilder();
      List<Integer> counts = new ArrayList<>();
      sending.beginFrame();
      if (walked != 0 && member.groups.holds(walked) && sending.walk(walked) > 0) {
        add(counts, sent);
      }
      while (sending.collect() > 0) {
        add(counts, sent);
      }
      if (counts.isEmpty()) {
        return "nothing";
      }
      sending.endFrame();
      batches.add(counts);
      return sent.toString();
    }

    private void add(List<Integer> counts, StringBuilder sent) {
      Drained taken = sending.drained();
      counts.add(taken.count());
      sent.append("kind ").append(taken.kind());
      sent.append(" group ").append(taken.group()).append(':');
      int words = member.table.spec().schema().words();
      for (int i = 0; i < taken.count(); i++) {
        long head = taken.records()[i * words + RecordSchema.HEAD];
        sent.append(' ').append(taken.slot(i)).append('/').append(head & 0xFFFF);
      }
      sent.append("; ");
      sending.addBatch();
    }

    /** Of the frames in flight some; perhaps with drops and refusals. */
    String acknowledge(long part, long verdicts) throws WireFormatException {
      long open = batches.size() - acknowledged;
      long upTo = acknowledged + part % (open + 1);
      Ack.Builder ack = Ack.newBuilder().setFrame(upTo);
      if (verdicts != 0) {
        addVerdicts(ack, upTo, new SplittableRandom(verdicts));
      }
      String said = "ack " + upTo + " of " + batches.size() + " refused " + ack.getRefusedCount();
      said += " dropped " + ack.getDroppedCount();
      if (visits && upTo > 0) {
        ack.addRefused(refusal(upTo, NO_BATCH, 0, 0));
      }
      sending.acknowledge(ack.build(), true);
      acknowledged = upTo;
      return said;
    }

    private void addVerdicts(Ack.Builder ack, long upTo, SplittableRandom random) {
      int[] reasons = {Settlement.FULL, Settlement.UNKNOWN_HANDLE, Settlement.GONE_ENTRY};
      for (long number = acknowledged + 1; number <= upTo; number++) {
        List<Integer> counts = batches.get((int) number - 1);
        for (int batch = 0; batch < counts.size(); batch++) {
          if (random.nextInt(6) == 0) {
            ack.addDropped(
                DroppedBatch.newBuilder()
                    .setFrame(number)
                    .setBatch(batch)
                    .setReason(DropReason.STALE_TERM));
          } else if (random.nextInt(2) == 0) {
            int older = random.nextInt(2) * 0x80;
            int record = random.nextInt(counts.get(batch));
            int reason = reasons[random.nextInt(reasons.length)] | older;
            ack.addRefused(refusal(number, batch, record, reason));
          }
        }
      }
      ack.setRoom(random.nextInt(4) == 0);
    }

    private static RefusedRecords.Builder refusal(long frame, int batch, int record, int reason) {
      return RefusedRecords.newBuilder()
          .setFrame(frame)
          .setBatch(batch)
          .addRecord(record)
          .setReason(ByteString.copyFrom(new byte[] {(byte) reason}));
    }

    void lose() {
      sending.lose();
      delta().setLostNs(NOW);
      batches.clear();
      acknowledged = 0;
    }
  }

  private static final class Held extends HeldGroups {
    final boolean[] held = {false, true, true, true};

    @Override
    public boolean holds(int group) {
      return group < held.length && held[group];
    }
  }
}
