package io.understudy.benchmarks.run;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.track.FactWords;
import io.understudy.track.SessionFacts;
import io.understudy.track.TimeoutClass;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Sessions that are functions of their number, published in random order as fast as one thread can.
 *
 * <p>The traffic: TCP over IPv4, random ephemeral ports, 500 servers, 40 policies, 4 zones, random initial sequence numbers, usual
 * options. A session is published after SYN and SYN-ACK with its counters, and changes its state when the handshake is complete.
 *
 * <p>Thread: the one that publishes.
 */
final class SessionLoad {
  static final int GROUP = 1;

  /** Packets that the dataplane takes in at once, with one reading of the clock. */
  private static final int BATCH = 32;

  private static final int SYN = 1;
  private static final int SYN_ACKNOWLEDGED = 2;
  private static final int[] MSS = {1_460, 1_452, 1_440, 1_400};

  private final SessionTable table;
  private final SessionRecord[] batch = new SessionRecord[BATCH];
  private final long[] mixed = new long[BATCH];
  private final SessionFacts facts = new SessionFacts();
  private final long[] words = new long[FactWords.WORDS];
  private final int[] order;
  private long nowNs;
  private final SplittableRandom random = new SplittableRandom(20_260);

  SessionLoad(SessionTable table, int sessions) {
    this.table = table;
    Arrays.setAll(batch, j -> table.newRecord());
    order = new int[sessions];
    for (int i = 0; i < sessions; i++) {
      order[i] = i;
    }
  }

  /** Another random order for the next pass; outside of what is timed. */
  void shuffle() {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  void publishNew(int from, int to) {
    for (int i = from; i < to; i += batch.length) {
      int count = look(i, to);
      for (int j = 0; j < count; j++) {
        SessionRecord session = batch[j];
        values(session, mixed[j], SYN | SYN_ACKNOWLEDGED, SYN, TimeoutClass.TCP_SYN_RECV);
        session.count(Direction.FORWARD, 1, 60).count(Direction.REVERSE, 1, 60);
        publish(session);
      }
    }
  }

  void publishEstablished(int from, int to) {
    int both = SYN | SYN_ACKNOWLEDGED;
    for (int i = from; i < to; i += batch.length) {
      int count = look(i, to);
      for (int j = 0; j < count; j++) {
        values(batch[j], mixed[j], both, both, TimeoutClass.TCP_ESTABLISHED);
        publish(batch[j]);
      }
    }
  }

  /** Takes in a packet batch: keys, one reading of the clock, and what will be needed of the table. */
  private int look(int from, int to) {
    int count = Math.min(batch.length, to - from);
    nowNs = System.nanoTime();
    for (int j = 0; j < count; j++) {
      mixed[j] = key(batch[j], order[from + j]);
    }
    table.prefetchChanges(batch, count);
    return count;
  }

  /** Ends the sessions of a part of the order, so many that their tombstones fit. */
  void remove(int from, int to) {
    for (int i = from; i < to; i += batch.length) {
      int count = look(i, to);
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

  /** Sets the key. No two numbers below 2^24 have the same client. */
  private static long key(SessionRecord session, int number) {
    long mixed = mix(number);
    int server = 0x8EFA0000 + (int) (mixed >>> 40) % 500 * 37;
    int client = 0x0A000000 | number & 0xFFFFFF;
    int port = 32_768 + (int) (mixed & 0xFFFF) % 28_232;
    session.key4(0, IpProtocol.TCP, client, port, server, (mixed >>> 16 & 3) == 0 ? 80 : 443);
    return mixed;
  }

  private void values(
      SessionRecord session, long mixed, int forward, int reverse, TimeoutClass timeoutClass) {
    long other = mix(mixed);
    long options = FactWords.options(MSS[(int) other & 3], 7 + (int) (other >>> 2 & 1), true, true);
    long answer = FactWords.options(MSS[(int) other >>> 3 & 3], 7, true, (other >>> 5 & 3) > 0);
    words[0] = other;
    words[1] = 0;
    words[2] = options << 42 | answer << 20 | (long) forward << FactWords.BITS | reverse;
    facts.load(words, 0);
    session.facts(facts).policy(100 + (int) (other >>> 8 & 0xFF) % 40);
    session.zones(1 + (int) (mixed & 1), 3).timeoutClass(timeoutClass.code());
  }

  /** Every bit depends on every bit (the finalizer of SplitMix64). */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
