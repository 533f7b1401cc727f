package io.understudy.transport.netty;

import io.understudy.transport.LinkKind;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/** A peer that sends whatever bytes a test wants. */
final class RawPeer implements Closeable {
  private static final int LIMIT_MS = 20_000;

  private final Socket socket;

  RawPeer(int port) throws IOException {
    this(port, InetAddress.getLoopbackAddress());
  }

  /** Connects from one of this host's addresses. */
  RawPeer(int port, InetAddress from) throws IOException {
    socket = new Socket();
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(NettyFixture.loopback(port));
    socket.setSoTimeout(LIMIT_MS);
    socket.setTcpNoDelay(true);
  }

  RawPeer send(int... bytes) throws IOException {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      all[i] = (byte) bytes[i];
    }
    return send(all);
  }

  RawPeer send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Says its preamble and reads the answer. */
  RawPeer greet(LinkKind kind, int link, int node) throws IOException {
    send(new Preamble(kind, link, node).toBytes());
    byte[] answer = socket.getInputStream().readNBytes(Preamble.BYTES);
    if (answer.length != Preamble.BYTES) {
      throw new IOException("answer of " + answer.length + " bytes");
    }
    return this;
  }

  /** Waits until the other side has closed; answers how many bytes it sent before. */
  int awaitClose() throws IOException {
    InputStream in = socket.getInputStream();
    byte[] bytes = new byte[64 << 10];
    int count = 0;
    try {
      int read = in.read(bytes);
      while (read >= 0) {
        count += read;
        read = in.read(bytes);
      }
    } catch (SocketException e) {
      return count; // reset, since it had not read all
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
