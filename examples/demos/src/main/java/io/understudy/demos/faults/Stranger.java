package io.understudy.demos.faults;

import io.understudy.proto.v1.Frame;
import io.understudy.proto.v1.Hello;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Somebody who reaches a member's port and knows no secret: connects, says what is no greeting, greets as another member and lies in
 * HELLO.
 *
 * <p>Thread: one.
 */
final class Stranger {
  private static final int SOME = 64;
  private static final long ANSWER_NS = 2_000_000;

  private final int port;
  private final int asNode;

  /** @param asNode the member that it greets as */
  Stranger(int port, int asNode) {
    this.port = port;
    this.asNode = asNode;
  }

  /** So many connections, some of them open at a time, with nothing said. */
  void connect(int count) {
    Socket[] open = new Socket[SOME];
    for (int i = 0; i < count; i++) {
      end(open[i % SOME]);
      open[i % SOME] = dial();
    }
    for (Socket socket : open) {
      end(socket);
    }
  }

  /** Greets again and again, so many times a second. */
  void greet(int count, int perSecond) {
    Socket[] open = new Socket[8];
    for (int i = 0; i < count; i++) {
      end(open[i % open.length]);
      open[i % open.length] = say(preamble(i % 2));
      LockSupport.parkNanos(1_000_000_000L / perSecond);
    }
    for (Socket socket : open) {
      end(socket);
    }
  }

  /** HELLO with a cluster name as long as a frame allows. */
  void sayLongNames(int count) {
    sayHello(count, hello().setCluster("\u001b[31m\n" + "x".repeat(65_400)));
  }

  /** HELLO with a generation clock that no clock ever reaches. */
  void sayForgedClocks(int count) {
    sayHello(count, hello().setGenerationClock(1L << 62));
  }

  /** Bytes that are no greeting, from chance. */
  void sayNoise(int count, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      byte[] noise = new byte[1 + random.nextInt(200)];
      random.nextBytes(noise);
      end(say(i % 2 == 0 ? noise : join(preamble(i / 2 % 2), noise)));
    }
  }

  private Hello.Builder hello() {
    return Hello.newBuilder()
        .setNode(asNode)
        .setCluster("faults")
        .setIncarnation(System.nanoTime());
  }

  private void sayHello(int count, Hello.Builder hello) {
    for (int i = 0; i < count; i++) {
      byte[] frame = Frame.newBuilder().setHello(hello).build().toByteArray();
      ByteArrayOutputStream delimited = new ByteArrayOutputStream();
      for (int left = frame.length; ; left >>>= 7) {
        delimited.write(left > 127 ? left & 127 | 128 : left);
        if (left <= 127) {
          break;
        }
      }
      delimited.writeBytes(frame);
      Socket socket = say(join(preamble(0), delimited.toByteArray()));
      LockSupport.parkNanos(ANSWER_NS); // the answer comes, or not
      end(socket);
    }
  }

  private byte[] preamble(int kind) {
    return ByteBuffer.allocate(9)
        .put(new byte[] {'U', 'S', 'D', 'Y', 1, (byte) (kind + 1), 0})
        .putShort((short) asNode)
        .array();
  }

  private static byte[] join(byte[] one, byte[] other) {
    return ByteBuffer.allocate(one.length + other.length).put(one).put(other).array();
  }

  private Socket dial() {
    try {
      Socket socket = new Socket();
      socket.setSoLinger(true, 0); // its end leaves no port behind
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return socket;
    } catch (IOException e) {
      return new Socket(); // refused, as it may be
    }
  }

  private Socket say(byte[] bytes) {
    Socket socket = dial();
    try {
      if (socket.isConnected()) {
        socket.getOutputStream().write(bytes);
      }
    } catch (IOException e) {
      // closed by the member, as it may be
    }
    return socket;
  }

  private static void end(Socket socket) {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      // it is over in any case
    }
  }
}
