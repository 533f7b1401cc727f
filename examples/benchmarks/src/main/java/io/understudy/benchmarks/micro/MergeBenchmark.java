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

/** What does it cost the standby to read and merge changed sessions, a record? The window holds one invocation. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MergeBenchmark {
  @Param({"20000", "1000000"})
  private int sessions;

  private LoadedPair pair;

  @Setup
  public void fill() {
    pair = new LoadedPair(sessions);
  }

  @Setup(Level.Invocation)
  public void change() {
    pair.change();
    pair.pair().turnActive();
  }

  @Benchmark
  @OperationsPerInvocation(LoadedPair.RECORDS)
  public Object merge() {
    pair.pair().turnStandby();
    return pair;
  }
}
