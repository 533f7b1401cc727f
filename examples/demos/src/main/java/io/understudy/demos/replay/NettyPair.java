package io.understudy.demos.replay;

import io.understudy.SyncNode;
import io.understudy.config.HeartbeatConfig;
import io.understudy.config.StreamConfig;
import io.understudy.demos.DemoFailure;
import io.understudy.demos.FreePorts;
import io.understudy.metrics.Accounting;
import io.understudy.model.NodeId;
import io.understudy.runtime.Entropy;
import io.understudy.transport.netty.NettyTransport;
import io.understudy.transport.netty.NettyTransportConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;

/**
 * A pair joined by TCP on loopback, on ports that were free.
 *
 * <p>The nodes run on the machine's clock, the packets on the capture's: a packet's place in time decides nothing here but the order.
 * A replay takes no notice of pauses of the process of up to 4 s; it learns of the cut by the closed connections
 * and a dial that is refused.
 */
final class NettyPair implements Pair {
  private static final HeartbeatConfig HEARTBEAT =
      new HeartbeatConfig(
          Duration.ofMillis(100), 20, 40, Duration.ofMillis(5), Duration.ofMillis(20));
  private static final long START_LIMIT_NS = 20_000_000_000L;

  /**
   * What lies between the two.
   *
   * @param cable from a member's number and its port to where it is to be dialled; 0: nowhere
   * @param backOffMin first wait before dialling again
   * @param backOffMax longest wait
   */
  record Wiring(IntBinaryOperator cable, Duration backOffMin, Duration backOffMax) {
    static final Wiring DIRECT =
        new Wiring((member, port) -> port, Duration.ofMillis(50), Duration.ofSeconds(1));
  }

  private final TurnedMember a;
  private final TurnedMember b;

  NettyPair(ReplayOptions options, int capacity) {
    this(options, capacity, Wiring.DIRECT);
  }

  NettyPair(ReplayOptions options, int capacity, Wiring wiring) {
    List<Integer> ports = FreePorts.find(2);
    a = turned(1, capacity, options, open(1, ports, wiring));
    b = turned(2, capacity, options, open(2, ports, wiring));
    b.start();
    a.start();
    awaitReady(a, options);
    awaitReady(b, options);
  }

  private static NettyTransport open(int id, List<Integer> ports, Wiring wiring) {
    int peer = 3 - id;
    InetSocketAddress there = loopback(wiring.cable.applyAsInt(peer, ports.get(peer - 1)));
    return NettyTransport.open(
        NettyTransportConfig.builder(new NodeId(id))
            .link(loopback(ports.get(id - 1)), Map.of(new NodeId(peer), there))
            .backOff(wiring.backOffMin, wiring.backOffMax)
            .insecurePlaintext(true)
            .build());
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static TurnedMember turned(
      int id, int capacity, ReplayOptions options, NettyTransport transport) {
    Member member =
        new Member(
            id, capacity, options, HEARTBEAT, StreamConfig.DEFAULT, transport, Entropy.secure());
    return new TurnedMember(member, transport);
  }

  private void awaitReady(TurnedMember member, ReplayOptions options) {
    boolean ready =
        member.await(() -> {}, () -> member.member().isReady(options.paths()), START_LIMIT_NS);
    if (!ready) {
      close();
      throw new DemoFailure(
          "the pair was not in sync within " + START_LIMIT_NS / 1_000_000_000L + " s; giving up");
    }
  }

  @Override
  public Member a() {
    return a.member();
  }

  @Override
  public Member b() {
    return b.member();
  }

  @Override
  public long nowNs() {
    return System.nanoTime();
  }

  @Override
  public void advanceTo(long captureNs) {}

  @Override
  public void handled(Member member) {}

  /** The member with its thread. */
  TurnedMember turned(Member member) {
    return member == a.member() ? a : b;
  }

  private static int peer(TurnedMember member) {
    return 3 - member.member().id();
  }

  @Override
  public boolean settle(Member from) {
    return flush(turned(from), false);
  }

  private static boolean flush(TurnedMember member, boolean withUsage) {
    SyncNode node = member.member().node();
    return member.await(
        () -> node.flush(withUsage), () -> node.isFlushed(peer(member)), SETTLE_LIMIT_NS);
  }

  private static Accounting accounting(TurnedMember member) {
    return member.member().node().accounting(peer(member));
  }

  /** Nothing is owed to the peer, usage and facts of its own entries included. */
  private static boolean isQuiet(TurnedMember member) {
    if (!member.member().node().isFlushed(peer(member))) {
      return false; // the accounting walks the tables, and this is asked after each turn
    }
    Accounting accounting = accounting(member);
    return accounting.unacknowledged() == 0
        && accounting.foreignOwed() == 0
        && accounting.tombstones() == 0;
  }

  private static boolean quieten(TurnedMember member) {
    SyncNode node = member.member().node();
    return member.await(() -> node.flush(true), () -> isQuiet(member), SETTLE_LIMIT_NS);
  }

  @Override
  public boolean finish() {
    // facts of one may make the other send its holder's values: so the first is asked once more
    boolean quiet = quieten(a);
    quiet &= quieten(b);
    return quiet & quieten(a);
  }

  @Override
  public long cutOff(boolean settle) {
    if (settle) {
      a.ask(
          () -> {
            a.member().firewall().tellHints(System.nanoTime());
            return true;
          });
      quieten(a);
    }
    long unacknowledged =
        a.ask(
            () -> {
              a.cutOff();
              return accounting(a).unacknowledged();
            });
    a.transport().close();
    return unacknowledged;
  }

  @Override
  public boolean awaitTakeover() {
    return b.await(
        () -> {}, () -> b.member().node().mayDecide(1, System.nanoTime()), START_LIMIT_NS);
  }

  @Override
  public void close() {
    // in order, while they are turned; one that was cut off is closed already
    a.member().node().close();
    b.member().node().close();
    a.transport().close();
    b.transport().close();
  }
}
