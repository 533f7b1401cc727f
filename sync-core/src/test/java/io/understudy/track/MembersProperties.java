package io.understudy.track;

import static io.understudy.model.Direction.FORWARD;
import static io.understudy.model.Direction.REVERSE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Two members that each see some packets of a session come to what one member that saw all of them
 * says.
 *
 * <p>A random conversation between two well-behaved ends, with retransmissions, is dealt to two
 * members at random or by direction; both know the session from its first packet on (quick mode),
 * and exchange facts now and then.
 */
class MembersProperties {
  /** One packet, for whichever member sees it. */
  private interface Step {
    void on(Watcher watcher);
  }

  private static final int TCP = 6;
  private static final int SCTP = 132;

  @Property(seed = "201", tries = 3_000, edgeCases = EdgeCasesMode.NONE)
  void tcpByDirectionIsNeverBehindInTheHandshake(@ForAll long seed) {
    Random random = new Random(seed);
    Deal deal = new Deal(TCP, random, true);

    deal.run(tcpHandshake(random));
    deal.exchange();

    deal.assertEqual();
  }

  @Property(seed = "202", tries = 3_000, edgeCases = EdgeCasesMode.NONE)
  void tcpAtRandomIsEqualOrOneStepBehindAndThenCatchesUp(@ForAll long seed) {
    Random random = new Random(seed);
    Deal deal = new Deal(TCP, random, random.nextBoolean());
    TcpEnds ends = new TcpEnds(random);

    deal.run(ends.handshake());
    deal.run(ends.dataAndEnd());
    deal.exchange();

    deal.assertEqualOrBehind();
    deal.run(ends.acknowledgementsOfBoth());
    deal.exchange();
    deal.run(ends.acknowledgementsOfBoth());
    deal.exchange();
    deal.assertEqual();
  }

  @Property(seed = "203", tries = 3_000, edgeCases = EdgeCasesMode.NONE)
  void tcpFactsAreTheSameWhateverTheOrderOfMerging(@ForAll long seed) {
    Random random = new Random(seed);
    Deal deal = new Deal(TCP, random, false);
    TcpEnds ends = new TcpEnds(random);
    deal.run(ends.handshake());
    deal.run(ends.dataAndEnd());

    SessionFacts oneWay = new SessionFacts();
    oneWay.merge(deal.first.facts());
    oneWay.merge(deal.second.facts());
    SessionFacts otherWay = new SessionFacts();
    otherWay.merge(deal.second.facts());
    otherWay.merge(deal.first.facts());
    otherWay.merge(deal.second.facts());

    assertEquals(oneWay, otherWay);
  }

  @Property(seed = "204", tries = 3_000, edgeCases = EdgeCasesMode.NONE)
  void sctpByDirectionIsNeverBehindInTheHandshake(@ForAll long seed) {
    Random random = new Random(seed);
    Deal deal = new Deal(SCTP, random, true);

    deal.run(sctpHandshake(random));
    deal.exchange();

    deal.assertEqual();
  }

  @Property(seed = "205", tries = 3_000, edgeCases = EdgeCasesMode.NONE)
  void sctpWithAnExchangeBeforeItsEndClosesOnBoth(@ForAll long seed) {
    Random random = new Random(seed);
    Deal deal = new Deal(SCTP, random, true);
    deal.run(sctpHandshake(random));
    deal.exchange();

    deal.run(sctpEnd(random));
    deal.exchange();

    deal.assertEqual();
  }

  @Property(seed = "206", tries = 5_000, edgeCases = EdgeCasesMode.NONE)
  void noPacketsHoweverStrangeMakeAMemberClaimMoreThanItsFacts(@ForAll long seed) {
    Random random = new Random(seed);
    Watcher watcher = random.nextBoolean() ? Watcher.strict() : Watcher.thatPicksUp();
    boolean tcp = random.nextBoolean();
    SessionFacts before = new SessionFacts();
    for (int i = 0; i < 60; i++) {
      copy(watcher.facts(), before);
      Verdict verdict = tcp ? strangeSegment(watcher, random) : strangeChunks(watcher, random);

      TrackResult result = watcher.result();
      boolean same = before.equals(watcher.facts());
      assertEquals(!same || isNew(verdict), result.isChanged(), "packet " + i);
      if (verdict == Verdict.ACCEPT) {
        SessionFacts union = new SessionFacts();
        copy(watcher.facts(), union);
        union.merge(before);
        assertEquals(watcher.facts(), union, "facts of a generation only accumulate");
      } else if (!isNew(verdict)) {
        assertTrue(same, verdict + " changed facts");
      }
      assertEquals(verdict == Verdict.INVALID, result.invalidReason() != InvalidReason.NONE);
    }
  }

  private static boolean isNew(Verdict verdict) {
    return verdict == Verdict.CREATE || verdict == Verdict.NEW_GENERATION;
  }

  private static void copy(SessionFacts from, SessionFacts to) {
    to.clear();
    to.merge(from);
  }

  /** A packet of few values, so that numbers and tags often meet. */
  private static Verdict strangeSegment(Watcher watcher, Random random) {
    Direction direction = random.nextBoolean() ? FORWARD : REVERSE;
    int[] numbers = {0, 1, 2, 100, 101, 102, -1, Integer.MIN_VALUE};
    int a = numbers[random.nextInt(numbers.length)];
    int b = numbers[random.nextInt(numbers.length)];
    int[] flags = {Watcher.SYN, Watcher.SYN | Watcher.ACK, Watcher.ACK, random.nextInt(64)};
    return watcher.tcp(direction, flags[random.nextInt(flags.length)], a, b, random.nextInt(3));
  }

  private static Verdict strangeChunks(Watcher watcher, Random random) {
    Direction direction = random.nextBoolean() ? FORWARD : REVERSE;
    int tag = 1 + random.nextInt(3);
    switch (random.nextInt(6)) {
      case 0:
        return watcher.init(direction, random.nextInt(4));
      case 1:
        return watcher.initAck(direction, tag, random.nextInt(4));
      case 2:
        return watcher.reflected(direction, tag, random.nextInt(15));
      default:
        return watcher.chunks(direction, tag, random.nextInt(15), random.nextInt(15));
    }
  }

  private static List<Step> tcpHandshake(Random random) {
    return new TcpEnds(random).handshake();
  }

  private static List<Step> sctpHandshake(Random random) {
    int f = random.nextInt() | 1;
    int r = random.nextInt() | 1;
    List<Step> steps = new ArrayList<>();
    steps.add(w -> w.init(FORWARD, f));
    steps.add(w -> w.initAck(REVERSE, f, r));
    steps.add(w -> w.chunks(FORWARD, r, SctpTracker.COOKIE_ECHO, 0));
    steps.add(w -> w.chunks(REVERSE, f, SctpTracker.COOKIE_ACK, 3));
    steps.add(w -> w.chunks(FORWARD, r, 0));
    return steps;
  }

  private static List<Step> sctpEnd(Random random) {
    List<Step> steps = new ArrayList<>();
    if (random.nextBoolean()) {
      steps.add(w -> w.chunks(FORWARD, w.facts().isn(REVERSE), SctpTracker.ABORT));
      return steps;
    }
    steps.add(w -> w.chunks(FORWARD, w.facts().isn(REVERSE), SctpTracker.SHUTDOWN));
    steps.add(w -> w.chunks(REVERSE, w.facts().isn(FORWARD), SctpTracker.SHUTDOWN_ACK));
    steps.add(w -> w.chunks(FORWARD, w.facts().isn(REVERSE), SctpTracker.SHUTDOWN_COMPLETE));
    return steps;
  }

  /** Two TCP ends that do what they should. */
  private static final class TcpEnds {
    private final Random random;
    private final int[] sent = new int[2];

    TcpEnds(Random random) {
      this.random = random;
      sent[0] = random.nextInt();
      sent[1] = random.nextInt();
    }

    List<Step> handshake() {
      List<Step> steps = new ArrayList<>();
      int f = sent[0]++;
      int r = sent[1]++;
      steps.add(w -> w.syn(FORWARD, f));
      switch (random.nextInt(4)) {
        case 0 -> { // simultaneous open
          steps.add(w -> w.syn(REVERSE, r));
          steps.add(w -> w.synAck(REVERSE, r, f + 1));
          steps.add(w -> w.synAck(FORWARD, f, r + 1));
        }
        case 1 -> { // split handshake
          steps.add(w -> w.syn(REVERSE, r));
          steps.add(w -> w.synAck(FORWARD, f, r + 1));
          steps.add(w -> w.ack(REVERSE, r + 1, f + 1));
        }
        case 2 -> steps.add(w -> w.rstAck(REVERSE, 0, f + 1));
        default -> {
          steps.add(w -> w.synAck(REVERSE, r, f + 1));
          steps.add(w -> w.ack(FORWARD, f + 1, r + 1));
        }
      }
      return steps;
    }

    List<Step> dataAndEnd() {
      List<Step> steps = new ArrayList<>();
      int count = random.nextInt(6);
      for (int i = 0; i < count; i++) {
        steps.add(segment(random.nextInt(2), Watcher.ACK, random.nextInt(1_000)));
      }
      int first = random.nextInt(2);
      switch (random.nextInt(4)) {
        case 0 -> steps.add(segment(first, Watcher.RST | Watcher.ACK, 0));
        case 1 -> steps.add(segment(first, Watcher.FIN | Watcher.ACK, random.nextInt(9)));
        case 2 -> {
          steps.add(segment(first, Watcher.FIN | Watcher.ACK, 3));
          steps.add(segment(1 - first, Watcher.ACK, 100));
          steps.add(segment(1 - first, Watcher.FIN | Watcher.ACK, 0));
        }
        default -> {}
      }
      return steps;
    }

    List<Step> acknowledgementsOfBoth() {
      return List.of(segment(0, Watcher.ACK, 0), segment(1, Watcher.ACK, 0));
    }

    private Step segment(int from, int flags, int length) {
      int seq = sent[from];
      int ack = sent[1 - from];
      sent[from] += length + ((flags & Watcher.FIN) != 0 ? 1 : 0);
      Direction direction = Direction.values()[from];
      return w -> w.tcp(direction, flags, seq, ack, length);
    }
  }

  /** Deals the packets of one session to two members, and all of them to a third. */
  private static final class Deal {
    final Watcher first = Watcher.strict();
    final Watcher second = Watcher.strict();
    final Watcher all = Watcher.strict();
    private final int protocol;
    private final Random random;
    private final boolean byDirection;

    Deal(int protocol, Random random, boolean byDirection) {
      this.protocol = protocol;
      this.random = random;
      this.byDirection = byDirection;
    }

    void run(List<Step> steps) {
      for (Step step : steps) {
        boolean known = !first.facts().isEmpty();
        play(step);
        if (random.nextInt(4) == 0) {
          play(step); // a retransmission
        }
        if (!known || random.nextInt(3) == 0) {
          exchange(); // the create reaches the other member before any answer
        }
      }
    }

    private void play(Step step) {
      step.on(all);
      if (first.facts().isEmpty()) {
        step.on(first);
      } else if (byDirection) {
        step.on(all.lastDirection() == FORWARD ? first : second);
      } else {
        step.on(random.nextBoolean() ? first : second);
      }
    }

    void exchange() {
      first.mergeFrom(second);
      second.mergeFrom(first);
    }

    void assertEqual() {
      assertEquals(first.facts(), second.facts());
      assertEquals(
          all.state(protocol), first.state(protocol), () -> all.facts() + " / " + first.facts());
    }

    void assertEqualOrBehind() {
      TcpState whole = (TcpState) all.state(protocol);
      TcpState merged = (TcpState) first.state(protocol);
      boolean finNotAcknowledged =
          whole == TcpState.CLOSE_WAIT && merged == TcpState.FIN_WAIT
              || whole == TcpState.TIME_WAIT && merged == TcpState.LAST_ACK;
      boolean synNotAcknowledged = whole.isEstablished() && merged == TcpState.SYN_RECV;
      assertTrue(
          whole == merged || finNotAcknowledged || synNotAcknowledged, whole + " but " + merged);
    }
  }
}
