package io.understudy.replication;

import io.understudy.model.GroupId;
import io.understudy.model.Term;
import io.understudy.proto.v1.BulkMark;
import io.understudy.proto.v1.GroupStatus;
import io.understudy.table.HotTable;
import io.understudy.wire.WireFormatException;
import java.util.List;

/**
 * What no honest peer says, though its bytes are well formed: numbers that would be kept beyond the connection and could not be taken
 * back, or that name nothing.
 *
 * <p>Thread: the duty cycle. Allocates nothing where all is well.
 *
 * <p>Errors: {@link WireFormatException} with what was said and the limit; the caller closes the connection.
 */
public final class PeerLimits {
  /** Generations count what was ever begun, and blocks of 2^32 that restarts skip: this leaves as much room again. */
  static final long MAX_GENERATION = 1L << 62;

  private static final int MAX_NODE = 0xFFFF;

  private PeerLimits() {}

  /** What a peer says of its groups. */
  public static void check(List<GroupStatus> statuses) throws WireFormatException {
    for (int i = 0; i < statuses.size(); i++) {
      GroupStatus status = statuses.get(i);
      checkGroup(status.getGroup());
      checkTerm(status.getTerm().getNumber(), status.getTerm().getNode());
      checkTerm(status.getHistory().getNumber(), status.getHistory().getNode());
    }
  }

  /** The end of a partition's walk. */
  static void check(BulkMark mark) throws WireFormatException {
    checkGroup(mark.getGroup());
    checkTerm(mark.getTermNumber(), mark.getTermNode());
    if (mark.getPartition() < 0 || mark.getPartition() >= HotTable.PARTITIONS) {
      throw new WireFormatException(
          "mark of partition "
              + Integer.toUnsignedString(mark.getPartition())
              + " is outside 0.."
              + (HotTable.PARTITIONS - 1));
    }
  }

  static void checkGroup(int group) throws WireFormatException {
    if (group < 1 || group > GroupId.MAX) {
      throw new WireFormatException(
          "group " + Integer.toUnsignedString(group) + " is outside 1.." + GroupId.MAX);
    }
  }

  static void checkTerm(long number, int node) throws WireFormatException {
    if (number < 0 || number > Term.MAX_NUMBER || node < 0 || node > MAX_NODE) {
      throw new WireFormatException(
          "term "
              + Long.toUnsignedString(number)
              + " of node "
              + Integer.toUnsignedString(node)
              + " is outside 0.."
              + Term.MAX_NUMBER
              + " and 0.."
              + MAX_NODE);
    }
  }

  /** A generation, or the clock that counts them. */
  public static void checkGeneration(long generation) throws WireFormatException {
    if (generation < 0 || generation > MAX_GENERATION) {
      throw new WireFormatException(
          "generation "
              + Long.toUnsignedString(generation)
              + " is outside 0.."
              + MAX_GENERATION
              + "; none would be left above it");
    }
  }
}
