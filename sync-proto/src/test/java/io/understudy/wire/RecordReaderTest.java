package io.understudy.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Batches that are not as they should be, byte by byte. */
class RecordReaderTest {
  private static final int BATCH = MessageType.BATCH.field();
  private static final int COUNT = 8;
  private static final int PRESENT = 9;
  private static final int SLOT = 10;
  private static final int INCARNATION = 11;
  private static final int GENERATION = 12;
  private static final int CREATOR = 13;
  private static final int VERSION = 14;
  private static final int COLUMNS = 16;
  private static final int MAX_COUNT = 8;

  private static final int FIRST = RecordSchema.AFTER_HEADER;

  private static final RecordSchema SCHEMA =
      new RecordSchema(
          9,
          "sample",
          FIRST + 4,
          COLUMNS,
          List.of(
              new Column(3, "wide", ColumnGroup.FACTS, FIRST, 0, 64, ColumnEncoding.VARINT),
              new Column(4, "narrow", ColumnGroup.FACTS, FIRST + 1, 0, 12, ColumnEncoding.VARINT),
              new Column(5, "three", ColumnGroup.FACTS, FIRST + 1, 12, 22, ColumnEncoding.BYTES3),
              new Column(6, "flag", ColumnGroup.USAGE, FIRST + 1, 34, 1, ColumnEncoding.BYTES1),
              new Column(7, "port", ColumnGroup.USAGE, FIRST + 1, 35, 16, ColumnEncoding.BYTES2),
              new Column(8, "address", ColumnGroup.USAGE, FIRST + 2, 0, 31, ColumnEncoding.FIXED32),
              new Column(
                  9, "prefix", ColumnGroup.USAGE, FIRST + 3, 0, 64, ColumnEncoding.FIXED64)));

  @Test
  void columnsLeftOutAreZeroWhateverTheStageHeldBefore() throws WireFormatException {
    long[] staged = read(records(2));

    long[] expected = new long[2 * SCHEMA.words()];
    expected[RecordSchema.HANDLE] = 3L << 32;
    expected[SCHEMA.words() + RecordSchema.HANDLE] = 5L << 32;
    assertArrayEquals(expected, staged);
  }

  @Test
  void aBatchWithoutRecordsIsRead() throws WireFormatException {
    assertEquals(0, read(new WireBytes()).length);
    assertEquals(0, read(new WireBytes().varint(COUNT, 0)).length);
  }

  @Test
  void oneValueHoldsForEveryRecordThatCarriesItsGroup() throws WireFormatException {
    WireBytes batch =
        new WireBytes()
            .varint(COUNT, 3)
            .packed(PRESENT, ColumnGroup.USAGE, 0, ColumnGroup.USAGE)
            .packed(SLOT, 1, 1, 1)
            .message(COLUMNS, new WireBytes().bytes(7, 0x34, 0x12));

    long[] staged = read(batch);

    assertEquals(0x1234L << 35, staged[FIRST + 1]);
    assertEquals(0, staged[SCHEMA.words() + FIRST + 1]);
    assertEquals(0x1234L << 35, staged[2 * SCHEMA.words() + FIRST + 1]);
  }

  @Test
  void oneValueMayTakeAsManyBytesAsThereAreRecords() throws WireFormatException {
    WireBytes columns = new WireBytes().packed(4, 300);

    long[] staged = read(withFacts(columns));

    assertEquals(300, staged[FIRST + 1]);
    assertEquals(300, staged[SCHEMA.words() + FIRST + 1]);
  }

  @Test
  void paddedVarintsAreRead() throws WireFormatException {
    WireBytes columns = new WireBytes().bytes(4, 0x85, 0x80, 0x80, 0x00, 0x86, 0x00);

    long[] staged = read(withFacts(columns));

    assertEquals(5, staged[FIRST + 1]);
    assertEquals(6, staged[SCHEMA.words() + FIRST + 1]);
  }

  @Test
  void unknownFieldsAreSkippedAndCounted() throws WireFormatException {
    WireBytes columns =
        new WireBytes()
            .varint(1, 7)
            .packed(4, 1, 2)
            .raw(90 << 3 & 0x7F | 0x80 | 1, 90 >> 4, 1, 2, 3, 4, 5, 6, 7, 8)
            .raw(91 << 3 & 0x7F | 0x80 | 5, 91 >> 4, 1, 2, 3, 4)
            .bytes(92, 1, 2, 3)
            .packed(5 + 95, 1);
    WireBytes batch = withFacts(columns).varint(15, 4).bytes(17, 9, 9);
    FrameReader reader = open(batch);
    long[] staged = new long[MAX_COUNT * SCHEMA.words()];

    assertEquals(2, reader.records(SCHEMA, staged, MAX_COUNT));

    assertEquals(1, staged[FIRST + 1]);
    assertEquals(2, staged[SCHEMA.words() + FIRST + 1]);
    assertEquals(7, reader.unknownFields());
  }

  @Test
  void countIsLimitedByTheCallerAndByTheVersion() {
    refused("batch.count is 9, the limit is 8", new WireBytes().varint(COUNT, 9));
    refused(
        "batch.count is 18446744073709551615, the limit is 8", new WireBytes().varint(COUNT, -1));
    WireBytes batch = new WireBytes().varint(COUNT, FrameLimits.MAX_BATCH_RECORDS + 1);
    long[] staged = new long[5_000 * SCHEMA.words()];
    String message =
        assertThrows(WireFormatException.class, () -> open(batch).records(SCHEMA, staged, 5_000))
            .getMessage();
    assertEquals("batch.count is 4097, the limit is 4096", message);
  }

  @Test
  void slotsAndGenerationsCannotBeLeftOut() {
    refused("batch of 1 records has no slots", new WireBytes().varint(COUNT, 1));
    refused(
        "batch of 1 records with keys has no generations",
        new WireBytes().varint(COUNT, 1).packed(PRESENT, ColumnGroup.KEY).packed(SLOT, 4));
    refused(
        "batch.slot has 1 value for 2 records", new WireBytes().varint(COUNT, 2).packed(SLOT, 4));
    refused(
        "batch.slot has 1 value for 2 records", new WireBytes().varint(COUNT, 2).packed(SLOT, 400));
    refused(
        "batch.generation has 1 value for 2 records",
        new WireBytes()
            .varint(COUNT, 2)
            .packed(PRESENT, ColumnGroup.KEY)
            .packed(SLOT, 4, 1)
            .packed(GENERATION, 4));
  }

  @Test
  void slotsAscendUpToTheirLimit() {
    refused(
        "batch.slot repeats one of 2 slots up to 4",
        new WireBytes().varint(COUNT, 2).packed(SLOT, 4, 0));
    refused(
        "batch.slot is 2147483648, the limit is 2147483647",
        new WireBytes().varint(COUNT, 2).packed(SLOT, Integer.MAX_VALUE, 1));
    refused(
        "batch.slot is 4294967296, the limit is 4294967295",
        new WireBytes().varint(COUNT, 2).packed(SLOT, 3, 1L << 32));
  }

  @Test
  void theLargestSlotIsRead() throws WireFormatException {
    long[] staged = read(new WireBytes().varint(COUNT, 2).packed(SLOT, Integer.MAX_VALUE - 1, 1));

    assertEquals(FrameLimits.MAX_SLOT, staged[SCHEMA.words() + RecordSchema.HANDLE] >>> 32);
  }

  @Test
  void valuesAreLimitedByTheBitsOfTheirColumn() {
    refused(
        "batch.present is 65536, the limit is 65535",
        new WireBytes().varint(COUNT, 1).packed(PRESENT, 1 << 16));
    refused(
        "batch.slot_incarnation is 4294967296, the limit is 4294967295",
        records(2).packed(INCARNATION, 1, 1L << 32));
    refused(
        "batch.creator is 65536, the limit is 65535",
        keyed().packed(GENERATION, 2).packed(CREATOR, 1 << 16));
    refusedFacts("sample.narrow is 4096, the limit is 4095", new WireBytes().packed(4, 17, 4096));
    refusedFacts(
        "sample.three is 4194304, the limit is 4194303", new WireBytes().bytes(5, 0, 0, 0x40));
    refusedUsage("sample.flag is 2, the limit is 1", new WireBytes().bytes(6, 1, 2));
    refusedUsage(
        "sample.address is 2147483648, the limit is 2147483647",
        new WireBytes().bytes(8, 0, 0, 0, 0x80));
  }

  @Test
  void columnsHoldOneValueOrOneForEachRecord() {
    refused(
        "sample.narrow has 3 values for 4 records", withFour(new WireBytes().packed(4, 1, 2, 3)));
    refusedFacts(
        "sample.narrow has more than 2 values for 2 records", new WireBytes().packed(4, 1, 2, 3));
    refusedFacts("sample.narrow has 0 bytes for 2 records", new WireBytes().bytes(4));
    refusedFacts(
        "sample.three has 5 bytes for 2 records of 3", new WireBytes().bytes(5, 1, 2, 3, 4, 5));
    refusedFacts(
        "sample.three has 9 bytes for 2 records of 3", new WireBytes().bytes(5, new int[9]));
    refusedUsage("sample.flag has 3 bytes for 2 records of 1", new WireBytes().bytes(6, 1, 1, 1));
    refusedUsage("sample.port has 1 bytes for 2 records of 2", new WireBytes().bytes(7, 1));
    refusedUsage(
        "sample.address has 7 bytes for 2 records of 4", new WireBytes().bytes(8, new int[7]));
    refusedUsage(
        "sample.prefix has 24 bytes for 2 records of 8", new WireBytes().bytes(9, new int[24]));
    refusedFacts("sample.flag has 1 bytes for 0 records", new WireBytes().bytes(6, 1));
    refused("batch.version has 1 bytes for 0 records", records(2).packed(VERSION, 1));
    refused("batch.present has 1 bytes for 0 records", new WireBytes().packed(PRESENT, 1));
  }

  @Test
  void varintsEndWithTheirColumnAndWithin64Bits() {
    refusedFacts(
        "sample.narrow ends inside a varint at byte 18", new WireBytes().bytes(4, 1, 0x82));
    refusedFacts(
        "sample.wide ends inside a varint at byte 18", new WireBytes().bytes(3, 0x82, 0x83));
    int[] eleven = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1};
    refusedFacts("varint at byte 16 exceeds 64 bits", new WireBytes().bytes(3, eleven));
    int[] bit65 = {255, 255, 255, 255, 255, 255, 255, 255, 255, 2};
    refusedFacts("varint at byte 16 exceeds 64 bits", new WireBytes().bytes(3, bit65));
  }

  @Test
  void unpackedColumnsAreRefused() {
    refusedFacts("sample.narrow has wire type 0, not 2", new WireBytes().varint(4, 1));
    refusedUsage(
        "sample.address has wire type 5, not 2", new WireBytes().raw(8 << 3 | 5, 1, 2, 3, 4));
    refusedUsage(
        "sample.prefix has wire type 1, not 2",
        new WireBytes().raw(9 << 3 | 1, 1, 2, 3, 4, 5, 6, 7, 8));
    refused("batch.slot has wire type 0, not 2", new WireBytes().varint(COUNT, 1).varint(SLOT, 1));
    refused("batch.count has wire type 2, not 0", new WireBytes().packed(COUNT, 1));
    refused("columns has wire type 0, not 2", records(1).varint(COLUMNS, 1));
  }

  @Test
  void fieldsAscendAndComeOnce() {
    refused("field 8 of a batch comes after field 10", records(1).varint(COUNT, 1));
    refused("field 9 of a batch comes after field 10", records(1).packed(PRESENT, 1));
    refused("field 2 of a batch comes after field 10", records(1).varint(2, 1));
    refused(
        "field 16 of a batch comes after field 16",
        withFacts(new WireBytes()).message(COLUMNS, new WireBytes()));
    refusedFacts(
        "sample.wide, field 3, comes after field 4",
        new WireBytes().packed(4, 1, 2).packed(3, 1, 2));
    refusedFacts(
        "sample.narrow, field 4, comes after field 4",
        new WireBytes().packed(4, 1, 2).packed(4, 1, 2));
  }

  @Test
  void lengthsStayWithinTheirMessage() {
    refused(
        "batch.present has 3 bytes, 1 are left", new WireBytes().varint(COUNT, 1).raw(0x4A, 3, 1));
    refused("columns has 2 bytes, 0 are left", records(1).raw(0x82, 0x01, 2));
    refusedFacts("sample.narrow has 4 bytes, 1 are left", new WireBytes().raw(0x22, 4, 1));
    refusedFacts(
        "sample.narrow has 18446744073709551615 bytes, 0 are left",
        new WireBytes().raw(0x22).number(-1));
    refusedFacts("unknown field has 8 bytes, 1 are left", new WireBytes().raw(0x09, 1));
    refusedFacts("unknown field has 4 bytes, 3 are left", new WireBytes().raw(0x0D, 1, 2, 3));
    refusedFacts("unknown field has 9 bytes, 1 are left", new WireBytes().raw(0x0A, 9, 1));
  }

  @Test
  void tagsAreChecked() {
    refusedFacts("field number 0 before byte 15", new WireBytes().raw(0x02, 1, 1));
    refusedFacts("field 1 has wire type 3, not one of 0, 1, 2 and 5", new WireBytes().raw(0x0B));
    refusedFacts("field 1 has wire type 7, not one of 0, 1, 2 and 5", new WireBytes().raw(0x0F));
    refusedFacts(
        "field tag is 4294967296, the limit is 4294967295", new WireBytes().number(1L << 32));
    refusedFacts("varint at byte 14 runs past the end of its message", new WireBytes().raw(0x80));
  }

  private static WireBytes records(int count) {
    long[] slots = new long[count];
    Arrays.fill(slots, 2);
    slots[0] = 3;
    return new WireBytes().varint(COUNT, count).packed(SLOT, slots);
  }

  private static WireBytes keyed() {
    return new WireBytes().varint(COUNT, 1).packed(PRESENT, ColumnGroup.KEY).packed(SLOT, 4);
  }

  private static WireBytes withFacts(WireBytes columns) {
    return two(ColumnGroup.FACTS).message(COLUMNS, columns);
  }

  private static WireBytes withFour(WireBytes columns) {
    return new WireBytes()
        .varint(COUNT, 4)
        .packed(PRESENT, ColumnGroup.FACTS)
        .packed(SLOT, 1, 1, 1, 1)
        .message(COLUMNS, columns);
  }

  private static WireBytes two(int group) {
    return new WireBytes().varint(COUNT, 2).packed(PRESENT, group).packed(SLOT, 3, 2);
  }

  private static long[] read(WireBytes batch) throws WireFormatException {
    long[] staged = new long[MAX_COUNT * SCHEMA.words()];
    Arrays.fill(staged, -1);
    int count = open(batch).records(SCHEMA, staged, MAX_COUNT);
    return Arrays.copyOf(staged, count * SCHEMA.words());
  }

  private static FrameReader open(WireBytes batch) throws WireFormatException {
    FrameReader reader = Frames.reader(new WireBytes().message(BATCH, batch).toArray());
    assertEquals(MessageType.BATCH, reader.next());
    return reader;
  }

  private static void refused(String message, WireBytes batch) {
    assertEquals(message, assertThrows(WireFormatException.class, () -> read(batch)).getMessage());
  }

  private static void refusedFacts(String message, WireBytes columns) {
    refused(message, two(ColumnGroup.FACTS).message(COLUMNS, columns));
  }

  private static void refusedUsage(String message, WireBytes columns) {
    refused(message, two(ColumnGroup.USAGE).message(COLUMNS, columns));
  }
}
