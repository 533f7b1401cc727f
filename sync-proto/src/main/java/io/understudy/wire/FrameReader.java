package io.understudy.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.understudy.proto.v1.Ack;
import java.util.Objects;

/**
 * One frame that is being read.
 *
 * <p>Use: {@link #wrap}, then {@link #next} until {@link MessageType#END}; after each, what the
 * message is asked for: {@link #ackFrame} or {@link #ack}, the fields of a batch and its {@link
 * #records}, otherwise {@link #parse}. A message nobody asks for is skipped.
 *
 * <p>Thread: one. Batches and plain acknowledgements allocate nothing.
 * <p>Errors: {@link WireFormatException} for any bytes that are no frame; nothing behind the frame
 * is read.
 */
public final class FrameReader {
  private static final int UINT_LIMIT = Integer.MAX_VALUE;

  /** Field {@code count}: the first one that belongs to the records. */
  private static final int FIRST_RECORD_FIELD = 8;

  private static final byte[] NOTHING = {};

  private final WireInput in = new WireInput(NOTHING);
  private final RecordReader recordReader = new RecordReader();
  private int frameEnd;
  private int frameBytes;
  private long number;
  private int unknownFields;

  /** The fields of {@code Frame} seen that may appear once only, a bit each. */
  private int seen;

  private MessageType type = MessageType.END;
  private int messageStart;
  private int messageEnd;

  private boolean ackIsSimple;
  private long ackFrame;

  private int batchIndex;

  /** Records of the frame's batches so far. */
  private int read;

  private int table;
  private int partition;
  private int group;
  private long termNumber;
  private int termNode;
  private long epoch;
  private int kind;
  private int recordsStart;

  /** Starts to read a frame; its bytes must stay as they are until it has been read. */
  public void wrap(byte[] bytes, int offset, int length) throws WireFormatException {
    FrameLimits.check(length);
    Objects.checkFromIndexSize(offset, length, bytes.length);
    in.wrap(bytes, offset, length);
    frameEnd = in.end;
    messageEnd = offset;
    number = 0;
    unknownFields = 0;
    seen = 0;
    batchIndex = -1;
    read = 0;
    frameBytes = length;
    type = MessageType.END;
    if (length == 0) {
      return;
    }
    int tag = in.tag();
    if (tag >>> 3 == MessageType.NUMBER_FIELD) {
      WireInput.expect(tag, WireInput.VARINT, "frame.number");
      number = in.varint();
      messageEnd = in.at;
    }
  }

  /** The frame's number, 0 if it has none. */
  public long number() {
    return number;
  }

  /** The frame's length. */
  public int length() {
    return frameBytes;
  }

  /** Goes to the next message. */
  public MessageType next() throws WireFormatException {
    in.at = messageEnd;
    in.end = frameEnd;
    type = MessageType.END;
    while (in.hasMore()) {
      int tag = in.tag();
      int field = tag >>> 3;
      MessageType found = MessageType.ofField(field);
      if (found != MessageType.END) {
        enter(found, tag);
        type = found;
        return found;
      }
      if (field == MessageType.NUMBER_FIELD) {
        throw new WireFormatException("frame.number is not the first field of the frame");
      }
      in.skip(tag);
      messageEnd = in.at;
      unknownFields++;
    }
    return MessageType.END;
  }

  /** Whether the acknowledgement has nothing but a frame. */
  public boolean ackIsSimple() {
    require(MessageType.ACK);
    return ackIsSimple;
  }

  /** The frame up to which everything was applied, of a simple acknowledgement. */
  public long ackFrame() {
    if (!ackIsSimple()) {
      throw new IllegalStateException("the acknowledgement is not simple");
    }
    return ackFrame;
  }

  /** The acknowledgement, simple or not. */
  public Ack ack() throws WireFormatException {
    require(MessageType.ACK);
    return parse(Ack.parser());
  }

  /** How many batches of the frame come before this one. */
  public int batchIndex() {
    return batchIndex;
  }

  /** The batch's table. */
  public int table() {
    return table;
  }

  /** The batch's partition. */
  public int partition() {
    return partition;
  }

  /** The batch's group. */
  public int group() {
    return group;
  }

  /** Number of the term the batch was sent in. */
  public long termNumber() {
    return termNumber;
  }

  /** Node of the term the batch was sent in. */
  public int termNode() {
    return termNode;
  }

  /** Epoch of the stream the batch belongs to. */
  public long epoch() {
    return epoch;
  }

  /** Number of the batch's {@code BatchKind}, possibly one that this version does not know. */
  public int kind() {
    return kind;
  }

  /**
   * Reads the batch's records.
   *
   * @param staged takes them, {@link RecordSchema#words()} words each; what was there is
   *     overwritten, also where a {@link WireFormatException} is thrown
   * @param maxCount records to accept at most
   * @return how many there are
   */
  public int records(RecordSchema schema, long[] staged, int maxCount) throws WireFormatException {
    require(MessageType.BATCH);
    if (maxCount < 0 || (long) maxCount * schema.words() > staged.length) {
      throw new IllegalArgumentException(
          maxCount
              + " records of "
              + schema.words()
              + " words exceed the "
              + staged.length
              + " of the stage");
    }
    in.at = recordsStart;
    in.end = messageEnd;
    int limit = Math.min(maxCount, FrameLimits.MAX_BATCH_RECORDS);
    int count = recordReader.read(in, schema, staged, limit);
    unknownFields += recordReader.takeUnknownFields();
    read += count;
    InputLimit.FRAME_RECORDS.check(read);
    return count;
  }

  /** The message, parsed by its generated class. */
  public <T extends MessageLite> T parse(Parser<T> parser) throws WireFormatException {
    if (type == MessageType.END) {
      throw new IllegalStateException("there is no message");
    }
    try {
      return parser.parseFrom(in.bytes, messageStart, messageEnd - messageStart);
    } catch (InvalidProtocolBufferException e) {
      throw new WireFormatException(
          type + " of " + (messageEnd - messageStart) + " bytes: " + e.getMessage(), e);
    }
  }

  /**
   * Fields of the frame, its batches and their columns, read so far, that this version does not
   * know.
   */
  public int unknownFields() {
    return unknownFields;
  }

  private void enter(MessageType found, int tag) throws WireFormatException {
    WireInput.expect(tag, WireInput.LENGTH_DELIMITED, found.name());
    int bit = 1 << found.field();
    if (!found.isRepeated() && (seen & bit) != 0) {
      throw new WireFormatException(found + " comes twice in a frame, the limit is 1");
    }
    seen |= bit;
    int length = in.length(found.name());
    messageStart = in.at;
    messageEnd = in.at + length;
    in.end = messageEnd;
    if (found == MessageType.BATCH) {
      readBatchHeader();
    } else if (found == MessageType.ACK) {
      readSimpleAck();
    }
  }

  private void readSimpleAck() throws WireFormatException {
    ackFrame = 0;
    if (in.hasMore() && in.bytes[in.at] == FrameWriter.ACK_FRAME_TAG) {
      in.at++;
      ackFrame = in.varint();
    }
    ackIsSimple = !in.hasMore();
  }

  private void readBatchHeader() throws WireFormatException {
    batchIndex++;
    InputLimit.FRAME_BATCHES.check(batchIndex + 1);
    table = 0;
    partition = 0;
    group = 0;
    termNumber = 0;
    termNode = 0;
    epoch = 0;
    kind = 0;
    int last = 0;
    recordsStart = in.at;
    while (in.hasMore()) {
      int tag = in.tag();
      int field = tag >>> 3;
      if (field >= FIRST_RECORD_FIELD) {
        return;
      }
      if (field <= last) {
        throw new WireFormatException("field " + field + " of a batch comes after field " + last);
      }
      last = field;
      WireInput.expect(tag, WireInput.VARINT, "a batch's header field");
      readBatchField(field);
      recordsStart = in.at;
    }
  }

  private void readBatchField(int field) throws WireFormatException {
    switch (field) {
      case 1 -> table = (int) in.varint("batch.table", UINT_LIMIT);
      case 2 -> partition = (int) in.varint("batch.partition", UINT_LIMIT);
      case 3 -> group = (int) in.varint("batch.group", UINT_LIMIT);
      case 4 -> termNumber = in.varint();
      case 5 -> termNode = (int) in.varint("batch.term_node", UINT_LIMIT);
      case 6 -> epoch = in.varint();
      default -> kind = (int) in.varint("batch.kind", UINT_LIMIT);
    }
  }

  private void require(MessageType wanted) {
    if (type != wanted) {
      throw new IllegalStateException("the message is " + type + ", not " + wanted);
    }
  }
}
