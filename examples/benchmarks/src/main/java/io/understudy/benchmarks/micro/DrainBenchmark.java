package io.understudy.benchmarks.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What does it cost the active to drain changed sessions into frames, a record? The window holds one invocation. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DrainBenchmark {
  private static final int RECORDS = 10_000;

  @Param({"20000", "1000000"})
  private int sessions;

  private MemoryPair pair;
  private Sessions load;

  @Setup
  public void fill() {
    pair = new MemoryPair(sessions);
    load = new Sessions(pair.ipv4(1), sessions);
    for (int i = 0; i < sessions; i++) {
      load.create(load.next(), pair.nowNs());
      if (i % RECORDS == 0) {
        pair.settle();
      }
    }
  }

  @Setup(Level.Invocation)
  public void change() {
    pair.settle();
    for (int i = 0; i < RECORDS; i++) {
      load.change(load.next(), pair.nowNs());
    }
  }

  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public MemoryPair drain() {
    pair.turnActive();
    return pair;
  }
}
