package io.understudy.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.Batch;
import io.understudy.proto.v1.Frame;
import io.understudy.proto.v1.Goodbye;
import io.understudy.proto.v1.Hello;
import io.understudy.proto.v1.HelloConfirm;
import io.understudy.proto.v1.Need;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class FrameWriterTest {
  private static final RecordSchema SCHEMA = SessionSchemas.IPV4;

  private final FrameWriter writer = new FrameWriter();

  @Test
  void everythingInOneFrameIsWhatTheGeneratedClassesRead() {
    long[] staged = StagedGen.records(SCHEMA, 4, 30);
    Need need = Need.newBuilder().setPartition(9).build();
    writer.number(12);
    writer.ack(11);
    Frames.addBatch(writer, SCHEMA, staged);
    Frames.addBatch(writer, SCHEMA, staged);
    writer.message(MessageType.NEED, need);

    Batch batch = Frames.withHeader(SCHEMA, GeneratedBatch.shortened(SCHEMA, staged));
    Frame.Builder expected = Frame.newBuilder().setNumber(12).addBatch(batch).addBatch(batch);
    expected.setAck(Ack.newBuilder().setFrame(11)).addNeed(need);
    assertEquals(expected.build(), Frames.parse(Frames.copy(writer)));
    assertEquals(2, writer.batchCount());
  }

  @Test
  void aFrameIsEmptyUntilItHasAMessage() {
    assertTrue(writer.isEmpty());
    writer.number(5);
    assertTrue(writer.isEmpty());
    writer.ack(5);
    assertFalse(writer.isEmpty());

    byte[] bytes = writer.bytes();
    writer.reset();

    assertTrue(writer.isEmpty());
    assertEquals(0, writer.length());
    assertEquals(0, writer.batchCount());
    assertSame(bytes, writer.bytes());
  }

  @Test
  void zeroesAreLeftOut() {
    writer.number(0);
    assertEquals(0, writer.length());

    writer.ack(0);

    assertEquals(Frame.newBuilder().setAck(Ack.getDefaultInstance()).build(), parsed());
    assertEquals(2, writer.length());
  }

  @Test
  void roomIsWhatIsLeftOfTheLimit() {
    FrameWriter small = new FrameWriter(40);
    Goodbye goodbye = Goodbye.newBuilder().setReason("0123456789").build();
    assertEquals(14, FrameWriter.bytesFor(goodbye));

    small.message(MessageType.GOODBYE, goodbye);

    assertEquals(26, small.remaining());
    assertTrue(small.hasRoom(26));
    assertFalse(small.hasRoom(27));
    assertEquals(0, small.recordRoom(SCHEMA, 0));
  }

  @Test
  void aMessageThatDoesNotFitNamesSizeAndLimit() {
    Hello hello = Hello.newBuilder().setCluster("x".repeat(70_000)).build();
    assertEquals(
        "HELLO of 70008 bytes exceeds the 65534 left of the limit of 65536",
        misuse(
            () -> {
              writer.number(5);
              writer.message(MessageType.HELLO, hello);
            }));
    FrameWriter small = new FrameWriter(12);
    assertEquals(
        "ACK of 13 bytes exceeds the 12 left of the limit of 12", misuse(() -> small.ack(1)));
  }

  @Test
  void aFrameTakesExactlyWhatFits() {
    HelloConfirm filler =
        HelloConfirm.newBuilder()
            .setHelloSha256(com.google.protobuf.ByteString.copyFrom(new byte[65_527]))
            .build();
    assertEquals(65_535, FrameWriter.bytesFor(filler));

    writer.message(MessageType.HELLO_CONFIRM, filler);

    assertEquals(1, writer.remaining());
    assertEquals(filler, parsed().getHelloConfirm());
  }

  @Test
  void theNumberComesFirst() {
    writer.ack(3);

    assertEquals("number 5 comes after 4 bytes, it must be first", misuse(() -> writer.number(5)));
  }

  @Test
  void messagesHaveTheClassOfTheirType() {
    Ack ack = Ack.getDefaultInstance();
    assertEquals("Ack is no HELLO", wrong(() -> writer.message(MessageType.HELLO, ack)));
    assertEquals("Ack is no END", wrong(() -> writer.message(MessageType.END, ack)));
  }

  @Test
  void batchesAreBegunFilledAndEnded() {
    long[] staged = StagedGen.records(SCHEMA, 5, 1);
    String none = "records need a batch that was begun and has none";
    assertEquals(none, misuse(() -> writer.records(SCHEMA, staged, 1)));
    assertEquals("endBatch needs a batch that was begun and has records", misuse(writer::endBatch));

    begin();
    assertEquals("endBatch needs a batch that was begun and has records", misuse(writer::endBatch));
    assertEquals("ACK inside a batch", misuse(() -> writer.ack(1)));
    writer.records(SCHEMA, staged, 1);
    assertEquals(none, misuse(() -> writer.records(SCHEMA, staged, 1)));
    writer.endBatch();

    assertEquals(1, parsed().getBatchCount());
  }

  @Test
  void aBatchHasOneRecordAtLeastAndNoMoreThanAreStaged() {
    long[] staged = new long[2 * SCHEMA.words()];
    int words = SCHEMA.words();
    String allowed = " records of " + words + " words in " + 2 * words + ", allowed are 1 to 4096";
    begin();

    assertEquals("0" + allowed, wrong(() -> writer.records(SCHEMA, staged, 0)));
    assertEquals("3" + allowed, wrong(() -> writer.records(SCHEMA, staged, 3)));
    assertEquals("4097" + allowed, wrong(() -> writer.records(SCHEMA, staged, 4_097)));
  }

  @Test
  void slotsThatDoNotAscendAreRefused() {
    long[] equal = new long[2 * SCHEMA.words()];
    long[] large = new long[SCHEMA.words()];
    large[RecordSchema.HANDLE] = (FrameLimits.MAX_SLOT + 1) << 32;
    begin();

    assertEquals(
        "slots of 2 records do not ascend up to 0, limit 2147483647",
        wrong(() -> writer.records(SCHEMA, equal, 2)));
    assertEquals(
        "slots of 1 records do not ascend up to 2147483648, limit 2147483647",
        wrong(() -> writer.records(SCHEMA, large, 1)));
  }

  @Test
  void recordsThatMayNotFitAreRefusedBeforeTheyAreWritten() {
    int groups = ColumnGroup.USAGE;
    int count = writer.recordRoom(SCHEMA, groups);
    long[] staged = new long[(count + 1) * SCHEMA.words()];
    for (int i = 0; i <= count; i++) {
      staged[i * SCHEMA.words() + RecordSchema.HANDLE] = (long) i << 32;
      staged[i * SCHEMA.words() + RecordSchema.HEAD] = groups;
    }
    begin();
    int before = writer.length();

    String message = misuse(() -> writer.records(SCHEMA, staged, count + 1));

    assertTrue(message.startsWith((count + 1) + " records of session4 may take "), message);
    assertEquals(before, writer.length());
    writer.records(SCHEMA, staged, count);
  }

  @Test
  void theBoundsOfATableAreThoseOfAllGroups() {
    int all = RecordSchema.PRESENT_MASK;
    assertEquals(RecordWriter.maxRecordBytes(SCHEMA, all), RecordWriter.maxRecordBytes(SCHEMA));
    assertEquals(RecordWriter.maxBatchBytes(SCHEMA, all), RecordWriter.maxBatchBytes(SCHEMA));
    assertEquals(3 + 5 + 5, RecordWriter.maxRecordBytes(SCHEMA, 0));
  }

  @Test
  void theFieldsOfABatchAreNotNegative() {
    assertEquals(
        "field 2 of a batch is -1, the limit is 2147483647",
        wrong(() -> writer.beginBatch(1, -1, 0, 0, 0, 0, 0)));
  }

  @Test
  void theLimitIsThatOfTheWireAtMost() {
    assertEquals(
        "maxFrameBytes is 65537, allowed are 1 to 65536", wrong(() -> new FrameWriter(65_537)));
    assertEquals("maxFrameBytes is 0, allowed are 1 to 65536", wrong(() -> new FrameWriter(0)));
  }

  private void begin() {
    writer.beginBatch(1, 2, 3, 4, 5, 6, 0);
  }

  private Frame parsed() {
    return Frames.parse(Frames.copy(writer));
  }

  private static String misuse(Executable executable) {
    return assertThrows(IllegalStateException.class, executable).getMessage();
  }

  private static String wrong(Executable executable) {
    return assertThrows(IllegalArgumentException.class, executable).getMessage();
  }
}
