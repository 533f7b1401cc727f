package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.NodeId;
import io.understudy.transport.FlushResult;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.SendResult;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Link#flush} says of a peer that does not read, and of one that has read since the loop last looked. */
@Timeout(60)
class KernelRoomTest {
  private static final byte[] FRAME = new byte[60_000];
  private static final long MOST_BYTES = 64L << 20;

  private NettyTransport transport;
  private final CompletableFuture<Link> opened = new CompletableFuture<>();

  @AfterEach
  void close() {
    transport.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void peerThatNeverReadsIsFullAndStaysIt(boolean isEpoll) throws Exception {
    try (Socket peer = connect(isEpoll)) {
      Link link = opened.join();
      long sent = fill(link);

      int fullInARow = 0;
      while (fullInARow < 100) { // the kernel makes its own buffers larger for a while
        if (inLoop(link::flush) == FlushResult.FULL) {
          fullInARow++;
        } else {
          fullInARow = 0;
          sent += fill(link);
          assertTrue(sent < MOST_BYTES, sent + " bytes taken that nobody reads");
        }
      }
      assertTrue(peer.isConnected());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void roomThatCameSinceTheLastPollIsFound(boolean isEpoll) throws Exception {
    try (Socket peer = connect(isEpoll)) {
      Link link = opened.join();
      long sent = fill(link);
      InputStream in = peer.getInputStream();

      FlushResult result =
          inLoop( // the loop does not poll meanwhile, so only a write of now can find the room
              () -> {
                FlushResult last = FlushResult.FULL;
                long read = 0;
                while (last == FlushResult.FULL && read < sent) {
                  read += readSome(in);
                  last = link.flush();
                }
                return last;
              });

      assertEquals(FlushResult.TAKEN, result);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void peerThatIsGoneIsClosedAndTheNodeIsNotCalledFromWithinTheFlush(boolean isEpoll)
      throws Exception {
    Socket peer = connect(isEpoll);
    Link link = opened.join();
    fill(link);
    peer.setSoLinger(true, 0);

    FlushResult result =
        inLoop(
            () -> {
              reset(peer);
              FlushResult last = link.flush();
              for (int i = 0; i < 1_000_000 && last != FlushResult.CLOSED; i++) {
                last = link.flush();
              }
              return last;
            });

    assertEquals(FlushResult.CLOSED, result);
  }

  private Socket connect(boolean isEpoll) throws IOException {
    transport =
        NettyTransport.open(
            NettyTransportConfig.builder(new NodeId(2))
                .link(NettyFixture.loopback(0), Map.of(new NodeId(1), NettyFixture.loopback(0)))
                .insecurePlaintext(true)
                .build(),
            () -> 0,
            isEpoll);
    transport.start(
        new NotingListener() {
          @Override
          public void onOpened(Link link) {
            opened.complete(link);
          }
        });
    Socket peer = new Socket();
    peer.setReceiveBufferSize(4 << 10);
    peer.setSoTimeout(5_000); // so that bytes which nobody writes end the test
    peer.connect(NettyFixture.loopback(transport.localPort(0)));
    peer.getOutputStream().write(new Preamble(LinkKind.HEARTBEAT, 0, 1).toBytes());
    return peer;
  }

  /** Until a write of that moment found no room; answers the bytes sent. */
  private long fill(Link link) {
    return inLoop(
        () -> {
          long sent = 0;
          while (link.flush() == FlushResult.TAKEN) {
            while (link.send(FRAME, 0, FRAME.length) == SendResult.SENT) {
              sent += FRAME.length;
            }
          }
          return sent;
        });
  }

  private static int readSome(InputStream in) {
    try {
      return in.read(new byte[64 << 10]);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void reset(Socket peer) {
    try {
      peer.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private <T> T inLoop(Supplier<T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    transport.execute(
        () -> {
          try {
            result.complete(action.get());
          } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
          }
        });
    return result.join();
  }
}
