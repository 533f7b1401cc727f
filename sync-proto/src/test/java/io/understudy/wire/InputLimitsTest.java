package io.understudy.wire;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.understudy.proto.v1.BulkMark;
import io.understudy.proto.v1.ColumnSchema;
import io.understudy.proto.v1.GroupStatus;
import io.understudy.proto.v1.Heartbeat;
import io.understudy.proto.v1.Hello;
import io.understudy.proto.v1.PathHeard;
import io.understudy.proto.v1.TableSchema;
import io.understudy.proto.v1.Term;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** At each limit a message is accepted, one beyond it is refused by name. */
class InputLimitsTest {
  @ParameterizedTest
  @EnumSource
  void whatIsAtALimitIsAcceptedAndWhatIsBeyondIsNamed(InputLimit limit) {
    assertDoesNotThrow(() -> limit.check(limit.low()));
    assertDoesNotThrow(() -> limit.check(limit.high()));
    assertRefused(limit, limit.high() + 1, () -> limit.check(limit.high() + 1));
    assertRefused(limit, limit.low() - 1, () -> limit.check(limit.low() - 1));
    assertRefused(limit, Long.MIN_VALUE, () -> limit.check(Long.MIN_VALUE));
    assertTrue(limit.standard() <= limit.high());
  }

  @Test
  void aHelloIsBoundedInEveryField() {
    atAndBeyond(InputLimit.NAME_CHARACTERS, n -> hello().setCluster(text(n)));
    atAndBeyond(InputLimit.NAME_CHARACTERS, n -> hello().addTables(table().setName(text(n))));
    atAndBeyond(
        InputLimit.KEY_CHECK_BYTES,
        n -> hello().setHashKeyCheck(ByteString.copyFrom(new byte[(int) n])));
    atAndBeyond(InputLimit.TABLES, InputLimitsTest::helloOfTables);
    atAndBeyond(InputLimit.COLUMNS, InputLimitsTest::helloOfColumns);
    atAndBeyond(InputLimit.TABLE_SLOTS, n -> hello().addTables(table().setSlots((int) n)));
    atAndBeyond(InputLimit.WINDOW_BYTES, n -> hello().setWindowBytes((int) n));
    atAndBeyond(InputLimit.STATUSES, InputLimitsTest::helloOfGroups);
    atAndBeyond(InputLimit.GENERATION, n -> hello().setGenerationClock(n));
    atAndBeyond(InputLimit.FIRST_EPOCH, n -> hello().setEpoch(n));
    atAndBeyond(InputLimit.GROUP, n -> hello().addGroups(status().setGroup((int) n)));
    atAndBeyond(InputLimit.PRIORITY, n -> hello().addGroups(status().setPriority((int) n)));
    atAndBeyond(InputLimit.TERM_NUMBER, n -> hello().addGroups(status().setTerm(term(n, 1))));
    atAndBeyond(InputLimit.HELLO_NODE, n -> hello().setNode((int) n));
    atAndBeyond(InputLimit.TERM_NODE, n -> hello().addGroups(status().setHistory(term(1, n))));
    atAndBeyond(InputLimit.ENDED_NUMBER, n -> hello().addGroups(status().setGaveUp(n)));
    atAndBeyond(InputLimit.ENDED_NUMBER, n -> hello().addGroups(status().setEnded(n)));
    atAndBeyond(InputLimit.SAID_SEQUENCE, n -> hello().setSequence(n));
    atAndBeyond(InputLimit.SAID_SEQUENCE, n -> hello().setReplaces(n));
    atAndBeyond(InputLimit.CLAIM_TIME_NS, n -> hello().setDetectionNs(n));
  }

  @Test
  void aHeartbeatIsBoundedInEveryField() {
    atAndBeyond(n -> InputLimits.check(heartbeatOfPaths(n).build()), InputLimit.PATHS);
    atAndBeyond(
        n ->
            InputLimits.check(
                Heartbeat.newBuilder().addAllGroups(helloOfGroups(n).getGroupsList()).build()),
        InputLimit.STATUSES);
    atAndBeyond(
        n -> InputLimits.check(Heartbeat.newBuilder().setSequence(n).build()),
        InputLimit.SAID_SEQUENCE);
    atAndBeyond(
        n -> InputLimits.check(Heartbeat.newBuilder().setDetectionNs(n).build()),
        InputLimit.CLAIM_TIME_NS);
    atAndBeyond(
        n -> InputLimits.check(Heartbeat.newBuilder().setReload(n).build()), InputLimit.RELOAD);
    atAndBeyond(
        n -> InputLimits.check(Heartbeat.newBuilder().setHeardReload(n).build()),
        InputLimit.RELOAD);
    atAndBeyond(
        n -> InputLimits.check(Heartbeat.newBuilder().addGroups(status().setGaveUp(n)).build()),
        InputLimit.ENDED_NUMBER);
  }

  @Test
  void aMarkIsBoundedInEveryField() {
    atAndBeyond(n -> InputLimits.check(mark().setGroup((int) n).build()), InputLimit.GROUP);
    atAndBeyond(n -> InputLimits.check(mark().setPartition((int) n).build()), InputLimit.PARTITION);
    atAndBeyond(n -> InputLimits.check(mark().setTermNumber(n).build()), InputLimit.TERM_NUMBER);
    atAndBeyond(n -> InputLimits.check(mark().setTermNode((int) n).build()), InputLimit.TERM_NODE);
  }

  private interface Check {
    void run(long value) throws WireFormatException;
  }

  private static void atAndBeyond(InputLimit limit, LongFunction<Hello.Builder> hello) {
    atAndBeyond(n -> InputLimits.check(hello.apply(n).build()), limit);
  }

  private static void atAndBeyond(Check check, InputLimit limit) {
    assertDoesNotThrow(() -> check.run(limit.low()));
    assertDoesNotThrow(() -> check.run(limit.high()));
    assertRefused(limit, limit.high() + 1, () -> check.run(limit.high() + 1));
  }

  private static void assertRefused(
      InputLimit limit, long value, org.junit.jupiter.api.function.Executable check) {
    assertEquals(
        limit.what()
            + ": "
            + Long.toUnsignedString(value)
            + " is outside "
            + limit.low()
            + ".."
            + limit.high(),
        assertThrows(WireFormatException.class, check).getMessage());
  }

  private static Hello.Builder hello() {
    return Hello.newBuilder().setWindowBytes((int) InputLimit.WINDOW_BYTES.low());
  }

  private static Hello.Builder helloOfTables(long tables) {
    Hello.Builder hello = hello();
    for (int i = 0; i < tables; i++) {
      hello.addTables(table().setTable(i));
    }
    return hello;
  }

  private static Hello.Builder helloOfColumns(long columns) {
    TableSchema.Builder table = table();
    for (int i = 0; i < columns; i++) {
      table.addColumns(ColumnSchema.newBuilder().setField(i));
    }
    return hello().addTables(table);
  }

  private static Hello.Builder helloOfGroups(long groups) {
    Hello.Builder hello = hello();
    for (int i = 0; i < groups; i++) {
      hello.addGroups(status());
    }
    return hello;
  }

  private static Heartbeat.Builder heartbeatOfPaths(long paths) {
    Heartbeat.Builder heartbeat = Heartbeat.newBuilder();
    for (int i = 0; i < paths; i++) {
      heartbeat.addHeard(PathHeard.newBuilder().setLink(i));
    }
    return heartbeat;
  }

  private static TableSchema.Builder table() {
    return TableSchema.newBuilder().setSlots(1);
  }

  private static BulkMark.Builder mark() {
    return BulkMark.newBuilder().setGroup(1);
  }

  private static GroupStatus.Builder status() {
    return GroupStatus.newBuilder().setGroup(1);
  }

  private static Term term(long number, long node) {
    return Term.newBuilder().setNumber(number).setNode((int) node).build();
  }

  private static String text(long characters) {
    return "x".repeat((int) characters);
  }
}
