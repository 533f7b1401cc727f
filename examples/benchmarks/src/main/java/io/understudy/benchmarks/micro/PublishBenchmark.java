package io.understudy.benchmarks.micro;

import io.understudy.table.PublishResult;
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

/** What does a publish cost the dataplane, of a session that is there and changes, or of one that is new and ends again? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PublishBenchmark {
  @Param({"20000", "1000000"})
  private int sessions;

  private LoadedPair pair;

  @Setup
  public void fill() {
    pair = new LoadedPair(sessions);
  }

  /** What was owed is sent before each invocation, as a duty cycle would; it is not part of the time. */
  @Setup(Level.Invocation)
  public void settle() {
    pair.pair().settle();
  }

  @Benchmark
  @OperationsPerInvocation(LoadedPair.RECORDS)
  public PublishResult change() {
    PublishResult last = PublishResult.STORED;
    for (int i = 0; i < LoadedPair.RECORDS; i++) {
      last = pair.load().change(pair.load().next(), pair.nowNs());
    }
    return last;
  }

  /** Both together: a session that nobody was told of yet costs nothing further. */
  @Benchmark
  @OperationsPerInvocation(LoadedPair.RECORDS)
  public PublishResult createAndEnd() {
    PublishResult last = PublishResult.STORED;
    for (int i = 0; i < LoadedPair.RECORDS; i++) {
      pair.load().create(sessions + i, pair.nowNs());
      last = pair.load().remove(sessions + i, pair.nowNs());
    }
    return last;
  }
}
