package io.understudy.benchmarks.micro;

import io.understudy.model.Direction;
import io.understudy.tables.session.SessionRecord;
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

/** What does a packet of a session cost: its look-up, its touch, and a look-up that finds nothing? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LookupBenchmark {
  @Param({"20000", "1000000"})
  private int sessions;

  private LoadedPair pair;
  private Sessions load;

  @Setup
  public void fill() {
    pair = new LoadedPair(sessions);
    load = pair.load();
  }

  @Benchmark
  public boolean found() {
    return pair.table().lookup(load.key(load.next()));
  }

  @Benchmark
  public boolean notFound() {
    return pair.table().lookup(load.key(sessions + load.next()));
  }

  @Benchmark
  public boolean touch() {
    SessionRecord session = load.key(load.next());
    return pair.table().touch(session, Direction.FORWARD, 1, 1_400, pair.nowNs());
  }
}
