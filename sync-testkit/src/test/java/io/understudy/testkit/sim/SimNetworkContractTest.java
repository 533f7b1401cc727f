package io.understudy.testkit.sim;

import io.understudy.testkit.contract.TransportContract;
import io.understudy.testkit.contract.TransportFixture;
import io.understudy.transport.Transport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

class SimNetworkContractTest extends TransportContract {
  @Override
  protected TransportFixture newFixture(int linkCount) {
    return new SimFixture(linkCount);
  }

  private static final class SimFixture implements TransportFixture {
    private final SimClock clock = new SimClock();
    private final SimNetwork network =
        new SimNetwork(clock, 42).settings(PathSettings.DEFAULT.withBandwidth(1_000_000_000));
    private final Map<Integer, SimTransport> newest = new HashMap<>();
    private final List<Integer> links;

    SimFixture(int linkCount) {
      links = IntStream.range(0, linkCount).boxed().toList();
    }

    @Override
    public Transport open(int node) {
      SimTransport transport = network.transport(node, List.of(3 - node), links);
      newest.put(node, transport);
      return transport;
    }

    @Override
    public long nowNs() {
      return clock.nanoTime();
    }

    @Override
    public void run(int node, Runnable action) {
      clock.after(0, action);
      clock.runFor(TimeUnit.MICROSECONDS.toNanos(1));
    }

    @Override
    public boolean await(BooleanSupplier condition) {
      return clock.runUntil(condition, TimeUnit.SECONDS.toNanos(30));
    }

    @Override
    public void settle() {
      clock.runFor(TimeUnit.MILLISECONDS.toNanos(20));
    }

    @Override
    public void pause(int node) {
      newest.get(node).pause();
    }

    @Override
    public void resume(int node, Runnable first) {
      newest.get(node).resume();
      run(node, first);
    }

    @Override
    public void breakLink(int link) {
      network.faults().breakLink(1, 2, link, TimeUnit.MILLISECONDS.toNanos(1));
    }

    @Override
    public long unreadLimitBytes() {
      return 2L << 20;
    }

    @Override
    public void close() {
      newest.values().forEach(SimTransport::close);
    }
  }
}
