package io.understudy.testkit.contract;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries TCP connections on loopback to a port, can hold up what they carry, and can reset them all: the cable of a test.
 *
 * <p>Thread: any; the bytes are carried by daemon threads of its own.
 */
public final class Relay implements Closeable {
  private final ServerSocket server;
  private final int targetPort;
  private final List<Socket> sockets = new ArrayList<>();
  private boolean isHeldUp;

  /** Listens on a free port. */
  public Relay(int targetPort) {
    this.targetPort = targetPort;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  /** Where to connect instead of the target. */
  public int port() {
    return server.getLocalPort();
  }

  /** From now on nothing arrives, until the connections are broken. */
  public synchronized void holdUp() {
    isHeldUp = true;
  }

  /** Resets every connection that it carries now; new ones are carried again. */
  public synchronized void breakAll() {
    for (Socket socket : sockets) {
      try {
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (IOException e) {
        // closed by its end before
      }
    }
    sockets.clear();
    isHeldUp = false;
    notifyAll();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    breakAll();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket dialled = server.accept();
        Socket onward = new Socket();
        try {
          onward.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort));
        } catch (IOException e) {
          dialled.close();
          continue;
        }
        dialled.setTcpNoDelay(true);
        onward.setTcpNoDelay(true);
        synchronized (this) {
          sockets.add(dialled);
          sockets.add(onward);
        }
        daemon(() -> carry(dialled, onward));
        daemon(() -> carry(onward, dialled));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void carry(Socket from, Socket to) {
    byte[] bytes = new byte[16 << 10];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int count = in.read(bytes);
      while (count >= 0) {
        awaitFree();
        out.write(bytes, 0, count);
        count = in.read(bytes);
      }
    } catch (IOException e) {
      // broken, as the test wants it
    }
  }

  private synchronized void awaitFree() throws IOException {
    while (isHeldUp) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }
}
