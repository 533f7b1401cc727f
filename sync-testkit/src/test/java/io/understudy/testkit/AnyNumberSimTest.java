package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.understudy.proto.v1.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One number of one frame, whichever, is another one when node 2 hears it. What it says may be believed, so nothing is asked of the tables; but no
 * exception leaves the duty cycle, and the two are connected again.
 */
class AnyNumberSimTest {
  /** Lives of each block in the build; {@code -Dunderstudy.anyNumber=10000} asks for more. */
  private static final int LIVES = Integer.getInteger("understudy.anyNumber", 40);

  private static final int FRAMES = 60;

  private static final List<Object> INTS =
      List.of(
          0, 1, 2, 63, 64, 255, 256, 0xFFFF, 0x1_0000, Integer.MAX_VALUE, -1, Integer.MIN_VALUE);
  private static final List<Object> LONGS =
      List.of(
          0L,
          1L,
          2L,
          1L << 16,
          1L << 31,
          1L << 32,
          1L << 53,
          1L << 62,
          Long.MAX_VALUE,
          -1L,
          Long.MIN_VALUE);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void noNumberOfAFrameEndsTheNode(long block) {
    for (int life = 0; life < LIVES; life++) {
      SplittableRandom random = new SplittableRandom(block << 32 | life);
      HearingPair pair = new HearingPair(1);
      Once once = new Once(random);
      pair.hears(2, once);
      try {
        pair.run(100);
        pair.publish(100, 1);
        pair.run(500);
        pair.publish(50, 2);
        pair.run(2_000);
      } catch (RuntimeException | Error e) {
        throw new AssertionError(block + "/" + life + ", " + once.what, e);
      }
      for (int more = 0; more < 20 && !pair.isConnected(); more++) {
        pair.run(1_000);
      }
      assertTrue(pair.isConnected(), block + "/" + life + ", " + once.what);
    }
  }

  /** Changes a number of the frame that chance chooses. */
  private static final class Once implements UnaryOperator<byte[]> {
    private final SplittableRandom random;
    private int left;
    private String what = "nothing was changed";

    Once(SplittableRandom random) {
      this.random = random;
      left = random.nextInt(FRAMES);
    }

    @Override
    public byte[] apply(byte[] bytes) {
      if (left-- != 0) {
        return bytes;
      }
      Frame frame = HearingTransport.frame(bytes);
      List<Message> changed = withEachNumber(frame);
      if (changed.isEmpty()) {
        left = 0; // the next one
        return bytes;
      }
      Message other = changed.get(random.nextInt(changed.size()));
      what = "in place of\n" + frame + "comes\n" + other;
      return other.toByteArray();
    }

    /** For each number of the message, of whatever depth, one at an end. */
    private List<Message> withEachNumber(Message message) {
      List<Message> all = new ArrayList<>();
      for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
        if (!field.isRepeated()) {
          for (Object value : others(field, message.getField(field), isSet(message, field))) {
            all.add(message.toBuilder().setField(field, value).build());
          }
          continue;
        }
        for (int i = 0; i < Math.min(4, message.getRepeatedFieldCount(field)); i++) {
          for (Object value : others(field, message.getRepeatedField(field, i), true)) {
            all.add(message.toBuilder().setRepeatedField(field, i, value).build());
          }
        }
      }
      return all;
    }

    private static boolean isSet(Message message, FieldDescriptor field) {
      return field.getJavaType() != JavaType.MESSAGE || message.hasField(field);
    }

    private List<? extends Object> others(FieldDescriptor field, Object value, boolean isSet) {
      return switch (field.getJavaType()) {
        case INT -> List.of(INTS.get(random.nextInt(INTS.size())));
        case LONG -> List.of(LONGS.get(random.nextInt(LONGS.size())));
        case BOOLEAN -> List.of(!(boolean) value);
        case ENUM ->
            List.of(field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(20)));
        case MESSAGE -> isSet ? withEachNumber((Message) value) : List.of();
        default -> List.of();
      };
    }
  }
}
