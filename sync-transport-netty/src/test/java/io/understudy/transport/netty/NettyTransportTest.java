package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.NodeId;
import io.understudy.transport.FlushResult;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.SendResult;
import io.understudy.wire.InputLimit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the contract does not cover: strangers, nonsense and ports. */
@Timeout(60)
class NettyTransportTest {
  private static final int[] BAD_LENGTH = {0xEB, 0xA3, 0x04}; // 70123

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final NotingListener listener = new NotingListener();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @Test
  void connectionsOfOtherProtocolsAreClosedAndCounted() throws IOException {
    NettyTransport transport = started(2);

    RawPeer other =
        raw(transport).send("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

    assertEquals(0, other.awaitClose());
    await(() -> transport.stats().badPreambles() == 1);
    assertEquals(List.of(), listener.calls());
  }

  @Test
  void membersThatAreNotExpectedAreClosedAndCounted() throws IOException {
    NettyTransport transport = started(2);
    List<Preamble> unexpected =
        List.of(
            new Preamble(LinkKind.DATA, 0, 7), // not configured
            new Preamble(LinkKind.DATA, 0, 2), // itself
            new Preamble(LinkKind.DATA, 0, 0),
            new Preamble(LinkKind.DATA, 1, 1)); // another link

    for (Preamble preamble : unexpected) {
      assertEquals(0, raw(transport).send(preamble.toBytes()).awaitClose());
    }

    await(() -> transport.stats().badPreambles() == unexpected.size());
    assertEquals(List.of(), listener.calls());
  }

  @Test
  void namesakeGetsAsFarAsHelloOnAHeartbeatConnection() throws IOException {
    NettyTransport transport = started(2);

    raw(transport).greet(LinkKind.HEARTBEAT, 0, 2);

    await(() -> listener.hasCall("opened 0 HEARTBEAT"));
    assertEquals(0, transport.stats().badPreambles());
  }

  @Test
  void connectionThatSaysNothingIsClosedInTime() throws IOException {
    NettyTransport transport = started(2);

    RawPeer silent = raw(transport);
    RawPeer slow = raw(transport).send('U', 'S', 'D');

    assertEquals(0, silent.awaitClose());
    assertEquals(0, slow.awaitClose());
    await(() -> transport.stats().badPreambles() == 2);
  }

  @Test
  void connectionsWithoutPreambleAreBoundedAndTheOldestGoes() throws IOException {
    NettyTransport transport = open(config(2).connectTimeout(Duration.ofMinutes(1)).build());
    transport.start(listener);
    List<RawPeer> silent = new ArrayList<>();
    for (int i = 0; i < InputLimit.UNGREETED_OF_ADDRESS.high(); i++) {
      silent.add(raw(transport));
    }

    raw(transport);

    assertEquals(0, silent.get(0).awaitClose());
    silent.get(1).greet(LinkKind.DATA, 0, 1);
  }

  @Test
  void connectionsOfStrangersWithoutPreambleAreBoundedOverAllAddresses() throws IOException {
    NettyTransport transport = open(config(2).connectTimeout(Duration.ofMinutes(1)).build());
    transport.start(listener);
    RawPeer ofPeersAddress = raw(transport);
    List<RawPeer> strangers = new ArrayList<>();
    for (int i = 0; i < InputLimit.UNGREETED_STRANGERS.high(); i++) {
      strangers.add(stranger(transport, 1 + i % 8));
    }

    stranger(transport, 9);

    assertEquals(0, strangers.get(0).awaitClose());
    strangers.get(1).send(1);
    ofPeersAddress.greet(LinkKind.DATA, 0, 1);
    await(() -> transport.stats().badPreambles() >= 1);
  }

  /** From an address that is no peer's. */
  private RawPeer stranger(NettyTransport transport, int number) throws IOException {
    RawPeer peer =
        new RawPeer(
            transport.localPort(0),
            InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) number}));
    opened.add(peer);
    return peer;
  }

  @Test
  void sameConnectionOpenedAgainAndAgainReplacesTheOldest() throws IOException {
    int limit = (int) InputLimit.UNSETTLED_CONNECTIONS.high();
    NettyTransport transport = started(2);
    for (int i = 0; i < limit; i++) {
      raw(transport).greet(LinkKind.DATA, 0, 1);
    }
    await(() -> listener.count("opened") == limit);

    raw(transport).greet(LinkKind.DATA, 0, 1);
    raw(transport).greet(LinkKind.HEARTBEAT, 0, 1);

    await(() -> listener.count("opened") == limit + 2 && listener.count("closed") == 1);
    assertTrue(listener.hasCall("closed BROKEN: replaced by a newer connection"));
  }

  /** Whoever dials from elsewhere in the peer's name pushes out others from elsewhere, and never the peer. */
  @Test
  void connectionsFromThePeersAddressOutliveThoseFromElsewhere() throws IOException {
    int limit = (int) InputLimit.UNSETTLED_CONNECTIONS.high();
    NettyTransport transport = started(2);
    RawPeer honest = raw(transport).greet(LinkKind.DATA, 0, 1); // it has not spoken yet
    await(() -> listener.count("opened") == 1);

    for (int i = 0; i < 3 * limit; i++) {
      stranger(transport, 1).greet(LinkKind.DATA, 0, 1).send(1, 'x');
    }
    await(() -> listener.count("closed") == 2 * limit + 1);

    honest.send(2, 'y', 'z');
    await(() -> listener.hasCall("frame 2"));
  }

  @Test
  void oneThatSpeaksOutlivesThoseThatOnlyGreet() throws IOException {
    NettyTransport transport = started(2);
    RawPeer honest = raw(transport).greet(LinkKind.DATA, 0, 1).send(1, 'x');
    await(() -> listener.hasCall("frame 1"));

    for (int i = 0; i < 100; i++) {
      raw(transport).greet(LinkKind.DATA, 0, 1);
    }
    await(() -> listener.count("closed") >= 80);

    honest.send(2, 'y', 'z');
    await(() -> listener.hasCall("frame 2"));
  }

  @Test
  void keptConnectionIsNotPushedOutByOthersAndIsKnownByItsAddress() throws IOException {
    NettyTransport transport = open(config(2).build());
    AtomicReference<Link> kept = new AtomicReference<>();
    List<Boolean> addresses = new CopyOnWriteArrayList<>();
    NotingListener keeping =
        new NotingListener() {
          @Override
          public void onOpened(Link link) {
            if (kept.compareAndSet(null, link)) {
              link.keep();
              addresses.add(link.isAtAddressOf(1));
              addresses.add(link.isAtAddressOf(9));
              addresses.add(link.isAtAddressOf(70_000));
              addresses.add(link.isAtAddressOf(-1));
            }
            super.onOpened(link);
          }
        };
    transport.start(keeping);
    RawPeer first = raw(transport).greet(LinkKind.HEARTBEAT, 0, 1);
    await(() -> keeping.count("opened") == 1);

    for (int i = 0; i < 40; i++) {
      raw(transport).greet(LinkKind.HEARTBEAT, 0, 1).send(1, 'x');
    }
    await(() -> keeping.count("closed") >= 20);

    first.send(2, 'y', 'z');
    await(() -> keeping.hasCall("frame 2"));
    assertEquals(List.of(true, false, false, false), addresses);
  }

  @Test
  void establishedConnectionIsNotPushedOutByOthers() throws IOException {
    NettyTransport transport = open(config(2).build());
    AtomicReference<Link> established = new AtomicReference<>();
    NotingListener settled =
        new NotingListener() {
          @Override
          public void onOpened(Link link) {
            super.onOpened(link);
            if (established.compareAndSet(null, link)) {
              link.establish();
            }
          }
        };
    transport.start(settled);
    RawPeer honest = raw(transport).greet(LinkKind.DATA, 0, 1);
    await(() -> settled.count("opened") == 1);

    for (int i = 0; i < 200; i++) {
      raw(transport).greet(LinkKind.DATA, 0, 1);
    }
    await(() -> settled.count("closed") == 200 - InputLimit.UNSETTLED_CONNECTIONS.high());

    honest.send(1, 'x');
    await(() -> settled.hasCall("frame 1"));
    assertEquals(FlushResult.TAKEN, flush(transport, established.get()));
  }

  private FlushResult flush(NettyTransport transport, Link link) {
    CompletableFuture<FlushResult> result = new CompletableFuture<>();
    transport.execute(() -> result.complete(link.flush()));
    return result.join();
  }

  @Test
  void diallerFindsThatAnEstablishedConnectionEndedAndDialsWithoutWaiting() throws IOException {
    ServerSocket peer = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    opened.add(peer);
    NettyTransport transport =
        open(
            NettyTransportConfig.builder(new NodeId(1))
                .link(
                    NettyFixture.loopback(0),
                    Map.of(new NodeId(2), NettyFixture.loopback(peer.getLocalPort())))
                .backOff(Duration.ofMinutes(1), Duration.ofMinutes(1))
                .insecurePlaintext(true)
                .build());
    transport.start(
        new NotingListener() {
          @Override
          public void onOpened(Link link) {
            super.onOpened(link);
            link.establish();
          }
        });
    answer(peer).close();
    answer(peer).close();

    Socket again = answer(peer);

    opened.add(again);
  }

  /** Accepts a dial and greets back as node 2. */
  private static Socket answer(ServerSocket server) throws IOException {
    Socket accepted = server.accept();
    byte[] theirs = accepted.getInputStream().readNBytes(Preamble.BYTES);
    byte[] ours = theirs.clone();
    ours[7] = 0;
    ours[8] = 2;
    accepted.getOutputStream().write(ours);
    return accepted;
  }

  @Test
  void frameAboveTheLimitClosesTheConnection() throws IOException {
    NettyTransport transport = started(2);
    RawPeer peer = raw(transport).greet(LinkKind.DATA, 0, 1);

    peer.send(3, 'a', 'b', 'c').send(BAD_LENGTH);

    peer.awaitClose();
    await(() -> listener.hasCall("closed"));
    assertEquals(
        List.of(
            "opened 0 DATA",
            "frame 3",
            "closed BAD_FRAME: frame of 70123 bytes exceeds the limit of 65536; closing link 0"),
        listener.calls());
    assertEquals(1, transport.stats().badFrames());
  }

  @Test
  void badFrameBehindAFinishedConnectionIsStillSaid() throws IOException {
    NettyTransport transport = open(config(2).build());
    NotingListener finishing =
        new NotingListener() {
          @Override
          public void onFrame(Link link, byte[] frame, int offset, int length) {
            super.onFrame(link, frame, offset, length);
            link.finish();
          }
        };
    transport.start(finishing);

    raw(transport).greet(LinkKind.DATA, 0, 1).send(1, 'a', 0).awaitClose();

    await(() -> finishing.hasCall("closed"));
    assertTrue(
        finishing.hasCall("closed BAD_FRAME: frame of 0 bytes"), finishing.calls().toString());
  }

  @Test
  void frameThatIsNotWholeIsNotDelivered() throws IOException {
    NettyTransport transport = started(2);

    raw(transport).greet(LinkKind.DATA, 0, 1).send(3, 'a', 'b').close();

    await(() -> listener.hasCall("closed"));
    assertEquals(
        List.of("opened 0 DATA", "closed PEER_CLOSED: closed by the peer"), listener.calls());
  }

  @Test
  void diallerDoesNotTakeAnotherServiceForAMember() throws IOException {
    ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    opened.add(other);
    Thread greeter = new Thread(() -> greetAll(other), "other service");
    greeter.setDaemon(true);
    greeter.start();
    NettyTransport transport = open(diallingConfig(other.getLocalPort()));

    transport.start(listener);

    await(() -> transport.stats().badPreambles() >= 2 && transport.stats().failedDials() >= 2);
    assertEquals(List.of(), listener.calls());
  }

  @Test
  void diallerNoticesThatAnotherMemberAnswers() throws IOException {
    NettyTransport wrong =
        open(
            NettyTransportConfig.builder(new NodeId(9))
                .link(NettyFixture.loopback(0), Map.of(new NodeId(1), NettyFixture.loopback(0)))
                .insecurePlaintext(true)
                .build());
    wrong.start(new NotingListener());
    NettyTransport transport = open(diallingConfig(wrong.localPort(0)));

    transport.start(listener);

    await(() -> transport.stats().badPreambles() >= 2);
    assertEquals(List.of(), listener.calls());
  }

  @Test
  void portInUseIsSaidInOneLine() throws IOException {
    ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    opened.add(taken);
    int port = taken.getLocalPort();

    UncheckedIOException refusal =
        assertThrows(UncheckedIOException.class, () -> listenOn(NettyFixture.loopback(port)));

    assertEquals(
        "cannot listen on 127.0.0.1:"
            + port
            + " (link 0): address already in use; choose another port or stop the other process",
        refusal.getMessage());
  }

  @Test
  void addressOfAnotherMachineIsSaidInOneLine() {
    InetSocketAddress elsewhere = new InetSocketAddress("192.0.2.1", 7000);

    UncheckedIOException refusal =
        assertThrows(UncheckedIOException.class, () -> listenOn(elsewhere));

    assertTrue(
        refusal.getMessage().startsWith("cannot listen on 192.0.2.1:7000 (link 0): "),
        refusal.getMessage());
  }

  @Test
  void portIsFreeAfterClose() throws IOException {
    NettyTransport transport = started(2);
    int port = transport.localPort(0);
    transport.close();

    NettyTransport again = open(config(2, port).build());

    assertEquals(port, again.localPort(0));
  }

  @Test
  void everyLinkHasAPort() {
    NettyTransport transport = open(diallingConfig(1));

    assertTrue(transport.localPort(0) > 0);
    assertThrows(IllegalArgumentException.class, () -> transport.localPort(1));
  }

  @Test
  void listenerThatThrowsStopsTheTransport() throws IOException {
    NettyTransport transport = open(config(2).build());
    transport.start(
        new NotingListener() {
          @Override
          public void onFrame(Link link, byte[] frame, int offset, int length) {
            throw new IllegalStateException("a broken invariant (this test wants it)");
          }
        });
    RawPeer peer = raw(transport).greet(LinkKind.DATA, 0, 1);
    RawPeer bystander = raw(transport).greet(LinkKind.DATA, 0, 1);

    peer.send(1, 'x');

    peer.awaitClose();
    bystander.awaitClose();
    transport.close();
    assertThrows(IOException.class, () -> raw(transport));
  }

  @Test
  void roomThatTheKernelMakesAtOnceIsSaidAtOnce() throws IOException {
    NettyTransport transport = open(config(2).buffers(128 << 10, 64 << 10).build());
    transport.start(
        new NotingListener() {
          @Override
          public void onOpened(Link link) {
            super.onOpened(link);
            fill(link);
          }

          @Override
          public void onWritable(Link link) {
            listener.onWritable(link);
            fill(link);
          }
        });
    RawPeer peer = raw(transport).greet(LinkKind.HEARTBEAT, 0, 1);
    Thread reader = new Thread(() -> readAll(peer), "reader");
    reader.setDaemon(true);

    long beganNs = System.nanoTime();
    reader.start();
    await(() -> listener.count("writable") >= 300);

    assertTrue(
        System.nanoTime() - beganNs < TimeUnit.SECONDS.toNanos(10),
        "it waited for something else to happen");
  }

  @Test
  void readerUnderConstantLoadStillKnowsThatItCaughtUp() throws Exception {
    NettyTransport transport = started(2);
    RawPeer peer = raw(transport).greet(LinkKind.DATA, 0, 1);
    Thread flood = new Thread(() -> flood(peer), "flood");
    flood.setDaemon(true);
    flood.start();
    await(() -> listener.count("frame") > 1000);

    AtomicLong wokenNs = new AtomicLong();
    AtomicLong atOnceNs = new AtomicLong();
    AtomicLong drainedNs = new AtomicLong();
    transport.execute(
        () -> {
          spin(3 * NettyTransport.FAR_BEHIND_NS);
          wokenNs.set(System.nanoTime());
          atOnceNs.set(transport.drainedBeforeNs());
        });
    await(
        () -> {
          transport.execute(() -> drainedNs.set(transport.drainedBeforeNs()));
          return wokenNs.get() != 0 && drainedNs.get() >= wokenNs.get();
        });

    assertTrue(atOnceNs.get() < wokenNs.get(), "believed on waking that it had read everything");

    assertTrue(flood.isAlive());
  }

  // Steps.

  private static void spin(long forNs) {
    long endNs = System.nanoTime() + forNs;
    while (System.nanoTime() < endNs) {
      Thread.onSpinWait();
    }
  }

  private static void fill(Link link) {
    byte[] frame = new byte[30_000];
    while (link.send(frame, 0, frame.length) == SendResult.SENT) {
      // until it is full
    }
  }

  private static void readAll(RawPeer peer) {
    try {
      peer.awaitClose();
    } catch (IOException e) {
      // the test is over
    }
  }

  private static void flood(RawPeer peer) {
    byte[] frames = new byte[1000 * 1002];
    for (int i = 0; i < 1000; i++) {
      frames[i * 1002] = (byte) 0xE8; // 1000
      frames[i * 1002 + 1] = 7;
    }
    try {
      while (true) {
        peer.send(frames);
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  private static void greetAll(ServerSocket server) {
    try {
      while (true) {
        Socket dialler = server.accept();
        dialler
            .getOutputStream()
            .write("220 mail.example.org ready\r\n".getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  private boolean canGreet(NettyTransport transport) {
    try (RawPeer peer = raw(transport)) {
      peer.greet(LinkKind.DATA, 0, 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private NettyTransport started(int node) {
    NettyTransport transport = open(config(node).build());
    transport.start(listener);
    return transport;
  }

  private NettyTransport open(NettyTransportConfig config) {
    NettyTransport transport = NettyTransport.open(config);
    opened.add(transport);
    return transport;
  }

  private void listenOn(InetSocketAddress local) {
    open(
        NettyTransportConfig.builder(new NodeId(2))
            .link(local, Map.of(new NodeId(1), NettyFixture.loopback(0)))
            .insecurePlaintext(true)
            .build());
  }

  /** Node 1 dials it; it would dial node 3. */
  private static NettyTransportConfig.Builder config(int node) {
    return config(node, 0);
  }

  private static NettyTransportConfig.Builder config(int node, int port) {
    return NettyTransportConfig.builder(new NodeId(node))
        .link(
            NettyFixture.loopback(port),
            Map.of(
                new NodeId(1), NettyFixture.loopback(0), new NodeId(3), NettyFixture.loopback(1)))
        .connectTimeout(Duration.ofMillis(300))
        .insecurePlaintext(true);
  }

  private static NettyTransportConfig diallingConfig(int port) {
    return NettyTransportConfig.builder(new NodeId(1))
        .link(NettyFixture.loopback(0), Map.of(new NodeId(2), NettyFixture.loopback(port)))
        .backOff(Duration.ofMillis(1), Duration.ofMillis(5))
        .insecurePlaintext(true)
        .build();
  }

  private RawPeer raw(NettyTransport transport) throws IOException {
    RawPeer peer = new RawPeer(transport.localPort(0));
    opened.add(peer);
    return peer;
  }

  private void await(BooleanSupplier condition) {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertFalse(System.nanoTime() > endNs, () -> "not in time; calls were " + listener.calls());
      LockSupport.parkNanos(100_000); // and look again
    }
  }
}
