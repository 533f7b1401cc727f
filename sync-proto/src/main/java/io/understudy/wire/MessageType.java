package io.understudy.wire;

import com.google.protobuf.MessageLite;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.Batch;
import io.understudy.proto.v1.BulkMark;
import io.understudy.proto.v1.Gone;
import io.understudy.proto.v1.Goodbye;
import io.understudy.proto.v1.Heartbeat;
import io.understudy.proto.v1.Hello;
import io.understudy.proto.v1.HelloConfirm;
import io.understudy.proto.v1.Need;

/** The messages a frame may carry: the fields of {@code Frame}, by their number. */
public enum MessageType {
  /** No message: the frame has been read to its end. */
  END(0, null, true),
  ACK(2, Ack.class, false),
  BATCH(3, Batch.class, true),
  BULK_MARK(4, BulkMark.class, true),
  NEED(5, Need.class, true),
  GONE(6, Gone.class, true),
  HELLO(7, Hello.class, false),
  HELLO_CONFIRM(8, HelloConfirm.class, false),
  HEARTBEAT(9, Heartbeat.class, false),
  GOODBYE(10, Goodbye.class, false);

  /** Field number of the frame's own number, which is no message. */
  static final int NUMBER_FIELD = 1;

  private static final MessageType[] BY_FIELD = new MessageType[11];

  static {
    for (MessageType type : values()) {
      BY_FIELD[type.field] = type;
    }
  }

  private final int field;
  private final Class<? extends MessageLite> messageClass;
  private final boolean repeated;

  MessageType(int field, Class<? extends MessageLite> messageClass, boolean repeated) {
    this.field = field;
    this.messageClass = messageClass;
    this.repeated = repeated;
  }

  /** Its field number in {@code Frame}; 0 for {@link #END}. */
  public int field() {
    return field;
  }

  /** What stands before the message in a frame; one byte. */
  int tag() {
    return field << 3 | WireInput.LENGTH_DELIMITED;
  }

  /** Whether a frame may carry several. */
  public boolean isRepeated() {
    return repeated;
  }

  /** Whether a message is of this type. */
  boolean accepts(MessageLite message) {
    return messageClass != null && messageClass.isInstance(message);
  }

  /** The type with a field number, or {@link #END} where there is none. */
  static MessageType ofField(int field) {
    MessageType type = field < BY_FIELD.length ? BY_FIELD[field] : null;
    return type == null ? END : type;
  }
}
