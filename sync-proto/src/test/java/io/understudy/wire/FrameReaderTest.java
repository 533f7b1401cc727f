package io.understudy.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.Batch;
import io.understudy.proto.v1.BulkMark;
import io.understudy.proto.v1.DropReason;
import io.understudy.proto.v1.DroppedBatch;
import io.understudy.proto.v1.Frame;
import io.understudy.proto.v1.Gone;
import io.understudy.proto.v1.Need;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class FrameReaderTest {
  private static final RecordSchema SCHEMA = SessionSchemas.IPV4;

  @Test
  void messagesComeInTheOrderOfTheirBytes() throws WireFormatException {
    Need need = Need.newBuilder().setPartition(4).build();
    Gone gone = Gone.newBuilder().setPartition(5).build();
    BulkMark mark = BulkMark.newBuilder().setIncarnation(-1).setLast(true).build();
    FrameWriter writer = new FrameWriter();
    writer.number(7);
    writer.message(MessageType.GONE, gone);
    writer.message(MessageType.NEED, need);
    writer.message(MessageType.BULK_MARK, mark);
    writer.message(MessageType.BULK_MARK, mark);

    FrameReader reader = Frames.reader(Frames.copy(writer));

    assertEquals(7, reader.number());
    assertEquals(MessageType.GONE, reader.next());
    assertEquals(gone, reader.parse(Gone.parser()));
    assertEquals(MessageType.NEED, reader.next());
    assertEquals(need, reader.parse(Need.parser()));
    assertEquals(MessageType.BULK_MARK, reader.next());
    assertEquals(MessageType.BULK_MARK, reader.next());
    assertEquals(mark, reader.parse(BulkMark.parser()));
    assertEquals(MessageType.END, reader.next());
    assertEquals(MessageType.END, reader.next());
  }

  @Test
  void anEmptyFrameHasNoNumberAndNoMessage() throws WireFormatException {
    FrameReader reader = Frames.reader(new byte[0]);

    assertEquals(0, reader.number());
    assertEquals(MessageType.END, reader.next());
  }

  @Test
  void aPlainAcknowledgementIsReadWithoutItsClass() throws WireFormatException {
    for (long frame : new long[] {0, 1, 127, 128, 1L << 62, -1}) {
      FrameWriter writer = new FrameWriter();
      writer.ack(frame);

      FrameReader reader = Frames.reader(Frames.copy(writer));

      assertEquals(MessageType.ACK, reader.next());
      assertTrue(reader.ackIsSimple());
      assertEquals(frame, reader.ackFrame());
      assertEquals(Ack.newBuilder().setFrame(frame).build(), reader.ack());
    }
  }

  @Test
  void anAcknowledgementWithDropsIsReadByItsClass() throws WireFormatException {
    DroppedBatch dropped =
        DroppedBatch.newBuilder().setFrame(3).setReason(DropReason.STALE_EPOCH).build();
    Ack ack = Ack.newBuilder().setFrame(9).addDropped(dropped).build();
    FrameWriter writer = new FrameWriter();
    writer.message(MessageType.ACK, ack);

    FrameReader reader = Frames.reader(Frames.copy(writer));

    assertEquals(MessageType.ACK, reader.next());
    assertFalse(reader.ackIsSimple());
    assertEquals(ack, reader.ack());
    assertThrows(IllegalStateException.class, reader::ackFrame);
  }

  @Test
  void theHeaderOfABatchIsReadWithItsIndex() throws WireFormatException {
    FrameWriter writer = new FrameWriter();
    writer.beginBatch(1, 255, 3, -1, 4, 1L << 50, 2);
    writer.records(SCHEMA, StagedGen.records(SCHEMA, 1, 1), 1);
    writer.endBatch();
    writer.beginBatch(0, 0, 0, 0, 0, 0, 0);
    writer.records(SCHEMA, StagedGen.records(SCHEMA, 2, 1), 1);
    writer.endBatch();

    FrameReader reader = Frames.reader(Frames.copy(writer));

    assertEquals(MessageType.BATCH, reader.next());
    assertEquals(0, reader.batchIndex());
    assertEquals(1, reader.table());
    assertEquals(255, reader.partition());
    assertEquals(3, reader.group());
    assertEquals(-1, reader.termNumber());
    assertEquals(4, reader.termNode());
    assertEquals(1L << 50, reader.epoch());
    assertEquals(2, reader.kind());
    assertEquals(MessageType.BATCH, reader.next());
    assertEquals(1, reader.batchIndex());
    assertEquals(0, reader.table());
    assertEquals(0, reader.partition());
    assertEquals(0, reader.group());
    assertEquals(0, reader.termNumber());
    assertEquals(0, reader.termNode());
    assertEquals(0, reader.epoch());
    assertEquals(0, reader.kind());
  }

  @Test
  void aMessageNobodyAskedForIsSkippedAndABatchMayBeReadTwice() throws WireFormatException {
    long[] staged = StagedGen.records(SCHEMA, 3, 20);
    int count = staged.length / SCHEMA.words();
    FrameWriter writer = new FrameWriter();
    Frames.addBatch(writer, SCHEMA, staged);
    Frames.addBatch(writer, SCHEMA, staged);
    FrameReader reader = Frames.reader(Frames.copy(writer));
    reader.next();
    reader.next();
    long[] read = new long[staged.length];

    reader.records(SCHEMA, read, count);
    assertEquals(count, reader.records(SCHEMA, read, count));

    assertArrayEquals(staged, read);
    assertEquals(MessageType.END, reader.next());
  }

  @Test
  void unknownFieldsOfAFrameAreSkippedAndCountedPerFrame() throws WireFormatException {
    byte[] frame =
        new WireBytes().varint(1, 5).varint(11, 1).bytes(12, 1, 2).varint(2_000, 1).toArray();
    FrameReader reader = Frames.reader(frame);

    assertEquals(MessageType.END, reader.next());
    assertEquals(3, reader.unknownFields());
    reader.wrap(new byte[0], 0, 0);
    assertEquals(0, reader.unknownFields());
  }

  @Test
  void theNumberComesFirstAndOnce() {
    String message = "frame.number is not the first field of the frame";
    refused(message, new WireBytes().varint(1, 5).varint(1, 5));
    refused(message, new WireBytes().bytes(2).varint(1, 5));
    refused("frame.number has wire type 2, not 0", new WireBytes().bytes(1, 5));
  }

  @Test
  void whatMayComeOnceDoesNotComeTwice() {
    refused("ACK comes twice in a frame, the limit is 1", new WireBytes().bytes(2).bytes(2));
    refused("HELLO comes twice in a frame, the limit is 1", new WireBytes().bytes(7).bytes(7));
  }

  @Test
  void messagesStayWithinTheFrame() {
    refused("BATCH has 3 bytes, 2 are left", new WireBytes().raw(0x1A, 3, 8, 1));
    refused("GONE has wire type 0, not 2", new WireBytes().varint(6, 1));
    refused("field number 0 before byte 1", new WireBytes().raw(0));
    refused("field 11 has wire type 4, not one of 0, 1, 2 and 5", new WireBytes().raw(0x5C));
    refused("varint at byte 3 runs past the end of its message", new WireBytes().bytes(2, 0x08));
  }

  @Test
  void theHeaderOfABatchAscendsAndFitsItsTypes() {
    refusedBatch(
        "field 1 of a batch comes after field 1", new WireBytes().varint(1, 1).varint(1, 1));
    refusedBatch(
        "field 2 of a batch comes after field 3", new WireBytes().varint(3, 1).varint(2, 1));
    refusedBatch(
        "batch.table is 2147483648, the limit is 2147483647", new WireBytes().varint(1, 1L << 31));
    refusedBatch(
        "batch.partition is 2147483648, the limit is 2147483647",
        new WireBytes().varint(2, 1L << 31));
    refusedBatch(
        "batch.group is 2147483648, the limit is 2147483647", new WireBytes().varint(3, 1L << 31));
    refusedBatch(
        "batch.term_node is 2147483648, the limit is 2147483647",
        new WireBytes().varint(5, 1L << 31));
    refusedBatch(
        "batch.kind is 18446744073709551615, the limit is 2147483647",
        new WireBytes().varint(7, -1));
    refusedBatch("a batch's header field has wire type 2, not 0", new WireBytes().bytes(1, 1));
  }

  @Test
  void whatAGeneratedClassRefusesIsAFormatError() throws WireFormatException {
    FrameReader reader = Frames.reader(new WireBytes().bytes(5, 0x0A).toArray());
    reader.next();

    String message =
        assertThrows(WireFormatException.class, () -> reader.parse(Need.parser())).getMessage();

    assertTrue(message.startsWith("NEED of 1 bytes: "), message);
  }

  @Test
  void longFramesAreRefusedByTheirLength() throws WireFormatException {
    assertEquals(65_536, FrameLimits.check(65_536));
    assertMessage(
        "frame of 70123 bytes exceeds the limit of 65536", () -> FrameLimits.check(70_123));
    assertMessage(
        "frame of 4294967295 bytes exceeds the limit of 65536", () -> FrameLimits.check(-1));
    assertMessage(
        "frame of 65537 bytes exceeds the limit of 65536",
        () -> new FrameReader().wrap(new byte[70_000], 0, 65_537));
  }

  @Test
  void aFrameHasSoManyBatchesAndNoMore() throws WireFormatException {
    drain(batches(FrameLimits.MAX_FRAME_BATCHES, 0).toByteArray());

    byte[] more = batches(FrameLimits.MAX_FRAME_BATCHES + 1, 0).toByteArray();
    WireFormatException refused = assertThrows(WireFormatException.class, () -> drain(more));
    assertTrue(refused.getMessage().contains("1025"), refused.getMessage());
  }

  @Test
  void theBatchesOfAFrameHaveSoManyRecordsAndNoMore() throws WireFormatException {
    int half = FrameLimits.MAX_FRAME_RECORDS / 2;
    Frame full = batches(2, half);
    readRecords(full);

    Frame more = full.toBuilder().addBatch(batch(1)).build();
    WireFormatException refused = assertThrows(WireFormatException.class, () -> readRecords(more));
    assertTrue(refused.getMessage().contains("8193"), refused.getMessage());
  }

  private static Frame batches(int count, int records) {
    Frame.Builder frame = Frame.newBuilder();
    for (int i = 0; i < count; i++) {
      frame.addBatch(batch(records));
    }
    return frame.build();
  }

  private static Batch batch(int records) {
    FrameWriter writer = new FrameWriter();
    if (records == 0) {
      return Batch.getDefaultInstance();
    }
    writer.beginBatch(0, 0, 1, 1, 1, 1, 0);
    long[] staged = new long[records * SCHEMA.words()];
    for (int slot = 0; slot < records; slot++) {
      staged[slot * SCHEMA.words() + RecordSchema.HANDLE] = (long) slot << 32;
    }
    writer.records(SCHEMA, staged, records);
    writer.endBatch();
    try {
      return Frame.parseFrom(Frames.copy(writer)).getBatch(0);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void readRecords(Frame frame) throws WireFormatException {
    FrameReader reader = Frames.reader(frame.toByteArray());
    long[] staged = new long[FrameLimits.MAX_BATCH_RECORDS * SCHEMA.words()];
    while (reader.next() != MessageType.END) {
      reader.records(SCHEMA, staged, FrameLimits.MAX_BATCH_RECORDS);
    }
  }

  @Test
  void misuseIsNotBlamedOnThePeer() throws WireFormatException {
    Frame frame = Frame.newBuilder().addBatch(Batch.newBuilder().setCount(0)).build();
    FrameReader reader = Frames.reader(frame.toByteArray());
    long[] staged = new long[2 * SCHEMA.words()];

    assertThrows(IllegalStateException.class, () -> reader.parse(Need.parser()));
    assertThrows(IllegalStateException.class, () -> reader.records(SCHEMA, staged, 1));
    reader.next();
    assertThrows(IllegalStateException.class, reader::ackIsSimple);
    assertThrows(IllegalStateException.class, reader::ack);
    assertThrows(IllegalArgumentException.class, () -> reader.records(SCHEMA, staged, 3));
    assertThrows(IllegalArgumentException.class, () -> reader.records(SCHEMA, staged, -1));
    assertThrows(IndexOutOfBoundsException.class, () -> new FrameReader().wrap(new byte[3], 1, 3));
  }

  private static void refusedBatch(String message, WireBytes batch) {
    refused(message, new WireBytes().message(MessageType.BATCH.field(), batch));
  }

  private static void refused(String message, WireBytes frame) {
    assertMessage(message, () -> drain(frame.toArray()));
  }

  private static void drain(byte[] frame) throws WireFormatException {
    FrameReader reader = Frames.reader(frame);
    while (reader.next() != MessageType.END) {}
  }

  private static void assertMessage(String message, Executable executable) {
    assertEquals(message, assertThrows(WireFormatException.class, executable).getMessage());
  }
}
