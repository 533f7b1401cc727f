package io.understudy.track;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import org.junit.jupiter.api.Test;

class FactWordsTest {
  private static final int AT = 2;

  @Test
  void layoutIsTheContract() {
    SessionFacts facts = new SessionFacts();
    facts.isn(Direction.FORWARD, 0x89ABCDEF);
    facts.isn(Direction.REVERSE, 0xFEDCBA98);
    facts.fin(Direction.FORWARD, 0x80000001);
    facts.fin(Direction.REVERSE, 0xFFFFFFFF);
    facts.options(Direction.FORWARD, FactWords.options(1460, 7, true, false));
    facts.options(Direction.REVERSE, FactWords.options(0xFFFF, 15, false, true));
    facts.add(Direction.FORWARD, 0x3FF);
    facts.add(Direction.REVERSE, 0x155);
    long[] words = new long[AT + FactWords.WORDS];

    facts.store(words, AT);

    assertEquals(0x89ABCDEF_FEDCBA98L, words[AT]);
    assertEquals(0x80000001_FFFFFFFFL, words[AT + 1]);
    long forward = 1460L << 6 | 7 << 2 | 2;
    long reverse = 0xFFFFL << 6 | 15 << 2 | 1;
    assertEquals(forward << 42 | reverse << 20 | 0x3FFL << 10 | 0x155, words[AT + 2]);
  }

  @Test
  void optionsComeBackAsTheyWentIn() {
    int options = FactWords.options(1460, 7, true, false);

    assertEquals(1460, FactWords.mss(options));
    assertEquals(7, FactWords.windowScale(options));
    assertTrue(FactWords.hasSack(options));
    assertFalse(FactWords.hasTimestamps(options));
  }

  @Test
  void synWithoutOptionsIsNotMistakenForNoSyn() {
    Watcher member = Watcher.strict();

    member.syn(Direction.FORWARD, 100);

    int options = member.facts().options(Direction.FORWARD);
    assertEquals(536, FactWords.mss(options));
    assertEquals(PacketView.NO_WINDOW_SCALE, FactWords.windowScale(options));
    assertEquals(0, member.facts().options(Direction.REVERSE));
  }

  @Test
  void optionsOutOfRangeCountAsMissing() {
    PacketView packet = new PacketView();
    SessionFacts facts = new SessionFacts();
    packet.begin(6).tcp(PacketView.SYN, 1, 0, 1024, 0).tcpOptions(-1, -1, true, true);

    new ConnectionTracker(false).track(packet, Direction.FORWARD, facts, new TrackResult());

    int options = facts.options(Direction.FORWARD);
    assertEquals(536, FactWords.mss(options));
    assertEquals(15, FactWords.windowScale(options));
  }

  @Test
  void turningRoundExchangesEveryValueOfTheTwoDirections() {
    long[] words = {1L << 32 | 2, 3L << 32 | 4, FactWords.word2(5, 6, 7, 8)};

    FactWords.swapDirections(words, 0);

    assertArrayEquals(new long[] {2L << 32 | 1, 4L << 32 | 3, FactWords.word2(6, 5, 8, 7)}, words);
  }

  @Test
  void mergeSaysWhatGrew() {
    long[] into = {1L << 32 | 1, 0, FactWords.word2(5, 5, 1, 1)};

    assertEquals(0, FactWords.merge(into, 0, into.clone(), 0));
    assertEquals(
        FactWords.CHANGED_BITS,
        FactWords.merge(into, 0, new long[] {0, 0, FactWords.word2(0, 0, 2, 0)}, 0));
    assertEquals(
        FactWords.CHANGED_FORWARD_OPENING,
        FactWords.merge(into, 0, new long[] {2L << 32, 0, 0}, 0));
    assertEquals(
        FactWords.CHANGED_REVERSE_OPENING,
        FactWords.merge(into, 0, new long[] {0, 0, FactWords.word2(0, 6, 0, 0)}, 0));
    assertEquals(
        FactWords.CHANGED_FORWARD_FIN | FactWords.CHANGED_REVERSE_FIN,
        FactWords.merge(into, 0, new long[] {0, 9L << 32 | 9, 0}, 0));
  }

  @Test
  void largerMeansUnsigned() {
    long[] into = {0x7FFFFFFFL, 0, 0};

    FactWords.merge(into, 0, new long[] {0x80000000L, 0, 0}, 0);

    assertEquals(0x80000000L, into[0]);
  }

  @Test
  void crossedOpeningsAreStillOpenings() {
    assertTrue(isOpeningOnly(1, 0));
    assertTrue(isOpeningOnly(0, 1));
    assertTrue(isOpeningOnly(1, 1));
    assertFalse(isOpeningOnly(0, 0));
    assertFalse(isOpeningOnly(3, 0));
    assertFalse(isOpeningOnly(1, 2));
  }

  @Test
  void twoCreatorsOfASimultaneousOpenJoinIntoOneSession() {
    Watcher first = Watcher.strict();
    Watcher second = Watcher.strict();
    first.syn(Direction.FORWARD, 100);
    second.syn(Direction.FORWARD, 900); // forward for it: it saw the other end's SYN first
    long[] words = new long[FactWords.WORDS];
    long[] others = new long[FactWords.WORDS];
    first.facts().store(words, 0);
    second.facts().store(others, 0);

    FactWords.swapDirections(others, 0);
    FactWords.merge(words, 0, others, 0);

    assertEquals(TcpState.SYN_SENT2, SessionState.of(6, words, 0));
    assertEquals(100, FactWords.forwardIsn(words, 0));
    assertEquals(900, FactWords.reverseIsn(words, 0));
    assertTrue(FactWords.isOpeningOnly(words, 0));
  }

  private static boolean isOpeningOnly(int forwardBits, int reverseBits) {
    long[] words = {7, 0, FactWords.word2(3, 3, forwardBits, reverseBits)};
    return FactWords.isOpeningOnly(words, 0);
  }
}
