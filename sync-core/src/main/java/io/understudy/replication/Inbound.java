package io.understudy.replication;

import io.understudy.delta.PeerDelta;
import io.understudy.delta.SeenMarks;
import io.understudy.proto.v1.BulkMark;
import io.understudy.table.Authority;
import io.understudy.table.HotTable;
import io.understudy.wire.InputLimit;
import io.understudy.wire.WireFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What this member keeps of one peer's streams towards it: handles, epoch, what the peer spoke of.
 *
 * <p>Thread: the duty cycle.
 */
public final class Inbound {
  private final int node;
  private final PeerDelta delta;
  private final List<HotTable> tables;
  private final Handles[] handles;
  private final List<Map<Integer, SeenMarks>> seen = new ArrayList<>();
  private final Suspects suspects = new Suspects();
  private final WalkMarks walkMarks = new WalkMarks();
  private final long[] spokenTerms = new long[Authority.GROUPS];
  private long epoch;
  private boolean refused;

  /** For the peer with this node id. */
  public Inbound(int node, PeerDelta delta, List<HotTable> tables) {
    this.node = node;
    this.delta = delta;
    this.tables = tables;
    handles = new Handles[tables.size()];
    for (int i = 0; i < handles.length; i++) {
      handles[i] = new Handles(tables.get(i).spec().partitionCapacity());
      seen.add(new HashMap<>());
    }
  }

  public int node() {
    return node;
  }

  public PeerDelta delta() {
    return delta;
  }

  Handles handles(int tableIndex) {
    return handles[tableIndex];
  }

  /** What the peer spoke of, as holder of this group. */
  public SeenMarks seen(int tableIndex, int group) {
    SeenMarks marks =
        seen.get(tableIndex).get(group); // a boxed group is one of the cached small Integers
    if (marks == null) {
      marks = new SeenMarks(tables.get(tableIndex).spec());
      seen.get(tableIndex).put(group, marks);
    }
    return marks;
  }

  /** What the peer says in HELLO of the size of its tables, by this member's table index. */
  void setBounds(PeerBounds bounds) {
    for (int i = 0; i < handles.length; i++) {
      handles[i].setLimit(bounds.slots(i));
    }
  }

  /** Streams begin anew: those of a lower epoch are late (protocol, rule 4). */
  public void beginEpoch(long next) {
    epoch = Math.max(epoch, next);
  }

  /** In stream order: what comes later was sent by the group's holder in this term. */
  public void spokeAsHolder(int group, long termNumber) {
    spokenTerms[group] = termNumber;
  }

  /** The last term in which the peer's stream was heard as the group's holder's. */
  long spokenTerm(int group) {
    return spokenTerms[group];
  }

  public long epoch() {
    return epoch;
  }

  /** Whether a batch of this epoch comes too late. */
  boolean isStaleEpoch(long batchEpoch) {
    return batchEpoch < epoch;
  }

  /** An epoch far ahead would make everything that follows come too late, for the rest of the peer's life. */
  public void checkEpoch(long next) throws WireFormatException {
    InputLimit most = epoch == 0 ? InputLimit.FIRST_EPOCH : InputLimit.EPOCH_STEP;
    if (next < 0 || next - epoch > most.high()) {
      throw new WireFormatException(
          "epoch "
              + Long.toUnsignedString(next)
              + " follows "
              + epoch
              + "; they count connections, and at most "
              + most.high()
              + " are missed");
    }
  }

  /** Keys that came with the wrong partition. */
  Suspects suspects() {
    return suspects;
  }

  /** Marks of the peer's bulk syncs that came; of a table that this member has not the last one counts alone. */
  void checkMark(BulkMark mark, long nowNs) throws WireFormatException {
    for (int i = 0; i < tables.size(); i++) {
      if (tables.get(i).spec().number() == mark.getTable()) {
        walkMarks.check(mark, i, nowNs);
        return;
      }
    }
    if (mark.getLast()) {
      walkMarks.check(mark, tables.size(), nowNs);
    }
  }

  /** A record of the peer found no room. */
  void refuse() {
    refused = true;
  }

  boolean hasRefused() {
    return refused;
  }

  /** A new life of the peer: its epochs, handles and seen marks are void. */
  public void forgetIncarnation() {
    Arrays.fill(spokenTerms, 0);
    epoch = 0;
    refused = false;
    suspects.clear();
    for (int i = 0; i < handles.length; i++) {
      handles[i].clear();
      seen.get(i).clear();
    }
  }
}
