package io.understudy.bulk;

import io.understudy.delta.Drain;
import io.understudy.delta.OutFrame;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.TableDelta;
import io.understudy.proto.v1.BulkMark;
import io.understudy.table.Authority;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * Copies all entries of the groups this member holds to one peer, beside the live changes.
 *
 * <h2>States</h2>
 *
 * A group is owed, walked, or complete. One group is walked at a time: partition by partition in slot order, each ended by a
 * mark that travels in the stream. A connection that ends takes the walk back to the first partition whose mark was not
 * acknowledged; a new life of the peer, a change of holder or a dropped debt makes the group owed again from the start.
 *
 * <p>Thread: the duty cycle. One mark object for each partition, nothing for each record.
 */
public final class BulkSender {
  /** Where few entries are of the group, a frame has room for marks of all partitions; no turn passes over whole tables for it. */
  private static final int SLOTS_PER_FRAME = 8_192;

  private final PeerDelta peer;
  private final Authority authority;
  private final Drain drain;
  private final List<HotTable> tables;
  private final long incarnation;
  private final Completion completion;
  private final TreeSet<Integer> owed = new TreeSet<>();
  private int group;
  private long termNumber;
  private long bulkId;
  private int walked;

  /** For each group, marks on their way of walks that did not come to their end. */
  private final int[] overtaken = new int[Authority.GROUPS];

  private int acknowledged;
  private int slot;

  /** Told when the peer has everything of a group. */
  @FunctionalInterface
  public interface Completion {
    void onComplete(int group, long termNumber);
  }

  /**
   * For one peer.
   *
   * @param incarnation this member's, for the marks
   */
  public BulkSender(
      PeerDelta peer,
      Authority authority,
      Drain drain,
      List<HotTable> tables,
      long incarnation,
      Completion completion) {
    this.peer = peer;
    this.authority = authority;
    this.drain = drain;
    this.tables = tables;
    this.incarnation = incarnation;
    this.completion = completion;
  }

  /** The group must be copied from the start. */
  public void owe(int owedGroup) {
    owed.add(owedGroup);
    if (group == owedGroup) {
      leave(); // begins again, with a new bulk id
    }
  }

  /** Ends the present walk before its end. */
  private void leave() {
    overtaken[group] += walked - acknowledged;
    group = 0;
  }

  /** The group is not this member's any longer. */
  public void cancel(int cancelled) {
    owed.remove(cancelled);
    if (group == cancelled) {
      leave();
    }
  }

  /** The peer has everything of this group, or will not be asked to. */
  public boolean isOwed(int askedGroup) {
    return owed.contains(askedGroup) || group == askedGroup;
  }

  /** The connection ended: the walk goes on at the first partition whose mark was not acknowledged, from its first slot. */
  public void onLost() {
    walked = acknowledged;
    slot = 0;
    Arrays.fill(overtaken, 0);
  }

  /** There is something to walk. */
  public boolean hasMore() {
    return group != 0 && walked < total() || group == 0 && !owed.isEmpty();
  }

  /** Partitions of the present group that the peer has acknowledged, of {@link #total}. */
  public int progress() {
    return group == 0 ? 0 : acknowledged;
  }

  public int total() {
    return tables.size() * HotTable.PARTITIONS;
  }

  /** Adds what fits to the frame. */
  public int fill(OutFrame frame, long nowNs) {
    int added = 0;
    int passed = 0;
    while (hasMore() && passed < SLOTS_PER_FRAME && beginIfNeeded()) {
      int tableIndex = walked / HotTable.PARTITIONS;
      int partition = walked % HotTable.PARTITIONS;
      TableDelta delta = peer.table(tableIndex);
      if (slot != Partition.NONE) {
        int room = frame.recordRoom(delta.table().spec().schema());
        if (room == 0) {
          return added;
        }
        slot =
            drain.walk(
                peer,
                delta,
                delta.table().partition(partition),
                slot,
                group,
                frame.serial(),
                room,
                nowNs,
                frame.drained());
        int count = frame.drained().count();
        if (count > 0) {
          frame.add(tableIndex, delta, termNumber, authority.nodeId(), authority.isUnsynced(group));
          added += count;
        }
      }
      if (slot == Partition.NONE) {
        if (!frame.addMark(tableIndex, mark(delta, partition, frame.epoch()))) {
          return added;
        }
        added++;
        walked++;
        slot = 0;
        passed += delta.table().partition(partition).highWater();
      }
    }
    return added;
  }

  private boolean beginIfNeeded() {
    if (group == 0) {
      group = owed.pollFirst();
      walked = 0;
      acknowledged = 0;
      slot = 0;
      bulkId++;
      termNumber = authority.termNumber(group);
    }
    if (!authority.holds(group)) {
      leave();
      return false;
    }
    return true;
  }

  private BulkMark mark(TableDelta delta, int partition, long epoch) {
    return BulkMark.newBuilder()
        .setBulkId(bulkId)
        .setTable(delta.table().spec().number())
        .setPartition(partition)
        .setGroup(group)
        .setIncarnation(incarnation)
        .setTermNumber(termNumber)
        .setTermNode(authority.nodeId())
        .setEpoch(epoch)
        .setLast(walked == total() - 1)
        .setUnsynced(authority.isUnsynced(group))
        .build();
  }

  /** The peer applied the mark of this partition. */
  public void onMarkAcknowledged(int tableIndex, int partition, int ofGroup) {
    if (overtaken[ofGroup] > 0) {
      overtaken[ofGroup]--; // it left before the present walk of the group began
      return;
    }
    if (ofGroup != group || tableIndex * HotTable.PARTITIONS + partition != acknowledged) {
      return; // of a walk that has begun again since
    }
    acknowledged++;
    if (acknowledged == total()) {
      int complete = group;
      group = 0;
      completion.onComplete(complete, termNumber);
    }
  }
}
