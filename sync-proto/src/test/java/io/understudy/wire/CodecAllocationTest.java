package io.understudy.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Batches and plain acknowledgements are written and read without an allocation. */
class CodecAllocationTest {
  private static final int FRAMES = 3_000;
  private static final int ROUNDS = 5;
  private static final int RECORDS = 64;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final FrameWriter writer = new FrameWriter();
  private final FrameReader reader = new FrameReader();
  private final long[] read = new long[RECORDS * SessionSchemas.IPV6.words()];
  private long seen;

  @Test
  void writingAndReadingFramesAllocatesNothing() throws WireFormatException {
    long[][] staged = new long[16][];
    for (int i = 0; i < staged.length; i++) {
      staged[i] = StagedGen.records(SessionSchemas.IPV6, i, RECORDS);
    }
    run(staged, FRAMES);

    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      run(staged, FRAMES);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }

    // the VM itself allocates now and then when it links or compiles, but not in every round
    assertEquals(0, least, () -> "bytes in " + FRAMES + " frames; " + seen);
  }

  private void run(long[][] staged, int frames) throws WireFormatException {
    for (int i = 0; i < frames; i++) {
      write(i + 1, staged[i % staged.length]);
      read();
    }
  }

  private void write(long number, long[] staged) {
    RecordSchema schema = SessionSchemas.IPV6;
    writer.reset();
    writer.number(number);
    writer.ack(number - 1);
    writer.beginBatch(schema.table(), 200, 1, 3, 2, 77, 0);
    writer.records(schema, staged, staged.length / schema.words());
    writer.endBatch();
  }

  private void read() throws WireFormatException {
    reader.wrap(writer.bytes(), 0, writer.length());
    seen += reader.number();
    for (MessageType type = reader.next(); type != MessageType.END; type = reader.next()) {
      if (type == MessageType.ACK && reader.ackIsSimple()) {
        seen += reader.ackFrame();
      } else if (type == MessageType.BATCH) {
        seen += reader.records(SessionSchemas.IPV6, read, RECORDS);
      }
    }
  }
}
