package io.understudy.benchmarks.run;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.track.FactWords;
import io.understudy.track.SessionFacts;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Sessions that are functions of their number, published in random order as fast as one thread can.
 *
 * <p>The traffic: TCP over IPv4, random ephemeral ports, 500 servers, 40 policies, 4 zones, random initial sequence numbers, usual
 * options. A session is published after SYN and SYN-ACK with its counters, and changes its state when the handshake is complete.
 * As in any dataplane each packet's session is looked up before; how long that takes is counted apart ({@link #lookNs}).
 *
 * <p>Shape: what the packets say is made before a pass begins, {@value #PACKET_WORDS} words a session in the order of the pass, as
 * a network card would put it into memory. What is timed reads it from there.
 *
 * <p>Thread: the one that publishes.
 */
final class SessionLoad {
  static final int GROUP = 1;

  /** Heap that the load itself has for each session. */
  static final long BYTES_PER_SESSION = 4 + 8 * SessionLoad.PACKET_WORDS;

  /** Packets that the dataplane takes in at once, with one reading of the clock. */
  private static final int BATCH = 32;

  /** Client and server, ports and policy and zone, then the facts. */
  private static final int PACKET_WORDS = 2 + FactWords.WORDS;

  /** Look-ups of a packet batch that took longer were interrupted, by the duty cycle on the same core for instance. */
  private static final long INTERRUPTED_NS = 40_000;

  private static final int FACTS = 2;
  private static final int SYN = 1;
  private static final int SYN_ACKNOWLEDGED = 2;
  private static final int[] MSS = {1_460, 1_452, 1_440, 1_400};

  private final SessionTable table;
  private final SessionRecord[] batch = new SessionRecord[BATCH];
  private final SessionFacts facts = new SessionFacts();
  private final int[] order;
  private final long[] packets;
  private long nowNs;
  private long lookNs;
  private final SplittableRandom random = new SplittableRandom(20_260);

  SessionLoad(SessionTable table, int sessions) {
    this.table = table;
    Arrays.setAll(batch, j -> table.newRecord());
    order = new int[sessions];
    packets = new long[sessions * PACKET_WORDS];
    for (int i = 0; i < sessions; i++) {
      order[i] = i;
    }
  }

  /** Another random order for the next pass, and its packets; outside of what is timed. */
  void arrive(boolean established) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    int both = SYN | SYN_ACKNOWLEDGED;
    for (int i = 0; i < order.length; i++) {
      packet(order[i], both, established ? both : SYN, i * PACKET_WORDS);
    }
  }

  void publishNew(int from, int to) {
    lookNs = 0;
    for (int i = from; i < to; i += batch.length) {
      int count = look(i, to, false);
      for (int j = 0; j < count; j++) {
        values(batch[j], (i + j) * PACKET_WORDS);
        batch[j].count(Direction.FORWARD, 1, 60).count(Direction.REVERSE, 1, 60);
        publish(batch[j]);
      }
    }
  }

  void publishEstablished(int from, int to) {
    lookNs = 0;
    for (int i = from; i < to; i += batch.length) {
      int count = look(i, to, true);
      for (int j = 0; j < count; j++) {
        values(batch[j], (i + j) * PACKET_WORDS);
        publish(batch[j]);
      }
    }
  }

  /** How long the last pass took for taking packets in and for looking up their sessions, where nothing interrupted it. */
  long lookNs() {
    return lookNs;
  }

  /** Takes a packet batch in and looks its sessions up. */
  private int look(int from, int to, boolean known) {
    int count = takeIn(from, to);
    table.prefetch(batch, count);
    for (int j = 0; j < count; j++) {
      if (table.lookup(batch[j]) != known) {
        throw new IllegalStateException(
            "session " + order[from + j] + (known ? " is not there" : " is there already"));
      }
    }
    long tookNs = System.nanoTime() - nowNs;
    lookNs += tookNs < INTERRUPTED_NS ? tookNs : 0;
    return count;
  }

  /** A packet batch's keys, and one reading of the clock for all of it. */
  private int takeIn(int from, int to) {
    int count = Math.min(batch.length, to - from);
    nowNs = System.nanoTime();
    for (int j = 0; j < count; j++) {
      key(batch[j], (from + j) * PACKET_WORDS);
    }
    return count;
  }

  /** Ends the sessions of a part of the order, so many that their tombstones fit. */
  void remove(int from, int to) {
    lookNs = 0;
    for (int i = from; i < to; i += batch.length) {
      int count = takeIn(i, to);
      table.prefetchChanges(batch, count);
      for (int j = 0; j < count; j++) {
        table.remove(batch[j], 0, nowNs);
      }
    }
  }

  int sessions() {
    return order.length;
  }

  private void publish(SessionRecord session) {
    while (true) {
      PublishResult result = table.publish(session, GROUP, 0, 0, nowNs);
      if (result == PublishResult.QUEUED || result == PublishResult.ABSORBED) {
        return;
      }
      if (result != PublishResult.TABLE_FULL) {
        throw new IllegalStateException("publish answered " + result);
      }
      Thread.yield(); // tombstones of the pass before are still on their way
    }
  }

  private void key(SessionRecord session, int at) {
    long ends = packets[at];
    long rest = packets[at + 1];
    session.key4(
        0,
        IpProtocol.TCP,
        (int) (ends >>> 32),
        (int) (rest >>> 48),
        (int) ends,
        (int) (rest >>> 32) & 0xFFFF);
  }

  private void values(SessionRecord session, int at) {
    facts.load(packets, at + FACTS);
    int rest = (int) packets[at + 1];
    session.facts(facts).policy(rest >>> 8).zones(rest & 0xFF, 3);
  }

  /** No two numbers below 2^24 have the same client. */
  private void packet(int number, int forward, int reverse, int at) {
    long mixed = mix(number);
    long other = mix(mixed);
    long client = 0x0A000000L | number & 0xFFFFFF;
    long server = 0x8EFA0000L + (mixed >>> 40) % 500 * 37;
    long clientPort = 32_768 + (mixed & 0xFFFF) % 28_232;
    long serverPort = (mixed >>> 16 & 3) == 0 ? 80 : 443;
    long policy = 100 + (other >>> 8 & 0xFF) % 40;
    packets[at] = client << 32 | server;
    packets[at + 1] = clientPort << 48 | serverPort << 32 | policy << 8 | 1 + (mixed & 1);
    long options = FactWords.options(MSS[(int) other & 3], 7 + (int) (other >>> 2 & 1), true, true);
    long answer = FactWords.options(MSS[(int) other >>> 3 & 3], 7, true, (other >>> 5 & 3) > 0);
    packets[at + FACTS] = other;
    packets[at + FACTS + 1] = 0;
    packets[at + FACTS + 2] =
        options << 42 | answer << 20 | (long) forward << FactWords.BITS | reverse;
  }

  /** Every bit depends on every bit (the finalizer of SplitMix64). */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
