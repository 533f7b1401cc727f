package io.understudy.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.understudy.proto.v1.Batch;
import io.understudy.proto.v1.Frame;
import java.util.Arrays;

/** Frames for tests: written, and read whole. */
final class Frames {
  static final long NUMBER = 300;
  static final int MAX_COUNT = 256;

  private Frames() {}

  /** A frame with one batch. */
  static byte[] write(RecordSchema schema, long[] staged) {
    FrameWriter writer = new FrameWriter();
    writer.number(NUMBER);
    addBatch(writer, schema, staged);
    return copy(writer);
  }

  static void addBatch(FrameWriter writer, RecordSchema schema, long[] staged) {
    writer.beginBatch(schema.table(), 17, 2, 5, 1, 1L << 40, 3);
    writer.records(schema, staged, staged.length / schema.words());
    writer.endBatch();
  }

  /** The same batch header as {@link #addBatch} around a batch of the generated classes. */
  static Batch withHeader(RecordSchema schema, Batch records) {
    return records.toBuilder()
        .setTable(schema.table())
        .setPartition(17)
        .setGroup(2)
        .setTermNumber(5)
        .setTermNode(1)
        .setEpoch(1L << 40)
        .setKindValue(3)
        .build();
  }

  static Frame frame(RecordSchema schema, Batch records) {
    return Frame.newBuilder().setNumber(NUMBER).addBatch(withHeader(schema, records)).build();
  }

  static byte[] copy(FrameWriter writer) {
    return Arrays.copyOf(writer.bytes(), writer.length());
  }

  static Frame parse(byte[] frame) {
    try {
      return Frame.parseFrom(frame);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("the generated classes refuse the frame", e);
    }
  }

  static FrameReader reader(byte[] frame) throws WireFormatException {
    FrameReader reader = new FrameReader();
    reader.wrap(frame, 0, frame.length);
    return reader;
  }

  /** The records of a frame's first batch. */
  static long[] records(RecordSchema schema, byte[] frame) throws WireFormatException {
    FrameReader reader = reader(frame);
    if (reader.next() != MessageType.BATCH) {
      throw new AssertionError("no batch");
    }
    long[] staged = new long[MAX_COUNT * schema.words()];
    Arrays.fill(staged, -1); // what was there before must not shine through
    int count = reader.records(schema, staged, MAX_COUNT);
    return Arrays.copyOf(staged, count * schema.words());
  }

  /** Reads all there is in a part of an array and answers what was seen, or how it failed. */
  static String readAll(byte[] bytes, int offset, int length) {
    StringBuilder seen = new StringBuilder();
    FrameReader reader = new FrameReader();
    long[] staged = new long[MAX_COUNT * SessionSchemas.IPV6.words()];
    try {
      reader.wrap(bytes, offset, length);
      seen.append(reader.number());
      for (MessageType type = reader.next(); type != MessageType.END; type = reader.next()) {
        seen.append(' ').append(type).append(' ').append(readOne(reader, type, staged));
      }
    } catch (WireFormatException e) {
      seen.append(" refused: ").append(e.getMessage());
    }
    return seen.append(' ').append(reader.unknownFields()).append(" unknown").toString();
  }

  private static Object readOne(FrameReader reader, MessageType type, long[] staged)
      throws WireFormatException {
    return switch (type) {
      case ACK -> reader.ackIsSimple() ? reader.ackFrame() : reader.ack();
      case BATCH -> {
        boolean ipv6 = reader.table() == SessionSchemas.IPV6.table();
        RecordSchema schema = ipv6 ? SessionSchemas.IPV6 : SessionSchemas.IPV4;
        int count = reader.records(schema, staged, MAX_COUNT);
        yield count + " " + Arrays.hashCode(Arrays.copyOf(staged, count * schema.words()));
      }
      case BULK_MARK -> reader.parse(io.understudy.proto.v1.BulkMark.parser());
      case NEED -> reader.parse(io.understudy.proto.v1.Need.parser());
      case GONE -> reader.parse(io.understudy.proto.v1.Gone.parser());
      case HELLO -> reader.parse(io.understudy.proto.v1.Hello.parser());
      case HELLO_CONFIRM -> reader.parse(io.understudy.proto.v1.HelloConfirm.parser());
      case HEARTBEAT -> reader.parse(io.understudy.proto.v1.Heartbeat.parser());
      case GOODBYE -> reader.parse(io.understudy.proto.v1.Goodbye.parser());
      case END -> throw new AssertionError("end");
    };
  }
}
