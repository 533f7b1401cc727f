package io.understudy.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.BulkMark;
import io.understudy.proto.v1.Frame;
import io.understudy.proto.v1.Goodbye;
import io.understudy.proto.v1.Hello;
import io.understudy.proto.v1.Need;
import io.understudy.proto.v1.RefusedRecords;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Codec and generated classes agree on any records, and no bytes do harm. */
class WireAgreementProperties {
  private static final int RECORDS = 200;

  @Property(tries = 2_000, seed = "5101")
  void whatIsWrittenIsWhatTheGeneratedClassesWouldSay(@ForAll long seed, @ForAll boolean ipv6) {
    RecordSchema schema = schema(ipv6);
    long[] staged = StagedGen.records(schema, seed, RECORDS);

    Frame parsed = Frames.parse(Frames.write(schema, staged));

    assertEquals(Frames.frame(schema, GeneratedBatch.shortened(schema, staged)), parsed);
  }

  @Property(tries = 2_000, seed = "5102")
  void whatGeneratedClassesWriteIsRead(@ForAll long seed, @ForAll boolean ipv6)
      throws WireFormatException {
    RecordSchema schema = schema(ipv6);
    long[] staged = StagedGen.records(schema, seed, RECORDS);

    byte[] frame = Frames.frame(schema, GeneratedBatch.shortened(schema, staged)).toByteArray();

    assertArrayEquals(staged, Frames.records(schema, frame));
  }

  @Property(tries = 1_000, seed = "5103")
  void columnsThatAreNotShortenedAreReadAsWell(@ForAll long seed, @ForAll boolean ipv6)
      throws WireFormatException {
    RecordSchema schema = schema(ipv6);
    long[] staged = StagedGen.records(schema, seed, RECORDS);

    byte[] frame = Frames.frame(schema, GeneratedBatch.inFull(schema, staged)).toByteArray();

    assertArrayEquals(staged, Frames.records(schema, frame));
  }

  @Property(tries = 1_000, seed = "5104")
  void writtenBytesReadBackTheSameDirectlyAndThroughGeneratedClasses(
      @ForAll long seed, @ForAll boolean ipv6) throws WireFormatException {
    RecordSchema schema = schema(ipv6);
    long[] staged = StagedGen.records(schema, seed, RECORDS);

    byte[] frame = Frames.write(schema, staged);
    byte[] again = Frames.parse(frame).toByteArray();

    assertArrayEquals(staged, Frames.records(schema, frame));
    assertArrayEquals(staged, Frames.records(schema, again));
  }

  @Property(tries = 1_000, seed = "5105")
  void noBatchIsLongerThanItsBound(@ForAll long seed, @ForAll boolean ipv6) {
    RecordSchema schema = schema(ipv6);
    long[] staged = StagedGen.records(schema, seed, RECORDS);
    int count = staged.length / schema.words();
    int groups = 0;
    for (int i = 0; i < count; i++) {
      groups |= (int) staged[i * schema.words() + RecordSchema.HEAD] & RecordSchema.PRESENT_MASK;
    }

    int bound =
        RecordWriter.maxBatchBytes(schema, groups)
            + count * RecordWriter.maxRecordBytes(schema, groups);
    FrameWriter writer = new FrameWriter(bound);
    Frames.addBatch(writer, schema, staged);

    assertTrue(writer.length() <= bound, () -> writer.length() + " bytes, bound " + bound);
    assertEquals(count, new FrameWriter(bound).recordRoom(schema, groups));
  }

  @Property(tries = 5_000, seed = "5106")
  void anyBytesAreReadOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] garbage = new byte[random.nextInt(80)];
    random.nextBytes(garbage);

    Frames.readAll(garbage, 0, garbage.length); // nothing but WireFormatException is caught there
  }

  @Property(tries = 5_000, seed = "5107")
  void damagedFramesAreReadOrRefusedByTheirOwnBytesAlone(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] frame = damaged(random, mixedFrame(random));
    byte[] zeros = new byte[frame.length + 40];
    byte[] ones = new byte[frame.length + 40];
    Arrays.fill(ones, (byte) -1);
    System.arraycopy(frame, 0, zeros, 20, frame.length);
    System.arraycopy(frame, 0, ones, 20, frame.length);

    String alone = Frames.readAll(frame, 0, frame.length);

    assertEquals(alone, Frames.readAll(zeros, 20, frame.length));
    assertEquals(alone, Frames.readAll(ones, 20, frame.length));
  }

  private static RecordSchema schema(boolean ipv6) {
    return ipv6 ? SessionSchemas.IPV6 : SessionSchemas.IPV4;
  }

  private static byte[] mixedFrame(Random random) {
    FrameWriter writer = new FrameWriter();
    writer.number(random.nextInt(1_000));
    if (random.nextBoolean()) {
      writer.ack(random.nextInt(1_000));
    } else {
      Ack.Builder ack = Ack.newBuilder().setFrame(random.nextInt(1_000));
      ack.addRefused(RefusedRecords.newBuilder().setFrame(3).addRecord(1).addRecord(300));
      writer.message(MessageType.ACK, ack.build());
    }
    RecordSchema schema = schema(random.nextBoolean());
    Frames.addBatch(writer, schema, StagedGen.records(schema, random.nextLong(), 6));
    switch (random.nextInt(4)) {
      case 0 -> writer.message(MessageType.BULK_MARK, BulkMark.newBuilder().setEpoch(9).build());
      case 1 ->
          writer.message(MessageType.NEED, Need.newBuilder().setPartition(7).addKey(-1).build());
      case 2 -> writer.message(MessageType.GOODBYE, Goodbye.newBuilder().setReason("x").build());
      default -> writer.message(MessageType.HELLO, Hello.newBuilder().setCluster("c").build());
    }
    return Frames.copy(writer);
  }

  private static byte[] damaged(Random random, byte[] frame) {
    byte[] bytes = frame;
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes[at] += (byte) (random.nextBoolean() ? 1 : -1);
        case 3 -> bytes = Arrays.copyOf(bytes, Math.max(1, at)); // cut
        default -> bytes = withByteInserted(bytes, at, (byte) random.nextInt());
      }
    }
    return bytes;
  }

  private static byte[] withByteInserted(byte[] bytes, int at, byte value) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
    longer[at] = value;
    return longer;
  }
}
