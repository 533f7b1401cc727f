package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.NodeId;
import io.understudy.transport.CloseCause;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.SendResult;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Connections by the thousand from somebody who has no secret, while two members talk. {@code -Dunderstudy.flood=200000} makes
 * it a longer one.
 */
@Timeout(600)
class ConnectionFloodTest {
  private static final int CONNECTIONS = Integer.getInteger("understudy.flood", 6_000);
  private static final int ROUND_TRIPS = 2_000;
  private static final double HEAP_GROWTH = 1.05;
  private static final byte[] NOTHING = {};

  private NettyTransport transport;
  private final AtomicReference<Link> established = new AtomicReference<>();
  private volatile boolean isStillEstablished = true;

  @AfterEach
  void close() {
    transport.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void silentConnectionsNeitherGrowTheHeapNorDisturbWhoIsThere(boolean isEpoll) throws Exception {
    flood(isEpoll, NOTHING);
  }

  @Test
  void halfPreamblesDoNotEither() throws Exception {
    flood(true, new byte[] {'U', 'S', 'D', 'Y', 1});
  }

  @Test
  void nonsenseDoesNotEither() throws Exception {
    flood(true, new byte[] {'G', 'E', 'T', ' ', '/'});
  }

  @Test
  void preamblesWithoutHelloDoNotEither() throws Exception {
    flood(true, new Preamble(LinkKind.DATA, 0, 1).toBytes());
  }

  private void flood(boolean isEpoll, byte[] firstBytes) throws Exception {
    transport = open(isEpoll);
    try (Socket honest = honest()) {
      strangers(CONNECTIONS / 10, firstBytes);
      long before = usedAfterCollection();
      long quietNs = medianRoundTripNs(honest);

      Thread attacker = new Thread(() -> strangers(CONNECTIONS, firstBytes), "attacker");
      attacker.start();
      long floodedNs = medianRoundTripNs(honest);
      attacker.join();

      long after = usedAfterCollection();
      assertTrue(
          after <= before * HEAP_GROWTH, "heap grew from " + before + " to " + after + " bytes");
      assertTrue(
          floodedNs < quietNs + TimeUnit.MILLISECONDS.toNanos(20),
          "a round trip took " + floodedNs + " ns, without the flood " + quietNs);
      roundTrip(honest);
      assertTrue(isStillEstablished, "the established one was closed");
    }
  }

  private NettyTransport open(boolean isEpoll) {
    NettyTransport opened =
        NettyTransport.open(
            NettyTransportConfig.builder(new NodeId(2))
                .link(NettyFixture.loopback(0), Map.of(new NodeId(1), NettyFixture.loopback(0)))
                .insecurePlaintext(true)
                .build(),
            () -> 0,
            isEpoll);
    opened.start(new Echo());
    return opened;
  }

  private Socket honest() throws IOException {
    Socket socket = new Socket();
    socket.connect(NettyFixture.loopback(transport.localPort(0)));
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write(new Preamble(LinkKind.HEARTBEAT, 0, 1).toBytes());
    assertEquals(Preamble.BYTES, socket.getInputStream().readNBytes(Preamble.BYTES).length);
    return socket;
  }

  private static long medianRoundTripNs(Socket socket) throws IOException {
    long[] took = new long[ROUND_TRIPS];
    for (int i = 0; i < took.length; i++) {
      long beganNs = System.nanoTime();
      roundTrip(socket);
      took[i] = System.nanoTime() - beganNs;
    }
    Arrays.sort(took);
    return took[took.length / 2];
  }

  private static void roundTrip(Socket socket) throws IOException {
    socket.getOutputStream().write(new byte[] {1, 'x'});
    InputStream in = socket.getInputStream();
    assertEquals(2, in.readNBytes(2).length);
  }

  /** Connects from many addresses of this host, says something and leaves it at that. */
  private void strangers(int count, byte[] firstBytes) {
    Socket[] open = new Socket[200];
    for (int i = 0; i < count; i++) {
      try {
        Socket socket = new Socket();
        socket.setSoLinger(true, 0); // no ports kept after it
        byte[] from = {127, 0, (byte) (1 + i % 7), (byte) (1 + i % 200)};
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(from), 0));
        socket.connect(NettyFixture.loopback(transport.localPort(0)));
        socket.getOutputStream().write(firstBytes);
        if (open[i % open.length] != null) {
          open[i % open.length].close();
        }
        open[i % open.length] = socket;
      } catch (IOException e) {
        continue; // refused or reset, as it should be
      }
    }
    for (Socket socket : open) {
      try {
        if (socket != null) {
          socket.close();
        }
      } catch (IOException e) {
        continue; // it was
      }
    }
  }

  private static long usedAfterCollection() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  /** Establishes what speaks first, and answers each frame with itself. */
  private final class Echo extends NotingListener {
    @Override
    public void onOpened(Link link) {}

    @Override
    public void onFrame(Link link, byte[] frame, int offset, int length) {
      if (established.compareAndSet(null, link)) {
        link.establish();
      }
      assertEquals(SendResult.SENT, link.send(frame, offset, length));
    }

    @Override
    public void onClosed(Link link, CloseCause cause, String detail) {
      isStillEstablished &= link != established.get();
    }
  }
}
