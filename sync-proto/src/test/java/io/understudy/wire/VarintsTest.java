package io.understudy.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VarintsTest {
  private static final int MANY = 100;

  @Test
  void valuesAroundEveryPowerOfTwoAreWrittenAsProtobufDoes() throws IOException {
    for (int bit = 0; bit < 64; bit++) {
      for (long value : new long[] {(1L << bit) - 1, 1L << bit, (1L << bit) + 1, -1L << bit}) {
        byte[] expected = new byte[CodedOutputStream.computeUInt64SizeNoTag(value)];
        CodedOutputStream.newInstance(expected).writeUInt64NoTag(value);

        assertEquals(expected.length, Varints.size(value));
        assertArrayEquals(expected, written(value));
        assertManyRoundTrip(value, expected);
      }
    }
  }

  @Test
  void reservedLengthsArePaddedAndReadAsTheirValue() throws WireFormatException {
    byte[] out = new byte[3];
    for (int value : new int[] {0, 1, 127, 128, 65_535, 65_536, (1 << 21) - 1}) {
      Varints.patch(out, 0, value, 3);

      WireInput in = new WireInput(out);
      in.wrap(out, 0, 3);
      assertEquals(value, in.varint());
      assertEquals(3, in.at);
    }
  }

  private static byte[] written(long value) {
    byte[] out = new byte[10 + Varints.SLACK_BYTES];
    return Arrays.copyOf(out, Varints.write(out, 0, value));
  }

  private static void assertManyRoundTrip(long value, byte[] one) throws WireFormatException {
    long[] values = new long[MANY];
    Arrays.fill(values, value);
    values[0] = 1;
    byte[] out = new byte[MANY * 10 + Varints.SLACK_BYTES];
    int end = Varints.writeAll(out, 0, values, MANY, value | 1);
    assertEquals(1 + (MANY - 1) * one.length, end);

    byte[] exact = Arrays.copyOf(out, end);
    WireInput in = new WireInput(exact);
    in.wrap(exact, 0, end);
    long[] read = new long[MANY];
    assertEquals(value | 1, in.varints(end, read, MANY, "values"));
    assertArrayEquals(values, read);
  }
}
