package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.delta.Settlement;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.DropReason;
import io.understudy.proto.v1.Frame;
import io.understudy.proto.v1.RefusedRecords;
import io.understudy.transport.FlushResult;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.SendResult;
import io.understudy.wire.FrameLimits;
import io.understudy.wire.FrameWriter;
import io.understudy.wire.InputLimit;
import io.understudy.wire.WireFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** However much was refused, what is owed can be said, in order and in frames that fit. */
class AckBuilderTest {
  private static final int WINDOW_BYTES = 1 << 26;
  private static final int FRAME_BYTES = 1_000;

  private final AckBuilder ack = new AckBuilder(WINDOW_BYTES);

  /** What a standby of 1,024 has to say of 200,000 sessions and more. */
  @Test
  void refusalsOfAMillionRecordsAreSaidFrameByFrameAndRoomLast() throws Exception {
    int frames = 1_000_000 / 4_096 + 1;
    for (int frame = 1; frame <= frames; frame++) {
      refuse(frame, 0, 4_096);
      applied(frame);
    }
    ack.room();

    List<Ack> said = all(FrameLimits.MAX_FRAME_BYTES);

    long refused = 0;
    long last = 0;
    for (Ack one : said) {
      assertTrue(one.getFrame() > last, "an acknowledgement says nothing new");
      for (RefusedRecords records : one.getRefusedList()) {
        assertTrue(records.getFrame() > last && records.getFrame() <= one.getFrame());
        refused += records.getRecordCount();
      }
      last = one.getFrame();
      assertEquals(last == frames, one.getRoom(), "room is said behind all refusals");
    }
    assertEquals(frames, last);
    assertEquals(frames * 4_096L, refused);
    assertFalse(ack.isOwed());
  }

  @Test
  void theMostThatCanBeSaidOfOneFrameFitsAnEmptyOne() throws Exception {
    int each = FrameLimits.MAX_FRAME_RECORDS / FrameLimits.MAX_FRAME_BATCHES;
    for (int batch = 0; batch < FrameLimits.MAX_FRAME_BATCHES; batch++) {
      for (int record = 0; record < each; record++) {
        ack.refused(1, batch, 4_095 - record, Settlement.FULL);
      }
    }
    applied(1);
    refuse(2, 0, 4_096);
    refuse(2, 1, 4_096);
    applied(2);

    List<Ack> said = all(FrameLimits.MAX_FRAME_BYTES);

    assertEquals(List.of(1L, 2L), said.stream().map(Ack::getFrame).toList());
  }

  @Test
  void whatDoesNotFitBesideRecordsIsLeftToAnAcknowledgementAlone() throws Exception {
    applied(1);
    refuse(2, 0, 4_096);
    refuse(2, 1, 4_096);
    applied(2);
    int beside = AckLimits.besideRecords(FrameLimits.MAX_FRAME_BYTES, FrameLimits.MAX_FRAME_BYTES);

    assertEquals(List.of(1L), all(beside).stream().map(Ack::getFrame).toList());
    FrameWriter writer = new FrameWriter();
    assertFalse(ack.write(writer, beside));
    assertEquals(0, writer.length(), "nothing was written");

    assertEquals(2, all(FrameLimits.MAX_FRAME_BYTES).get(0).getFrame());
  }

  @Test
  void framesWithoutAnAcknowledgementAreBounded() throws Exception {
    long most = InputLimit.UNACKNOWLEDGED_FRAMES.high();
    for (long frame = 1; frame <= most; frame++) {
      ack.arrives(frame, 10);
      ack.applied(frame, 10);
    }
    assertThrows(WireFormatException.class, () -> ack.arrives(most + 1, 10));

    all(FrameLimits.MAX_FRAME_BYTES);

    assertDoesNotThrow(() -> ack.arrives(most + 1, 10));
  }

  @Test
  void whatWaitsToBeSaidIsBounded() throws Exception {
    AckBuilder narrow = new AckBuilder(1 << 23);
    long most = InputLimit.UNSAID_VERDICT_BYTES.high();
    long frame = 0;
    for (long bytes = 0; bytes <= most; bytes += 1_024 * AckLimits.BATCH_BYTES) {
      frame++;
      narrow.arrives(frame, 11 * 1_024);
      for (int batch = 0; batch < 1_024; batch++) {
        narrow.dropped(frame, batch, DropReason.STALE_TERM);
      }
      narrow.applied(frame, 11 * 1_024);
    }
    long next = frame + 1;
    assertThrows(WireFormatException.class, () -> narrow.arrives(next, 10));

    while (narrow.isOwed()) {
      assertTrue(narrow.write(new FrameWriter(), FrameLimits.MAX_FRAME_BYTES));
    }

    assertDoesNotThrow(() -> narrow.arrives(next, 10));
  }

  @Test
  void dropsAreSaidWithTheirFrame() throws Exception {
    ack.dropped(1, 3, DropReason.STALE_EPOCH);
    applied(1);

    Ack said = all(FrameLimits.MAX_FRAME_BYTES).get(0);

    assertEquals(3, said.getDropped(0).getBatch());
    assertEquals(DropReason.STALE_EPOCH, said.getDropped(0).getReason());
    applied(2);
    assertEquals(Ack.newBuilder().setFrame(2).build(), all(FrameLimits.MAX_FRAME_BYTES).get(0));
  }

  @Test
  void aPeerThatSendsBeyondItsWindowIsNamed() throws Exception {
    AckBuilder small = new AckBuilder(2 * FRAME_BYTES);
    for (int frame = 1; frame <= 2; frame++) {
      small.arrives(frame, FRAME_BYTES);
      small.applied(frame, FRAME_BYTES);
    }

    Exception e = assertThrows(WireFormatException.class, () -> small.arrives(3, FRAME_BYTES));

    assertEquals(
        "3000 bytes without an acknowledgement exceed the peer's window of 2000", e.getMessage());
    assertTrue(small.write(new FrameWriter(), FrameLimits.MAX_FRAME_BYTES));
    small.arrives(3, FRAME_BYTES);
  }

  @Test
  void aFrameOutOfOrderIsNamed() throws Exception {
    applied(1);

    Exception e = assertThrows(WireFormatException.class, () -> ack.arrives(3, FRAME_BYTES));

    assertEquals("frame number 3 follows 1; they count by one", e.getMessage());
    assertThrows(WireFormatException.class, () -> ack.arrives(-1, FRAME_BYTES));
  }

  /** A duty cycle that counts it as work would turn without end. */
  @Test
  void whatCannotBeSentIsNoWork() throws Exception {
    Sink sink = new Sink();
    DataLink link = new DataLink(sink, WINDOW_BYTES);
    for (int frame = 1; frame <= 100; frame++) {
      for (int record = 0; record < 4_096; record++) {
        link.ack.refused(frame, 0, record, Settlement.FULL);
      }
      link.ack.applied(frame, FRAME_BYTES);
    }

    sink.answer = SendResult.FULL;
    assertEquals(0, link.acknowledge());
    assertEquals(0, link.acknowledge());
    assertFalse(link.isDue(), "it waits for the link's buffer");
    sink.answer = SendResult.SENT;
    int sent = 0;
    for (int i = 0; i < 100 && link.ack.isOwed(); i++) {
      int work = link.acknowledge();
      assertTrue(work > 0, "what is owed can be sent");
      sent += work;
    }
    assertEquals(0, link.acknowledge());
    assertTrue(sent >= 100 * 4_096 * 3 / FrameLimits.MAX_FRAME_BYTES, sent + " frames");
  }

  private void refuse(int frame, int batch, int records) {
    for (int record = 0; record < records; record++) {
      ack.refused(frame, batch, record, Settlement.FULL);
    }
  }

  private void applied(int frame) throws WireFormatException {
    ack.arrives(frame, FRAME_BYTES);
    ack.applied(frame, FRAME_BYTES);
  }

  /** Everything that can be said in frames with so much room. */
  private List<Ack> all(int mostBytes) throws Exception {
    List<Ack> said = new ArrayList<>();
    FrameWriter writer = new FrameWriter();
    while (ack.isOwed() && ack.write(writer, mostBytes)) {
      assertTrue(writer.length() <= mostBytes, writer.length() + " bytes");
      said.add(Frame.parseFrom(Arrays.copyOf(writer.bytes(), writer.length())).getAck());
      writer.reset();
    }
    return said;
  }

  private static final class Sink implements Link {
    private SendResult answer = SendResult.SENT;

    @Override
    public int index() {
      return 0;
    }

    @Override
    public LinkKind kind() {
      return LinkKind.DATA;
    }

    @Override
    public long id() {
      return 1;
    }

    @Override
    public int dialledNode() {
      return 0;
    }

    @Override
    public SendResult send(byte[] frame, int offset, int length) {
      return answer;
    }

    @Override
    public FlushResult flush() {
      return FlushResult.TAKEN;
    }

    @Override
    public boolean isAtAddressOf(int node) {
      return true;
    }

    @Override
    public void keep() {}

    @Override
    public void establish() {}

    @Override
    public void finish() {}

    @Override
    public void close() {}
  }
}
