package io.understudy.ha;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Walks the right to decide through every state of a small world. {@code -Dright.walk.misses=4} walks a larger one, for minutes and with
 * gigabytes of memory.
 */
class RightWalkTest {
  private static final int LIMIT = 100_000_000;
  private static final int MISSES = Integer.getInteger("right.walk.misses", 3);

  private static StateWalk walk(Wording wording) {
    return wording == Wording.CLOCK_BEFORE_THE_KERNEL
        ? walk(wording, 2, 4)
        : walk(wording, 1, MISSES);
  }

  private static StateWalk walk(Wording wording, int interval, int detection) {
    RightSettings settings = new RightSettings(interval, 1, 1, detection, 1);
    return new StateWalk(new PairModel(wording, settings, detection, 1, 1, 2), LIMIT);
  }

  @Test
  void twoMembersNeverDecideBoth() {
    StateWalk walk = walk(Wording.RULE);

    assertEquals("", walk.run());
    assertTrue(walk.isComplete(), "more than " + LIMIT + " states");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RULE")
  void everyOtherWordingFalls(Wording wording) {
    String found = walk(wording).run();

    assertTrue(found.startsWith("both decide"), wording + " holds");
  }

  @Test
  void whoSleptDoesNotCountItsSleepAsSilence() {
    PeerLine line = line();
    line.judge(1_000);

    assertTrue(!line.isSilent(), "one turn adds one interval");
    for (int i = 1; i <= 5; i++) {
      line.judge(1_000 + i * 10);
    }
    assertTrue(line.isSilent());
  }

  /** Its turns are further apart than an interval, which must not begin the silence again. */
  @Test
  void slowStandbyClaims() {
    PeerLine line = line();
    for (int i = 1; i <= 5; i++) {
      line.judge(i * 25);
    }
    assertTrue(line.isSilent());
  }

  private static PeerLine line() {
    return line(1);
  }

  private static PeerLine line(int paths) {
    RightSettings settings = new RightSettings(10, 1, 1, 50, 0);
    PeerLine line = new PeerLine(settings, new ClaimTime(50), paths);
    line.begin(7, 0);
    line.read(7, 0);
    return line;
  }

  @Test
  void closedPathsMeanAnEndOnlyWhenTheHostRefusesADialBegunAfter() {
    PeerLine line = line();
    line.opened(0);
    line.refused(0, 5);
    line.closed(0, true, 10);
    assertTrue(!line.isClosed(20), "the dial was refused before");

    line.refused(0, 11);

    assertTrue(line.isClosed(20));
    assertTrue(!line.isClosed(10), "not before C passed");
    line.opened(0);
    assertTrue(!line.isClosed(30), "an answered dial");
  }

  /** The address of the other link is wrong, and its host refuses each dial. */
  @Test
  void aDialThatIsRefusedOnAPathThatNeverWasUpSaysNothing() {
    PeerLine line = line(2);
    line.opened(0);
    line.closed(0, true, 10);
    line.refused(1, 11);
    assertTrue(!line.isClosed(20));
    assertTrue(!line.isGone(10));

    line.refused(0, 12);
    assertTrue(line.isClosed(20));
  }

  @Test
  void aPathThatThisSideClosedMeansNothing() {
    PeerLine line = line();
    line.opened(0);
    line.closed(0, false, 10);

    line.refused(0, 11);

    assertTrue(!line.isClosed(30));
  }

  @Test
  void aClosedPathIsCountedOnUntilTheHostRefusesOrDPassed() {
    PeerLine line = line();
    line.opened(0);
    line.closed(0, true, 10);
    line.stamped();
    line.settle(12, 12, 12);
    assertTrue(!line.wasTaken(), "the peer may not know that it is closed");

    line.settle(60, 60, 60);
    assertTrue(line.wasTaken(), "D passed");
    line.closed(0, true, 70);
    line.refused(0, 71);
    line.settle(72, 72, 72);
    assertTrue(line.wasTaken(), "nobody listens there");
  }

  @Test
  void anotherLifeOfThePeerDoesNotEndTheSilence() {
    PeerLine line = line();
    for (int i = 1; i <= 5; i++) {
      line.read(8, i * 10);
      line.judge(i * 10);
    }
    assertTrue(line.isSilent());
  }

  @Test
  void aLowerClaimTimeIsUsedAtOnceAHigherOneWhenItsReloadWasEchoed() {
    ClaimTime own = new ClaimTime(80);

    assertTrue(own.change(40));
    assertEquals(40, own.usedNs());
    assertTrue(!own.change(80));
    assertEquals(40, own.usedNs(), "nobody echoed it");
    own.echoed(0);
    assertEquals(40, own.usedNs(), "an echo of the same value, set by another reload");
    own.echoed(2);
    assertEquals(80, own.usedNs());
  }

  @Test
  void ofTwoPathsThatReorderTheLaterReloadCounts() {
    PeerLine line = line();
    line.toldDetection(2, 80);
    line.toldDetection(1, 40);

    assertEquals(80, line.claimNs());
  }

  @Test
  void aClaimAmongThreeNeedsTheOthersConsentToANumberSentSinceTheTermWasGivenUp() {
    ClaimTime own = new ClaimTime(50);
    RightSettings settings = new RightSettings(10, 1, 1, 50, 0);
    PeerLine dead = new PeerLine(settings, own, 1);
    PeerLine other = new PeerLine(settings, own, 1);
    dead.begin(1, 0);
    other.begin(2, 0);
    DecisionRight right = new DecisionRight(settings, own, dead, other);
    right.gaveUp(100);
    right.judge(110);
    right.consented(1, 90);
    assertTrue(!right.mayClaim(0, true, false, false), "it agreed before it knew");

    right.consented(1, 105);
    assertTrue(right.mayClaim(0, true, false, false));
    right.claim(0);
    right.settle(111, 112);

    assertEquals(105 + settings.rightNs(50), right.untilNs(), "as long as the consent lasts");
  }

  @Test
  void anEndedRightAnswersNothingBeforeTheBatchIsOver() {
    ClaimTime own = new ClaimTime(50);
    RightSettings settings = new RightSettings(10, 5, 5, 50, 0);
    DecisionRight right = new DecisionRight(settings, own);
    right.judge(100);
    right.claim(DecisionRight.NOBODY);
    right.settle(100, 101);
    assertTrue(right.mayDecide(110));

    right.end(110);

    assertTrue(!right.mayDecide(110));
    assertTrue(!right.mayAnswer(114));
    assertTrue(right.mayAnswer(115));
  }
}
