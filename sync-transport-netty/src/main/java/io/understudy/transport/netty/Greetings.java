package io.understudy.transport.netty;

import io.netty.channel.Channel;
import io.understudy.transport.netty.Preamble.BadPreambleException;
import io.understudy.wire.InputLimit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections that were accepted and have not said who they are: anybody's, so nothing is claimed for them.
 *
 * <p>Shape: a socket and nine bytes each, oldest first; they are registered nowhere and have no handler, no buffer and no
 * timer. Whoever is on the list is looked at when a quarter of its age has passed again, so that who speaks at once is heard at
 * once and who is silent costs next to nothing.
 *
 * <p>Bound: by address, and for all addresses together that are no peer's; beyond, the oldest goes. A peer speaks as soon as
 * it is connected, so it is never the oldest for long, however many others come.
 *
 * <p>Thread: the loop's.
 */
final class Greetings {
  private static final long LOOK_MIN_NS = 100_000;
  private static final long LOOK_MAX_NS = 50_000_000;
  private static final int LOOKS_PER_AGE = 4;

  private final long limitNs;
  private final List<Greeting> waiting = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(Preamble.BYTES);
  private long dueNs = Long.MAX_VALUE;

  /** Who listens, and takes those who have said who they are. */
  interface Host {
    boolean isPeerAddress(InetAddress address);

    /** The preamble is good as bytes; whether this member may be here is the host's to say. */
    void greeted(Channel socket, Preamble preamble) throws BadPreambleException;

    void refused(InetSocketAddress from, String why);
  }

  private static final class Greeting {
    final Host host;
    final Channel socket;
    final InetSocketAddress from;
    final boolean isStranger;
    final long acceptedNs;
    final byte[] bytes = new byte[Preamble.BYTES];
    int count;
    long lookNs;

    Greeting(Host host, Channel socket, InetSocketAddress from, long nowNs) {
      this.host = host;
      this.socket = socket;
      this.from = from;
      isStranger = !host.isPeerAddress(from.getAddress());
      acceptedNs = nowNs;
    }
  }

  Greetings(long limitNs) {
    this.limitNs = limitNs;
  }

  void accepted(Host host, Channel socket) {
    if (!(socket.remoteAddress() instanceof InetSocketAddress from)) {
      close(socket); // it is gone already
      return;
    }
    long nowNs = System.nanoTime();
    Greeting greeting = new Greeting(host, socket, from, nowNs);
    if (!isOver(greeting, nowNs)) {
      makeRoom(greeting);
      waiting.add(greeting);
    }
  }

  /** Looks at those whose time has come. */
  void run() {
    if (waiting.isEmpty()) {
      return;
    }
    long nowNs = System.nanoTime();
    dueNs = Long.MAX_VALUE;
    for (int i = waiting.size() - 1; i >= 0; i = Math.min(i, waiting.size()) - 1) {
      Greeting greeting = waiting.get(i);
      if (nowNs >= greeting.lookNs && isOver(greeting, nowNs)) {
        waiting.remove(greeting);
      } else {
        dueNs = Math.min(dueNs, greeting.lookNs);
      }
    }
  }

  long nextDueNs() {
    return waiting.isEmpty() ? Long.MAX_VALUE : dueNs;
  }

  void close() {
    waiting.forEach(greeting -> close(greeting.socket));
    waiting.clear();
  }

  private void makeRoom(Greeting newest) {
    int ofAddress = 0;
    int strangers = 0;
    for (int i = 0; i < waiting.size(); i++) {
      Greeting greeting = waiting.get(i);
      ofAddress += isSameAddress(greeting, newest) ? 1 : 0;
      strangers += greeting.isStranger ? 1 : 0;
    }
    if (ofAddress >= InputLimit.UNGREETED_OF_ADDRESS.high()) {
      dropOldest(newest, true);
    } else if (newest.isStranger && strangers >= InputLimit.UNGREETED_STRANGERS.high()) {
      dropOldest(newest, false);
    }
  }

  private void dropOldest(Greeting newest, boolean ofSameAddress) {
    for (int i = 0; i < waiting.size(); i++) {
      Greeting greeting = waiting.get(i);
      if (ofSameAddress ? isSameAddress(greeting, newest) : greeting.isStranger) {
        waiting.remove(i);
        refuse(greeting, "too many others without a preamble came after it");
        return;
      }
    }
  }

  private static boolean isSameAddress(Greeting one, Greeting other) {
    return one.from.getAddress().equals(other.from.getAddress());
  }

  /** Reads what there is; answers whether nothing more is to be waited for. */
  private boolean isOver(Greeting greeting, long nowNs) {
    try {
      if (!read(greeting)) {
        close(greeting.socket); // it went as it came
        return true;
      }
      if (!Preamble.mayBegin(greeting.bytes, greeting.count)) {
        throw new BadPreambleException("not the connection of a member");
      }
      if (greeting.count == Preamble.BYTES) {
        greeting.host.greeted(greeting.socket, Preamble.read(greeting.bytes));
        return true;
      }
      if (nowNs - greeting.acceptedNs >= limitNs) {
        throw new BadPreambleException("no preamble in time");
      }
    } catch (BadPreambleException e) {
      refuse(greeting, e.getMessage());
      return true;
    }
    long stepNs = (nowNs - greeting.acceptedNs) / LOOKS_PER_AGE;
    greeting.lookNs = nowNs + Math.min(LOOK_MAX_NS, Math.max(LOOK_MIN_NS, stepNs));
    dueNs = Math.min(dueNs, greeting.lookNs);
    return false;
  }

  /** Answers whether the connection stands. What follows the preamble stays in the socket. */
  private boolean read(Greeting greeting) {
    buffer.clear().limit(Preamble.BYTES - greeting.count);
    try {
      int bytes = Sockets.read(greeting.socket, buffer);
      buffer.flip();
      int count = Math.max(0, bytes);
      buffer.get(greeting.bytes, greeting.count, count);
      greeting.count += count;
      return bytes >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static void refuse(Greeting greeting, String why) {
    close(greeting.socket);
    greeting.host.refused(greeting.from, why);
  }

  private static void close(Channel socket) {
    socket.unsafe().closeForcibly();
  }
}
