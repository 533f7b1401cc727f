package io.understudy.benchmarks.micro;

import io.understudy.table.TableSpec;
import io.understudy.tables.session.SessionTable;
import io.understudy.wire.ColumnGroup;
import io.understudy.wire.FrameReader;
import io.understudy.wire.FrameWriter;
import io.understudy.wire.MessageType;
import io.understudy.wire.RecordSchema;
import io.understudy.wire.WireFormatException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What do the bytes cost: a batch of new sessions, or of their states, written and read, a batch? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {
  private static final int STATE = ColumnGroup.FACTS | ColumnGroup.HOLDER;

  @Param({"16", "64", "256"})
  private int records;

  @Param({"new", "state"})
  private String kind;

  private RecordSchema schema;
  private long[] staged;
  private long[] read;
  private final FrameWriter writer = new FrameWriter();
  private final FrameReader reader = new FrameReader();

  @Setup
  public void stage() {
    TableSpec spec = SessionTable.spec4(1 << 16, 1);
    schema = spec.schema();
    staged = new long[records * schema.words()];
    read = new long[staged.length];
    int present = kind.equals("new") ? STATE | ColumnGroup.KEY | ColumnGroup.OPEN_FORWARD : STATE;
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < records; i++) {
      int at = i * schema.words();
      schema
          .columns()
          .forEach(
              c -> staged[at + c.word()] |= (random.nextLong() & c.mask() & 0xFFFF) << c.shift());
      staged[at + RecordSchema.HANDLE] = (long) i * 60 << 32 | 1;
      staged[at + RecordSchema.HEAD] = 1L << 32 | 1L << 16 | present;
      staged[at + RecordSchema.GENERATION] = (1L << 32) + i * 300L;
    }
    write();
  }

  @Benchmark
  public int write() {
    writer.reset();
    writer.number(1);
    writer.beginBatch(schema.table(), 7, 1, 1, 1, 1, 0);
    writer.records(schema, staged, records);
    writer.endBatch();
    return writer.length();
  }

  @Benchmark
  public int read() throws WireFormatException {
    reader.wrap(writer.bytes(), 0, writer.length());
    if (reader.next() != MessageType.BATCH) {
      throw new IllegalStateException("the frame begins with no batch");
    }
    return reader.records(schema, read, records);
  }
}
