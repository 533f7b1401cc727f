package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FrameDecoderProperties {
  @Property
  void whatIsEncodedIsDecodedHoweverItIsCut(
      @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 65536) Integer> lengths,
      @ForAll long seed)
      throws BadFrameException {
    Random random = new Random(seed);
    List<byte[]> frames = new ArrayList<>();
    for (int length : lengths) {
      byte[] frame = new byte[random.nextBoolean() ? length : 1 + length % 300];
      random.nextBytes(frame);
      frames.add(frame);
    }

    ByteBuf bytes = encode(frames, random);
    List<byte[]> decoded = new ArrayList<>();
    FrameDecoder decoder = decoderInto(decoded);
    while (bytes.isReadable()) {
      decoder.decode(bytes.readSlice(1 + random.nextInt(Math.min(bytes.readableBytes(), 100_000))));
    }
    bytes.release();

    assertEquals(frames.size(), decoded.size());
    for (int i = 0; i < frames.size(); i++) {
      assertArrayEquals(frames.get(i), decoded.get(i));
    }
  }

  @Property
  void garbageGivesFramesWithinTheLimitOrOneException(@ForAll byte[] garbage) {
    List<byte[]> decoded = new ArrayList<>();
    FrameDecoder decoder = decoderInto(decoded);
    try {
      decoder.decode(Unpooled.wrappedBuffer(garbage));
    } catch (BadFrameException e) {
      assertEquals(1, e.getMessage().lines().count());
    }
    decoded.forEach(frame -> assertTrue(frame.length >= 1 && frame.length <= 65536));
  }

  private static FrameDecoder decoderInto(List<byte[]> decoded) {
    return new FrameDecoder(
        (frame, length) -> {
          decoded.add(Arrays.copyOf(frame, length));
          return true;
        });
  }

  private static ByteBuf encode(List<byte[]> frames, Random random) {
    ContextKeeper keeper = new ContextKeeper();
    EmbeddedChannel channel = new EmbeddedChannel(keeper);
    FrameEncoder encoder = new FrameEncoder(keeper.context, 1 << 30);
    for (byte[] frame : frames) {
      byte[] around = new byte[frame.length + 20];
      System.arraycopy(frame, 0, around, 7, frame.length);
      encoder.add(around, 7, frame.length);
      if (random.nextInt(4) == 0) {
        encoder.flush();
      }
    }
    encoder.flush();
    ByteBuf all = Unpooled.buffer();
    ByteBuf chunk = channel.readOutbound();
    while (chunk != null) {
      all.writeBytes(chunk);
      chunk.release();
      chunk = channel.readOutbound();
    }
    channel.finishAndReleaseAll();
    return all;
  }

  private static final class ContextKeeper extends ChannelInboundHandlerAdapter {
    private ChannelHandlerContext context;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      this.context = context;
    }
  }
}
