package io.understudy.wire;

import io.understudy.proto.v1.BulkMark;
import io.understudy.proto.v1.GroupStatus;
import io.understudy.proto.v1.Heartbeat;
import io.understudy.proto.v1.Hello;
import io.understudy.proto.v1.TableSchema;
import io.understudy.proto.v1.Term;
import java.util.List;

/**
 * What no honest peer says, though its bytes are well formed: the limits of {@link InputLimit}, applied to whole messages.
 *
 * <p>Thread: any. Allocates nothing where all is well.
 *
 * <p>Errors: {@link WireFormatException} with what was said and the limit; the caller closes the connection.
 */
public final class InputLimits {
  /** In the loop over a batch's records: a constant costs no look-up. */
  private static final long MAX_GENERATION = InputLimit.GENERATION.high();

  private InputLimits() {}

  /** What a peer says of itself; before anything of it is used or quoted. */
  public static void check(Hello hello) throws WireFormatException {
    InputLimit.HELLO_NODE.check(Integer.toUnsignedLong(hello.getNode()));
    InputLimit.NAME_CHARACTERS.check(hello.getCluster().length());
    InputLimit.KEY_CHECK_BYTES.check(hello.getHashKeyCheck().size());
    InputLimit.TABLES.check(hello.getTablesCount());
    for (int i = 0; i < hello.getTablesCount(); i++) {
      TableSchema table = hello.getTables(i);
      InputLimit.NAME_CHARACTERS.check(table.getName().length());
      InputLimit.COLUMNS.check(table.getColumnsCount());
      InputLimit.TABLE_SLOTS.check(table.getSlots());
    }
    checkStatuses(hello.getGroupsList());
    checkGeneration(hello.getGenerationClock());
    InputLimit.FIRST_EPOCH.check(hello.getEpoch());
    InputLimit.WINDOW_BYTES.check(hello.getWindowBytes());
    InputLimit.SAID_SEQUENCE.check(hello.getSequence());
    InputLimit.SAID_SEQUENCE.check(hello.getReplaces());
    InputLimit.CLAIM_TIME_NS.check(hello.getDetectionNs());
  }

  /** Proof of life, and what comes with it; its generation clock is a hint that {@link #checkGeneration} need not pass. */
  public static void check(Heartbeat heartbeat) throws WireFormatException {
    InputLimit.PATHS.check(heartbeat.getHeardCount());
    checkStatuses(heartbeat.getGroupsList());
    InputLimit.SAID_SEQUENCE.check(heartbeat.getSequence());
    InputLimit.CLAIM_TIME_NS.check(heartbeat.getDetectionNs());
    InputLimit.RELOAD.check(heartbeat.getReload());
    InputLimit.RELOAD.check(heartbeat.getHeardReload());
  }

  /** The end of a partition's walk. */
  public static void check(BulkMark mark) throws WireFormatException {
    InputLimit.GROUP.check(mark.getGroup());
    checkTerm(mark.getTermNumber(), mark.getTermNode());
    InputLimit.PARTITION.check(mark.getPartition());
  }

  private static void checkStatuses(List<GroupStatus> statuses) throws WireFormatException {
    InputLimit.STATUSES.check(statuses.size());
    for (int i = 0; i < statuses.size(); i++) {
      GroupStatus status = statuses.get(i);
      InputLimit.GROUP.check(status.getGroup());
      InputLimit.PRIORITY.check(status.getPriority());
      checkTerm(status.getTerm());
      checkTerm(status.getHistory());
      InputLimit.ENDED_NUMBER.check(status.getGaveUp());
      InputLimit.ENDED_NUMBER.check(status.getEnded());
    }
  }

  private static void checkTerm(Term term) throws WireFormatException {
    checkTerm(term.getNumber(), term.getNode());
  }

  /** A term, as batches and marks name it. */
  public static void checkTerm(long number, int node) throws WireFormatException {
    InputLimit.TERM_NUMBER.check(number);
    InputLimit.TERM_NODE.check(node);
  }

  /** A generation, or the clock that counts them. */
  public static void checkGeneration(long generation) throws WireFormatException {
    if (generation < 0 || generation > MAX_GENERATION) {
      InputLimit.GENERATION.check(generation);
    }
  }
}
