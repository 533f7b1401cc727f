package io.understudy.demos.faults;

import io.understudy.SyncNode;
import io.understudy.config.HeartbeatConfig;
import io.understudy.config.SyncConfig;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.runtime.DutyCycle;
import io.understudy.runtime.MemoryStore;
import io.understudy.table.TableId;
import io.understudy.tables.session.SessionTable;
import io.understudy.transport.netty.NettyTransport;
import io.understudy.transport.netty.NettyTransportConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * A member in a process of its own. It does what its standard input says, a command a line, and answers each with one line; it ends
 * with its input, so that it never outlives whoever started it.
 *
 * <p>Threads: the transport's turns the node; {@code asks} asks whether the member may decide; {@code main} reads commands; {@code
 * load} publishes, changes and ends sessions.
 */
final class MemberProcess implements DutyCycle {
  static final int GROUP = 1;
  private static final int THIRD = 3;
  private static final long ASK_EVERY_NS = 50_000;

  private final HostileTransport transport;
  private final SyncNode node;
  private final SessionLoad load;
  private final PacedChanges paced;
  private final NewsCount news = new NewsCount();
  private final DecisionRuns runs = new DecisionRuns();
  private final int peer;
  private volatile long stalledUntilNs = Long.MIN_VALUE;
  private volatile boolean isToDie;
  private volatile boolean isFlushed;
  private volatile long flushedNs;
  private volatile boolean isConnected;

  private MemberProcess(MemberOptions options, NettyTransport netty) {
    transport = new HostileTransport(netty);
    peer = options.id() == 1 ? 2 : 1;
    SyncConfig.Builder builder = SyncConfig.builder(options.cluster(), new NodeId(options.id()));
    options.peers().forEach(number -> builder.peer(new NodeId(number)));
    if (options.id() == THIRD) {
      builder.groupOfOthers(new GroupId(GROUP));
    } else {
      builder.group(new GroupId(GROUP), options.id() == 1 ? 200 : 100);
    }
    SyncConfig config =
        builder
            .heartbeat(
                HeartbeatConfig.of(
                    Duration.ofMillis(options.intervalMs()),
                    HeartbeatConfig.DEFAULT.missesAllowedAlone()))
            .bootHold(Duration.ofMillis(bootHoldMs(options.intervalMs())))
            .hashKey(ByteBuffer.allocate(16).putInt(options.hashKey()).array())
            .build();
    node =
        SyncNode.builder(config)
            .transport(transport)
            .store(new MemoryStore())
            .listener(news)
            .table(SessionTable.spec4(options.capacity(), options.peers().size()))
            .build();
    load = new SessionLoad(new SessionTable(node.table(TableId.SESSION4)));
    paced = new PacedChanges(load);
    node.setWaker(netty::wake);
    node.start(System.nanoTime());
    netty.turn(this);
  }

  /** Longer than its claim time, and no longer than a trial must wait for it. */
  static long bootHoldMs(int intervalMs) {
    return Math.max(2_000, 10L * intervalMs);
  }

  public static void main(String[] args) throws IOException {
    MemberOptions options = MemberOptions.parse(args);
    MemberProcess member = new MemberProcess(options, transport(options));
    daemon("asks", member::ask);
    daemon("load", member.load::run);
    daemon("pace", member.paced::run);
    member.obey();
    Runtime.getRuntime().halt(0);
  }

  private static NettyTransport transport(MemberOptions options) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    Map<NodeId, InetSocketAddress> peers = new HashMap<>();
    for (int number : options.peers()) {
      peers.put(new NodeId(number), new InetSocketAddress(loopback, options.peerPort(number)));
    }
    return NettyTransport.open(
        NettyTransportConfig.builder(new NodeId(options.id()))
            .link(new InetSocketAddress(loopback, options.port()), peers)
            .insecurePlaintext(true)
            .build());
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  // ---- the dataplane

  private void ask() {
    while (true) {
      long beforeNs = System.nanoTime();
      boolean answer = node.mayDecide(GROUP, beforeNs);
      runs.note(beforeNs, answer, System.nanoTime());
      LockSupport.parkNanos(ASK_EVERY_NS); // between two packet batches
    }
  }

  // ---- the loop's thread

  @Override
  public int run(long nowNs) {
    if (isToDie) {
      throw new IllegalStateException("the loop dies, as it was told to");
    }
    while (System.nanoTime() < stalledUntilNs) {
      LockSupport.parkNanos(100_000); // the loop stalls, the dataplane goes on
    }
    int work = node.run(nowNs);
    paced.look(node, peer);
    boolean isFlushedNow = node.isFlushed(peer);
    flushedNs = isFlushedNow && !isFlushed ? System.nanoTime() : flushedNs;
    isFlushed = isFlushedNow;
    isConnected = node.isConnected(peer);
    return work;
  }

  @Override
  public long nextDueNs() {
    return node.nextDueNs();
  }

  // ---- commands

  private void obey() throws IOException {
    say("ready");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      say(answer(words[0], words.length > 1 ? Long.parseLong(words[1]) : 0, words));
    }
  }

  private String answer(String command, long number, String[] words) {
    return switch (command) {
      case "publish" -> load.publish((int) number, Integer.parseInt(words[2]));
      case "end" -> load.end((int) number, Integer.parseInt(words[2]));
      case "churn" -> load.churn((int) number);
      case "pace" -> {
        paced.isOn(number > 0);
        yield paced.take();
      }
      case "hash" -> load.hash();
      case "stall" -> {
        stalledUntilNs = System.nanoTime() + number * 1_000_000;
        yield "stalled";
      }
      case "die" -> {
        isToDie = true;
        yield "dies";
      }
      case "close" -> close((int) number);
      case "flushed" -> "flushed " + flushedNs;
      case "lie" -> {
        transport.lie(HostileTransport.Lie.values()[(int) number]);
        yield "lies";
      }
      case "runs" -> runsAsText();
      case "news" -> news.asText();
      case "heap" -> heap();
      case "status" ->
          node.role(GROUP)
              + " "
              + node.mayDecide(GROUP, System.nanoTime())
              + " "
              + isConnected
              + " "
              + isFlushed
              + " "
              + load.count();
      default -> "unknown command " + command;
    };
  }

  /** Closes the node beside a thread that goes on publishing. */
  private String close(int number) {
    CountDownLatch begun = new CountDownLatch(SessionLoad.BEFORE_CLOSE);
    Thread publishing = new Thread(() -> load.publishUntilClosed(number, begun), "publishing");
    publishing.start();
    try {
      begun.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    node.close();
    long closedNs = System.nanoTime();
    try {
      publishing.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "closed " + closedNs;
  }

  private String runsAsText() {
    StringBuilder text = new StringBuilder("runs " + runs.lapses() + " " + runs.overlong());
    for (DecisionRuns.Run run : runs.runs()) {
      text.append(' ').append(run.fromNs()).append(' ').append(run.toNs());
    }
    return text.toString();
  }

  private static String heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return "heap " + (runtime.totalMemory() - runtime.freeMemory());
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
