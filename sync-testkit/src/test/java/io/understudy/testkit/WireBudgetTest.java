package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.NatKind;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.track.FactWords;
import io.understudy.track.SessionFacts;
import io.understudy.track.TimeoutClass;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What a record costs on the wire, against the budgets: payload bytes per record over batches of 64 or more, frame and length
 * prefix included, as the transport is given them.
 *
 * <p>The traffic: 25,000 TCP sessions, about 100 in each of the 256 partitions, from clients of a private network with random
 * ephemeral ports to 500 servers on ports 443 and 80; 40 policies, 4 zones, random initial sequence numbers, the options that
 * common systems offer (one of 4 MSS values, window scale 7 or 8, SACK, time stamps). A session is published when its handshake
 * is complete (normal backup), after the three packets of the handshake were counted, unless a test says otherwise.
 */
class WireBudgetTest {
  private static final int SESSIONS = 25_000;
  private static final int CAPACITY = 1 << 15;
  private static final int GROUP = MemoryPair.GROUP;

  private static final int SYN = 1;
  private static final int SYN_ACKNOWLEDGED = 1 << 1;
  private static final int FIN = 1 << 4;
  private static final int[] MSS = {1_460, 1_452, 1_440, 1_400};

  private static final long SITE = 0x2001_0db8_0001_0000L;
  private static final long SERVERS = 0x2a00_1450_4001_0800L;

  private final MemoryPair pair =
      new MemoryPair(SessionTable.spec4(CAPACITY, 1), SessionTable.spec6(CAPACITY, 1));
  private final long[] factWords = new long[FactWords.WORDS];
  private final SessionFacts facts = new SessionFacts();

  /** The address family and translation of a test's sessions. */
  private enum Kind {
    IPV4(48),
    IPV4_NAT(62),
    IPV6(84),
    IPV6_NAT(100);

    private final int createBudget;

    Kind(int createBudget) {
      this.createBudget = createBudget;
    }

    boolean isIpv6() {
      return this == IPV6 || this == IPV6_NAT;
    }
  }

  @Test
  void createOfAnIpv4SessionTakesAtMost48Bytes() {
    assertCreateWithinBudget(Kind.IPV4);
  }

  @Test
  void createOfAnIpv4SessionWithNatTakesAtMost62Bytes() {
    assertCreateWithinBudget(Kind.IPV4_NAT);
  }

  @Test
  void createOfAnIpv6SessionTakesAtMost84Bytes() {
    assertCreateWithinBudget(Kind.IPV6);
  }

  @Test
  void createOfAnIpv6SessionWithNatTakesAtMost100Bytes() {
    assertCreateWithinBudget(Kind.IPV6_NAT);
  }

  /** The session was backed up at its SYN (quick backup); then come the acknowledging packet of the handshake and its state. */
  @Test
  void stateUpdateTakesAtMost12Bytes() {
    for (Kind kind : Kind.values()) {
      MemoryPair fresh =
          new MemoryPair(SessionTable.spec4(CAPACITY, 1), SessionTable.spec6(CAPACITY, 1));
      publishAll(fresh, kind, WireBudgetTest::synAckSeen, TimeoutClass.TCP_SYN_RECV, 2);
      fresh.settle();

      double bytes =
          bytesPerRecord(
              fresh,
              () ->
                  publishAll(
                      fresh, kind, WireBudgetTest::established, TimeoutClass.TCP_ESTABLISHED, 1));

      assertBudget("state update, " + kind, bytes, 12);
    }
  }

  /** The session was backed up at its SYN; the SYN-ACK brings its sequence number and options. */
  @Test
  void stateUpdateWithSynAckOptionsTakesAtMost20Bytes() {
    publishAll(pair, Kind.IPV4, WireBudgetTest::synSeen, TimeoutClass.TCP_SYN_SENT, 1);
    pair.settle();

    double bytes =
        bytesPerRecord(
            pair,
            () ->
                publishAll(
                    pair, Kind.IPV4, WireBudgetTest::synAckSeen, TimeoutClass.TCP_SYN_RECV, 1));

    assertBudget("state update with SYN-ACK", bytes, 20);
  }

  /** The first FIN, with its sequence number. */
  @Test
  void stateUpdateWithFinTakesAtMost12Bytes() {
    publishAll(pair, Kind.IPV4, WireBudgetTest::established, TimeoutClass.TCP_ESTABLISHED, 3);
    pair.settle();

    double bytes =
        bytesPerRecord(
            pair,
            () ->
                publishAll(pair, Kind.IPV4, WireBudgetTest::finSeen, TimeoutClass.TCP_FIN_WAIT, 1));

    assertBudget("state update with FIN", bytes, 12);
  }

  /** Established sessions have moved between 1 and 2,000 packets of up to 1,400 bytes each way. */
  @Test
  void usageTakesAtMost30Bytes() {
    publishAll(pair, Kind.IPV4, WireBudgetTest::established, TimeoutClass.TCP_ESTABLISHED, 3);
    pair.settle();
    SessionRecord session = pair.ipv4(1).newRecord();
    Random random = new Random(5);
    for (int i = 0; i < SESSIONS; i++) {
      key(session, Kind.IPV4, i);
      int packets = 1 + random.nextInt(2_000);
      pair.ipv4(1).touch(session, Direction.FORWARD, packets, packets * 80L, pair.nowNs());
      pair.ipv4(1).touch(session, Direction.REVERSE, packets, packets * 1_400L, pair.nowNs());
    }

    long before = pair.dataBytesFromActive();
    pair.settleUsage();
    double bytes = (double) (pair.dataBytesFromActive() - before) / SESSIONS;

    assertBudget("usage", bytes, 30);
  }

  @Test
  void deleteTakesAtMost6Bytes() {
    publishAll(pair, Kind.IPV4, WireBudgetTest::established, TimeoutClass.TCP_ESTABLISHED, 3);
    pair.settle();
    SessionRecord session = pair.ipv4(1).newRecord();

    double bytes =
        bytesPerRecord(
            pair,
            () -> {
              for (int i = 0; i < SESSIONS; i++) {
                key(session, Kind.IPV4, i);
                assertEquals(PublishResult.QUEUED, pair.ipv4(1).remove(session, 0, pair.nowNs()));
              }
            });

    assertEquals(0, pair.ipv4(2).liveCount());
    assertBudget("delete", bytes, 6);
  }

  private void assertCreateWithinBudget(Kind kind) {
    double bytes =
        bytesPerRecord(
            pair,
            () ->
                publishAll(
                    pair, kind, WireBudgetTest::established, TimeoutClass.TCP_ESTABLISHED, 3));

    SessionTable standby = kind.isIpv6() ? pair.ipv6(2) : pair.ipv4(2);
    assertEquals(SESSIONS, standby.liveCount());
    assertBudget("create, " + kind, bytes, kind.createBudget);
  }

  private static double bytesPerRecord(MemoryPair pair, Runnable changes) {
    long before = pair.dataBytesFromActive();
    changes.run();
    pair.settle();
    return (double) (pair.dataBytesFromActive() - before) / SESSIONS;
  }

  private static void assertBudget(String what, double bytes, int budget) {
    System.getLogger("WireBudgetTest")
        .log(System.Logger.Level.DEBUG, "{0}: {1} bytes", what, bytes);
    assertTrue(
        bytes <= budget,
        () ->
            String.format("%s takes %.2f bytes per record, its budget is %d", what, bytes, budget));
  }

  /** What was seen of a session, as fact words. */
  private interface Seen {
    void write(Random random, long[] facts);
  }

  private void publishAll(
      MemoryPair pair, Kind kind, Seen seen, TimeoutClass timeoutClass, int newPackets) {
    SessionTable table = kind.isIpv6() ? pair.ipv6(1) : pair.ipv4(1);
    SessionRecord session = table.newRecord();
    for (int i = 0; i < SESSIONS; i++) {
      Random random = new Random(31L * i + 7);
      key(session, kind, i);
      translate(session, kind, i);
      seen.write(random, factWords);
      facts.load(factWords, 0);
      session.facts(facts).policy(100 + random.nextInt(40)).timeoutClass(timeoutClass.code());
      session.zones(1 + i % 2, 3 + i % 2);
      if (newPackets == 3) {
        session.count(Direction.FORWARD, 2, 112).count(Direction.REVERSE, 1, 60);
      } else {
        session.count(newPackets == 1 ? Direction.FORWARD : Direction.REVERSE, 1, 60);
      }
      assertEquals(PublishResult.QUEUED, table.publish(session, GROUP, 0, 0, pair.nowNs()));
    }
  }

  private static void key(SessionRecord session, Kind kind, int i) {
    Random random = new Random(17L * i);
    int port = 32_768 + random.nextInt(28_232);
    int serverPort = i % 5 == 0 ? 80 : 443;
    int server = random.nextInt(500);
    if (kind.isIpv6()) {
      session.key6(
          0,
          IpProtocol.TCP,
          SITE + i % 16,
          random.nextLong() ^ i,
          port,
          SERVERS,
          server,
          serverPort);
    } else {
      int client = 0x0A000000 + i; // one session a client: no two keys are the same
      session.key4(0, IpProtocol.TCP, client, port, 0x8EFA0000 + server * 37, serverPort);
    }
  }

  private static void translate(SessionRecord session, Kind kind, int i) {
    Random random = new Random(17L * i);
    random.nextInt();
    int serverPort = i % 5 == 0 ? 80 : 443;
    int port = 1_024 + i * 2 % 64_000;
    if (kind == Kind.IPV4_NAT) {
      int destination = 0x8EFA0000 + random.nextInt(500) * 37;
      session.nat4(NatKind.SOURCE, 0xC6336400 + i % 8, port, destination, serverPort);
    } else if (kind == Kind.IPV6_NAT) {
      session.nat6(
          NatKind.SOURCE,
          0x2001_0db8_00ff_0000L,
          i % 8 + 1,
          port,
          SERVERS,
          random.nextInt(500),
          serverPort);
    }
  }

  private static void synSeen(Random random, long[] facts) {
    write(facts, random, SYN, 0, false, false);
  }

  private static void synAckSeen(Random random, long[] facts) {
    write(facts, random, SYN | SYN_ACKNOWLEDGED, SYN, true, false);
  }

  private static void established(Random random, long[] facts) {
    write(facts, random, SYN | SYN_ACKNOWLEDGED, SYN | SYN_ACKNOWLEDGED, true, false);
  }

  private static void finSeen(Random random, long[] facts) {
    int both = SYN | SYN_ACKNOWLEDGED;
    write(facts, random, both | FIN, both, true, true);
  }

  private static void write(
      long[] facts, Random random, int forward, int reverse, boolean answered, boolean fin) {
    long isn = random.nextInt() | 1;
    long answer = random.nextInt() | 1;
    long options = options(random);
    long answerOptions = options(random);
    facts[0] = isn << 32 | (answered ? answer & 0xFFFFFFFFL : 0);
    facts[1] = fin ? isn + random.nextInt(1_000_000) << 32 : 0;
    facts[2] =
        options << 42
            | (answered ? answerOptions << 20 : 0)
            | (long) forward << FactWords.BITS
            | reverse;
  }

  private static long options(Random random) {
    return FactWords.options(
        MSS[random.nextInt(MSS.length)], 7 + random.nextInt(2), true, random.nextInt(4) > 0);
  }
}
