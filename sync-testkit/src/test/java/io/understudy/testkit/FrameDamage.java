package io.understudy.testkit;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.understudy.proto.v1.Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** Changes some frames at random: a field anywhere in them to an extreme or to any value, or some of their bytes. */
final class FrameDamage implements UnaryOperator<byte[]> {
  private static final int MAX_FRAME_BYTES = 65_536;
  private static final long[] EXTREMES = {
    0,
    1,
    2,
    3,
    62,
    63,
    64,
    127,
    128,
    255,
    256,
    1_023,
    1_024,
    65_535,
    65_536,
    (1 << 20) - 1,
    1 << 20,
    Integer.MAX_VALUE,
    1L << 31,
    (1L << 32) - 1,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1
  };

  private final SplittableRandom random;
  private final int oneIn;
  private final boolean large;
  private int damaged;

  /** @param oneIn of so many frames one is changed */
  FrameDamage(SplittableRandom random, int oneIn) {
    this(random, oneIn, false);
  }

  private FrameDamage(SplittableRandom random, int oneIn, boolean large) {
    this.random = random;
    this.oneIn = oneIn;
    this.large = large;
  }

  /** Now and then also texts and lists that nearly fill a frame. */
  static FrameDamage withLargeValues(SplittableRandom random, int oneIn) {
    return new FrameDamage(random, oneIn, true);
  }

  int damaged() {
    return damaged;
  }

  @Override
  public byte[] apply(byte[] frame) {
    if (random.nextInt(oneIn) > 0) {
      return frame;
    }
    damaged++;
    return random.nextInt(3) == 0 ? ofBytes(frame) : ofAField(frame);
  }

  private byte[] ofBytes(byte[] frame) {
    byte[] bytes = frame.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length)) : bytes;
  }

  private byte[] ofAField(byte[] frame) {
    try {
      Frame.Builder other = Frame.parseFrom(frame).toBuilder();
      change(other);
      Frame changed = other.build();
      int bytes =
          changed.getSerializedSize(); // copies of large values may be more than there is memory
      return bytes <= 0 || bytes > MAX_FRAME_BYTES ? frame : changed.toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a member sent what is no frame", e);
    }
  }

  private void change(Message.Builder message) {
    List<FieldDescriptor> there = new ArrayList<>(message.getAllFields().keySet());
    List<FieldDescriptor> all = message.getDescriptorForType().getFields();
    List<FieldDescriptor> from = there.isEmpty() || random.nextInt(3) == 0 ? all : there;
    FieldDescriptor field = from.get(random.nextInt(from.size()));
    if (field.isRepeated()) {
      changeRepeated(message, field);
    } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      message.setField(field, changed((Message) message.getField(field)));
    } else if (random.nextInt(4) == 0) {
      message.clearField(field);
    } else {
      message.setField(field, value(field));
    }
  }

  private void changeRepeated(Message.Builder message, FieldDescriptor field) {
    int count = message.getRepeatedFieldCount(field);
    boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    if (count == 0 || random.nextInt(6) == 0) {
      Object one = isMessage ? changed(message.newBuilderForField(field).build()) : value(field);
      int copies = large && random.nextInt(4) == 0 ? 1 << random.nextInt(14) : 1;
      for (int i = 0; i < copies; i++) {
        message.addRepeatedField(field, one);
      }
    } else if (random.nextInt(6) == 0) {
      message.clearField(field);
    } else {
      int at = random.nextInt(count);
      Object former = message.getRepeatedField(field, at);
      message.setRepeatedField(field, at, isMessage ? changed((Message) former) : value(field));
    }
  }

  private Message changed(Message former) {
    Message.Builder message = former.toBuilder();
    change(message);
    return message.build();
  }

  private int more() {
    return large && random.nextInt(3) == 0 ? random.nextInt(1 << random.nextInt(17)) : 0;
  }

  private Object value(FieldDescriptor field) {
    long any =
        random.nextInt(3) == 0 ? random.nextLong() : EXTREMES[random.nextInt(EXTREMES.length)];
    return switch (field.getJavaType()) {
      case INT -> (int) any;
      case LONG -> any;
      case BOOLEAN -> random.nextBoolean();
      case STRING -> "named " + any + "\n".repeat(more());
      case BYTE_STRING -> ByteString.copyFromUtf8("bytes " + any + "0".repeat(more()));
      case ENUM -> {
        List<EnumValueDescriptor> values = field.getEnumType().getValues();
        yield values.get(random.nextInt(values.size()));
      }
      default -> throw new IllegalStateException("no field of the wire is like " + field);
    };
  }
}
