package io.understudy.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;

/**
 * One frame that is being written.
 *
 * <p>Use: {@link #reset}, {@link #number}, then any messages; of a batch {@link #beginBatch},
 * {@link #records}, {@link #endBatch}. Then {@link #bytes} up to {@link #length} go to the link,
 * before the next reset. They are read in the order they were written in.
 *
 * <p>Shape: one array of the longest frame, claimed at start.
 * <p>Units: sizes are bytes, without the length before a frame, which is the transport's.
 * <p>Thread: one. Acknowledgements and batches allocate nothing.
 * <p>Errors: what does not fit is an {@link IllegalStateException}, so ask before: {@link
 * #hasRoom}, {@link #recordRoom}. After an exception the frame must be reset.
 */
public final class FrameWriter {
  /** Bytes of the longest frame. */
  public static final int MAX_FRAME_BYTES = FrameLimits.MAX_FRAME_BYTES;

  static final int ACK_FRAME_TAG = 1 << 3;
  private static final int MAX_ACK_BYTES = 2 + 1 + 10;

  private final RecordWriter records = new RecordWriter();
  private final byte[] out;
  private final int limit;
  private int at;
  private int messages;
  private int batches;

  /** Records of the batches so far. */
  private int written;

  /** Position of the length of the batch that is open, or 0. */
  private int batchLength;

  private boolean batchHasRecords;

  /** For frames of up to {@link #MAX_FRAME_BYTES}. */
  public FrameWriter() {
    this(MAX_FRAME_BYTES);
  }

  /** For frames of up to {@code maxFrameBytes}. */
  public FrameWriter(int maxFrameBytes) {
    if (maxFrameBytes < 1 || maxFrameBytes > MAX_FRAME_BYTES) {
      throw new IllegalArgumentException(
          "maxFrameBytes is " + maxFrameBytes + ", allowed are 1 to " + MAX_FRAME_BYTES);
    }
    limit = maxFrameBytes;
    out = new byte[maxFrameBytes + Varints.SLACK_BYTES];
  }

  /** Starts an empty frame. */
  public void reset() {
    at = 0;
    messages = 0;
    batches = 0;
    written = 0;
    batchLength = 0;
  }

  /** Gives the frame its number; before any message. */
  public void number(long number) {
    if (at != 0) {
      throw new IllegalStateException(
          "number " + number + " comes after " + at + " bytes, it must be first");
    }
    if (number != 0) {
      at = Varints.write(out, at, MessageType.NUMBER_FIELD << 3);
      at = Varints.write(out, at, number);
    }
  }

  /** Acknowledges everything up to a frame. */
  public void ack(long frame) {
    startMessage(MessageType.ACK, MAX_ACK_BYTES);
    at = Varints.write(out, at, MessageType.ACK.tag());
    int bytes = frame == 0 ? 0 : 1 + Varints.size(frame);
    at = Varints.write(out, at, bytes);
    if (bytes > 0) {
      at = Varints.write(out, at, ACK_FRAME_TAG);
      at = Varints.write(out, at, frame);
    }
  }

  /**
   * Writes a message with its generated class; an acknowledgement that names drops or refusals too.
   */
  public void message(MessageType type, MessageLite message) {
    if (!type.accepts(message)) {
      throw new IllegalArgumentException(message.getClass().getSimpleName() + " is no " + type);
    }
    int size = message.getSerializedSize();
    startMessage(type, bytesFor(message));
    at = Varints.write(out, at, type.tag());
    at = Varints.write(out, at, size);
    try {
      message.writeTo(CodedOutputStream.newInstance(out, at, size));
    } catch (IOException impossible) {
      throw new IllegalStateException(
          type + " of " + size + " bytes changed while it was written", impossible);
    }
    at += size;
  }

  /** How many bytes {@link #message} needs for a message. */
  public static int bytesFor(MessageLite message) {
    int size = message.getSerializedSize();
    return 1 + Varints.size(size) + size;
  }

  /** Whether so many more bytes fit. */
  public boolean hasRoom(int bytes) {
    return bytes <= remaining();
  }

  /** How many more bytes fit. */
  public int remaining() {
    return limit - at;
  }

  /**
   * How many records surely fit a new batch if their {@code present} has no other bits than {@code
   * groups}.
   */
  public int recordRoom(RecordSchema schema, int groups) {
    int room = remaining() - RecordWriter.maxBatchBytes(schema, groups);
    int most = room / RecordWriter.maxRecordBytes(schema, groups);
    if (batches == FrameLimits.MAX_FRAME_BATCHES) {
      return 0;
    }
    int limit = Math.min(FrameLimits.MAX_BATCH_RECORDS, FrameLimits.MAX_FRAME_RECORDS - written);
    return Math.max(0, Math.min(most, limit));
  }

  /** Opens a batch: the fields 1 to 7 of {@code Batch}. */
  public void beginBatch(
      int table, int partition, int group, long termNumber, int termNode, long epoch, int kind) {
    if (batches == FrameLimits.MAX_FRAME_BATCHES) {
      throw new IllegalStateException("batch " + batches + " of a frame that may have as many");
    }
    startMessage(MessageType.BATCH, RecordWriter.BATCH_HEADER_BYTES);
    at = Varints.write(out, at, MessageType.BATCH.tag());
    batchLength = at;
    batchHasRecords = false;
    at += Varints.PADDED_BYTES;
    uint(1, table);
    uint(2, partition);
    uint(3, group);
    varint(4, termNumber);
    uint(5, termNode);
    varint(6, epoch);
    uint(7, kind);
  }

  /**
   * Writes the batch's records, once for each batch.
   *
   * @param staged {@code count} records of {@link RecordSchema#words()} words, slots strictly
   *     ascending
   * @param count 1 to {@link FrameLimits#MAX_BATCH_RECORDS}
   */
  public void records(RecordSchema schema, long[] staged, int count) {
    if (batchLength == 0 || batchHasRecords) {
      throw new IllegalStateException("records need a batch that was begun and has none");
    }
    if (count < 1
        || count > FrameLimits.MAX_BATCH_RECORDS
        || (long) count * schema.words() > staged.length) {
      throw new IllegalArgumentException(
          count
              + " records of "
              + schema.words()
              + " words in "
              + staged.length
              + ", allowed are 1 to "
              + FrameLimits.MAX_BATCH_RECORDS);
    }
    if (count > FrameLimits.MAX_FRAME_RECORDS - written) {
      throw new IllegalStateException(
          count
              + " more records in a frame of "
              + written
              + ", the limit is "
              + FrameLimits.MAX_FRAME_RECORDS);
    }
    at = records.write(out, at, limit, schema, staged, count);
    written += count;
    batchHasRecords = true;
  }

  /** Closes the batch. */
  public void endBatch() {
    if (batchLength == 0 || !batchHasRecords) {
      throw new IllegalStateException("endBatch needs a batch that was begun and has records");
    }
    Varints.patch(out, batchLength, at - batchLength - Varints.PADDED_BYTES, Varints.PADDED_BYTES);
    batchLength = 0;
    batches++;
  }

  /** The array the frame starts in, at 0; the same at every call. */
  public byte[] bytes() {
    return out;
  }

  /** The frame's length. */
  public int length() {
    return at;
  }

  /** Whether no message was written; a number alone is none. */
  public boolean isEmpty() {
    return messages == 0;
  }

  /** How many batches the frame has; the next one's index within the frame. */
  public int batchCount() {
    return batches;
  }

  private void startMessage(MessageType type, int bytes) {
    if (batchLength != 0) {
      throw new IllegalStateException(type + " inside a batch");
    }
    if (!hasRoom(bytes)) {
      throw new IllegalStateException(
          type
              + " of "
              + bytes
              + " bytes exceeds the "
              + remaining()
              + " left of the limit of "
              + limit);
    }
    messages++;
  }

  private void uint(int field, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          "field " + field + " of a batch is " + value + ", the limit is 2147483647");
    }
    varint(field, value);
  }

  private void varint(int field, long value) {
    if (value != 0) {
      at = Varints.write(out, at, field << 3);
      at = Varints.write(out, at, value);
    }
  }
}
