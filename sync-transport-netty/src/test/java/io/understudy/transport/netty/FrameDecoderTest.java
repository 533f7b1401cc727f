package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {
  private final List<Integer> lengths = new ArrayList<>();
  private final FrameDecoder decoder = new FrameDecoder((frame, length) -> lengths.add(length));

  @Test
  void lengthAboveTheLimitIsNamed() {
    BadFrameException e = assertThrows(BadFrameException.class, () -> decode(0xEB, 0xA3, 0x04));

    assertEquals("frame of 70123 bytes exceeds the limit of 65536", e.getMessage());
  }

  @Test
  void largestLengthOfFiveBytesIsNamed() {
    BadFrameException e =
        assertThrows(BadFrameException.class, () -> decode(0xFF, 0xFF, 0xFF, 0xFF, 0x7F));

    assertEquals("frame of 34359738367 bytes exceeds the limit of 65536", e.getMessage());
  }

  @Test
  void prefixWithoutEndIsRefused() {
    BadFrameException e =
        assertThrows(BadFrameException.class, () -> decode(0x80, 0x80, 0x80, 0x80, 0x80, 0x00));

    assertEquals("length prefix of a frame does not end after 5 bytes", e.getMessage());
  }

  @Test
  void emptyFrameIsRefused() {
    BadFrameException e = assertThrows(BadFrameException.class, () -> decode(0x00));

    assertEquals("frame of 0 bytes", e.getMessage());
  }

  @Test
  void framesBeforeABadOneAreDelivered() {
    assertThrows(BadFrameException.class, () -> decode(2, 'a', 'b', 1, 'c', 0));

    assertEquals(List.of(2, 1), lengths);
  }

  @Test
  void sinkThatHasEnoughGetsNoMore() throws BadFrameException {
    List<Integer> one = new ArrayList<>();
    FrameDecoder stopped =
        new FrameDecoder(
            (frame, length) -> {
              one.add(length);
              return false;
            });

    stopped.decode(bytes(1, 'a', 1, 'b'));

    assertEquals(List.of(1), one);
  }

  private void decode(int... bytes) throws BadFrameException {
    decoder.decode(bytes(bytes));
  }

  private static ByteBuf bytes(int... bytes) {
    ByteBuf buffer = Unpooled.buffer();
    for (int b : bytes) {
      buffer.writeByte(b);
    }
    return buffer;
  }
}
