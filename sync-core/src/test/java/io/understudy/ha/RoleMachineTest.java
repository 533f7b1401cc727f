package io.understudy.ha;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.proto.v1.GroupStatus;
import io.understudy.proto.v1.Heartbeat;
import io.understudy.proto.v1.PathHeard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Member 1 of a group; what its peers 2 and 3 say is written by hand. */
class RoleMachineTest {
  private static final int GROUP = 1;
  private static final long MS = 1_000_000;
  private static final long BOOT_HOLD_NS = 2_000 * MS;

  private final Recorder actions = new Recorder();
  private RoleMachine roles = machine(0);
  private final Map<Integer, Long> sequences = new HashMap<>();
  private long nowNs = MS;
  private long stampNs;
  private long detectionOf2Ns = 800 * MS;

  /** @param former a number that no term of its former lives was above */
  private RoleMachine machine(long former) {
    return new RoleMachine(
        new Self(1, 1_001),
        new RoleSettings(100 * MS, 800 * MS, 5 * MS, 20 * MS, 1, BOOT_HOLD_NS),
        List.of(2, 3),
        Map.of(GROUP, 100),
        List.of(GROUP),
        Map.of(GROUP, former),
        actions);
  }

  private static GroupStatus.Builder knowsNothing() {
    return GroupStatus.newBuilder().setGroup(GROUP).setPriority(50).setGaveUp(1);
  }

  private static io.understudy.proto.v1.Term term(long number, int node) {
    return io.understudy.proto.v1.Term.newBuilder().setNumber(number).setNode(node).build();
  }

  /** A heartbeat that answers the last one. */
  private void say(int peer, GroupStatus.Builder status) {
    hear(peer, status);
    turn();
  }

  private void hear(int peer, GroupStatus.Builder status) {
    roles.onHeard(peer);
    Heartbeat heartbeat =
        Heartbeat.newBuilder()
            .setSequence(sequences.merge(peer, 1L, Long::sum))
            .setNumber(nowNs)
            .setDetectionNs(peer == 2 ? detectionOf2Ns : 800 * MS)
            .setLeaves(leaves && peer == 3)
            .addHeard(PathHeard.newBuilder().setNumber(stampNs))
            .addGroups(status)
            .build();
    roles.onHeartbeat(peer, 0, heartbeat, nowNs);
  }

  /** A turn that says something, and the clock after it. */
  private void turn() {
    roles.run(nowNs, nowNs);
    stampNs = ++nowNs;
    roles.stamp(stampNs);
    roles.run(nowNs, nowNs);
  }

  private void meet(int peer) {
    roles.onIncarnation(peer, 1_000 + peer, nowNs);
    roles.onConnected(peer, 0);
  }

  private GroupStatus said() {
    return roles.statuses(nowNs).get(0);
  }

  private void waitFor(long ns) {
    for (long end = nowNs + ns; nowNs < end; nowNs += 50 * MS) {
      turn();
    }
  }

  private void claimAsOrigin() {
    turn();
    meet(2);
    meet(3);
    turn();
    hear(2, knowsNothing());
    hear(3, knowsNothing());
    turn();
    assertEquals(new Term(1, 1), roles.term(GROUP));
    actions.roles.clear();
    actions.terms.clear();
    actions.announced.clear();
  }

  /** Its peers' own heartbeats may come further apart than a right lasts. */
  @Test
  void holderWhoseRightRanOutAsksItsPeersUntilItIsBack() {
    claimAsOrigin();
    turn();
    actions.asked = 0;
    nowNs += 700 * MS; // it slept

    turn();
    assertEquals(Role.FENCED, roles.role(GROUP));
    assertEquals(1, actions.asked);
    nowNs += 99 * MS;
    turn();
    assertEquals(1, actions.asked, "nobody has answered: more questions would only queue");
    nowNs += MS;
    turn();
    assertEquals(2, actions.asked, "an interval later");

    GroupStatus.Builder follows = knowsNothing().setTerm(term(1, 1)).setHolderAlive(true);
    hear(2, follows);
    hear(3, follows);
    turn();
    assertTrue(roles.mayDecide(GROUP, nowNs));
    nowNs += 50 * MS;
    turn();
    assertEquals(2, actions.asked);
  }

  @Test
  void whoeverWasAnsweredAsksAgainATenthOfAnIntervalLater() {
    turn();
    meet(2);
    meet(3);
    turn();
    int before = actions.asked;

    for (int i = 0; i < 10; i++) {
      nowNs += 10 * MS;
      hear(2, knowsNothing().setHasRecords(true));
      hear(3, knowsNothing());
      turn();
    }

    assertEquals(10, actions.asked - before);
  }

  /** Seed 28003166: a path takes a frame in 17 ms, questions came each 10 ms, and every answer was 1.6 s old. */
  @Test
  void whoeverIsAnsweredLateIsNotAskedSooner() {
    claimAsOrigin();
    long oldNs = stampNs;
    waitFor(1_100 * MS);
    GroupStatus.Builder follows = knowsNothing().setTerm(term(1, 1)).setHolderAlive(true);
    nowNs += 700 * MS; // the right runs out, and old numbers still come back
    turn();
    actions.asked = 0;
    for (int i = 0; i < 9; i++) {
      nowNs += 10 * MS;
      long lastNs = stampNs;
      stampNs = oldNs + 1 + i;
      hear(2, follows);
      stampNs = lastNs;
      hear(3, follows);
      turn();
    }
    assertEquals(Role.FENCED, roles.role(GROUP));
    assertTrue(actions.asked <= 1, actions.asked + " questions in less than an interval");
  }

  @Test
  void whoeverIsAskedAnswersAtOnceButNotWithoutEnd() {
    claimAsOrigin();
    int before = actions.repeated;

    for (int i = 0; i < 100; i++) {
      nowNs += MS / 10;
      Heartbeat asks =
          Heartbeat.newBuilder()
              .setSequence(sequences.merge(2, 1L, Long::sum))
              .setNumber(nowNs)
              .setDetectionNs(800 * MS)
              .setAsks(true)
              .addGroups(knowsNothing().setTerm(term(1, 1)).setHolderAlive(true))
              .build();
      roles.onHeartbeat(2, 0, asks, nowNs);
    }

    assertEquals(10, actions.repeated - before);
    nowNs += MS;
    turn();
    assertEquals(11, actions.repeated - before, "who asked in between is answered, later");
  }

  @Test
  void numbersOfFormerLivesAreToldToNobodyAndNotUsedAgain() {
    roles = machine(40);
    turn();
    meet(2);
    meet(3);
    assertEquals(term(0, 0), said().getTerm());
    assertEquals(40, roles.highestNumber(GROUP));

    say(2, knowsNothing());
    say(3, knowsNothing());

    assertEquals(new Term(41, 1), roles.term(GROUP));
  }

  /** Two that had followed different holders each waited for the other, since a third knew of a number above both. */
  @Test
  void whoeverLostItsHolderGivesUpTheNumbersAboveThatNobodyServes() {
    turn();
    meet(2);
    meet(3);
    say(2, knowsNothing().setTerm(term(2, 2)).setHolds(true).setHolderAlive(true));
    say(3, knowsNothing().setTerm(term(3, 0)).setGaveUp(4));
    assertEquals(new Term(2, 2), roles.term(GROUP));

    say(2, knowsNothing().setTerm(term(2, 2)).setGaveUp(3).setEnded(3));

    assertEquals(4, said().getGaveUp());
    assertEquals(term(3, 0), said().getTerm());
  }

  @Test
  void whoeverLostItsHolderDoesNotGiveUpWhatSomebodyServes() {
    turn();
    meet(2);
    meet(3);
    say(2, knowsNothing().setTerm(term(2, 2)).setHolds(true).setHolderAlive(true));
    hear(3, knowsNothing().setTerm(term(5, 4)).setUnsynced(false).setHolderAlive(true));

    say(2, knowsNothing().setTerm(term(2, 2)).setGaveUp(3).setEnded(3));

    assertEquals(3, said().getGaveUp());
  }

  @Test
  void firstClaimIsHistoryOnceEverybodySaidThatThereIsNone() {
    claimAsOrigin();

    assertEquals(term(1, 1), said().getHistory());
    assertFalse(said().getUnsynced());
  }

  @Test
  void claimThatNobodyAnsweredKeepsNoHistory() {
    waitFor(BOOT_HOLD_NS + 100 * MS);

    assertTrue(roles.holds(GROUP));
    assertEquals(term(0, 0), said().getHistory());
    assertTrue(said().getUnsynced());
  }

  @Test
  void claimThatNobodyAnsweredBecomesHistoryWhenEverybodySaysThatThereIsNone() {
    waitFor(BOOT_HOLD_NS + 100 * MS);
    meet(2);
    say(2, knowsNothing());
    assertTrue(said().getUnsynced());

    meet(3);
    say(3, knowsNothing());
    turn();

    assertFalse(said().getUnsynced());
    assertEquals(term(1, 1), said().getHistory());
  }

  @Test
  void holderWithHistoryClaimsAboveATermThatBeganWithout() {
    claimAsOrigin();

    say(
        2,
        knowsNothing().setTerm(term(4, 2)).setHolds(true).setHolderAlive(true).setUnsynced(true));

    assertEquals(new Term(5, 1), roles.term(GROUP));
    assertEquals(List.of(Role.FENCED), actions.roles); // it holds the group, and the other one may
  }

  @Test
  void holderWithHistoryClaimsAboveATermOfTheSameNumberThatBeganWithout() {
    claimAsOrigin();

    say(
        2,
        knowsNothing().setTerm(term(1, 2)).setHolds(true).setHolderAlive(true).setUnsynced(true));

    assertEquals(new Term(3, 1), roles.term(GROUP));
  }

  @Test
  void holderWithHistoryClaimsAboveATermThatItHearsOfFromAFollower() {
    claimAsOrigin();

    say(3, knowsNothing().setTerm(term(4, 2)).setHolderAlive(true).setUnsynced(true));

    assertEquals(new Term(5, 1), roles.term(GROUP));
  }

  @Test
  void holderFollowsAHigherTermThatBeganWithHistory() {
    claimAsOrigin();

    say(2, knowsNothing().setTerm(term(4, 2)).setHolds(true).setHistory(term(4, 2)));

    assertEquals(new Term(4, 2), roles.term(GROUP));
    assertFalse(roles.holds(GROUP));
  }

  @Test
  void holderWithoutHistoryFollowsAHigherTermThatBeganWithoutToo() {
    waitFor(BOOT_HOLD_NS + 100 * MS);
    meet(2);

    say(2, knowsNothing().setTerm(term(4, 2)).setHolds(true).setUnsynced(true));

    assertEquals(new Term(4, 2), roles.term(GROUP));
  }

  @Test
  void memberWithHistoryClaimsAgainstAHolderThatHasNone() {
    turn();
    meet(2);
    say(2, knowsNothing().setTerm(term(1, 2)).setHolds(true).setHistory(term(1, 2)));
    roles.onBulkReceived(GROUP, new Term(1, 2));
    turn();
    assertEquals(Role.STANDBY, roles.role(GROUP));
    meet(3);
    say(
        3,
        knowsNothing().setTerm(term(2, 3)).setHolds(true).setHolderAlive(true).setUnsynced(true));
    assertEquals(Role.STANDBY, roles.role(GROUP));

    for (int i = 0; i < 20; i++) { // member 2 is silent
      nowNs += 50 * MS;
      say(
          3,
          knowsNothing().setTerm(term(2, 3)).setHolds(true).setHolderAlive(true).setUnsynced(true));
    }

    assertEquals(new Term(3, 1), roles.term(GROUP));
    assertFalse(said().getUnsynced());
  }

  @Test
  void memberWithHistoryClaimsAgainstItsFormerHolderThatIsBackWithNone() {
    turn();
    meet(2);
    say(2, knowsNothing().setTerm(term(1, 2)).setHolds(true).setHistory(term(1, 2)));
    roles.onBulkReceived(GROUP, new Term(1, 2));
    turn();
    roles.onDisconnected(2, 0, false, nowNs);
    roles.onIncarnation(2, 2_002, nowNs);
    sequences.remove(2);

    for (int i = 0;
        i < 20;
        i++) { // until its former life is silent for as long as it could have decided
      nowNs += 50 * MS;
      say(
          2,
          knowsNothing().setTerm(term(2, 2)).setHolds(true).setHolderAlive(true).setUnsynced(true));
    }

    assertEquals(new Term(3, 1), roles.term(GROUP));
    assertFalse(roles.mayDecide(GROUP, nowNs), "the other one may");
  }

  /** Seed 21004962: the one gave up each number that it heard, the other went on above it, 5,000 times a second. */
  @Test
  void memberWithHistoryDoesNotGiveUpTheNumbersOfAHolderWithout() {
    turn();
    meet(2);
    meet(3);
    say(2, knowsNothing().setTerm(term(1, 2)).setHolds(true).setHistory(term(1, 2)));
    roles.onBulkReceived(GROUP, new Term(1, 2));
    roles.onDisconnected(2, 0, false, nowNs);
    for (int i = 0; i < 20; i++) {
      nowNs += 50 * MS;
      say(3, followsAHolderWithoutHistory());
    }
    assertEquals(2, said().getGaveUp()); // 1

    roles.onIncarnation(2, 2_002, nowNs);
    sequences.remove(2);
    say(2, followsAHolderWithoutHistory().setHolds(true));
    say(3, followsAHolderWithoutHistory());

    assertFalse(roles.holds(GROUP), "its former life may still decide");
    assertEquals(2, said().getGaveUp());
  }

  /** The other one does not hear that holder, and can claim only by this member's word. */
  @Test
  void numberOfAHolderWithoutHistoryIsGivenUpForAMemberThatGoesBeforeThisOne() {
    turn();
    meet(2);
    meet(3);
    say(3, knowsNothing().setTerm(term(2, 3)).setHolds(true).setHolderAlive(true));
    roles.onBulkReceived(GROUP, new Term(2, 3));
    GroupStatus.Builder unsynced =
        knowsNothing().setTerm(term(5, 2)).setHolds(true).setHolderAlive(true).setUnsynced(true);
    GroupStatus.Builder waits =
        knowsNothing().setTerm(term(2, 3)).setGaveUp(3).setEnded(3).setHistory(term(2, 3));
    say(3, waits.setApplied(9));
    assertEquals(3, said().getGaveUp());

    say(2, unsynced);

    assertEquals(6, said().getGaveUp());
    assertFalse(roles.holds(GROUP));
  }

  @Test
  void holderWithoutHistoryGoesNotAboveTheNumberThatAMemberWithHistoryGivesUp() {
    waitFor(BOOT_HOLD_NS + 100 * MS);
    assertTrue(said().getUnsynced());
    meet(2);

    say(2, knowsNothing().setGaveUp(5).setHistory(term(1, 3)));
    assertEquals(new Term(1, 1), roles.term(GROUP));
    say(2, knowsNothing().setGaveUp(5).setHistory(term(1, 3)).setPriority(0));
    assertEquals(new Term(6, 1), roles.term(GROUP), "it may not hold the group, and may follow");
  }

  private static GroupStatus.Builder followsAHolderWithoutHistory() {
    return knowsNothing().setTerm(term(17, 2)).setHolderAlive(true).setUnsynced(true);
  }

  /** Seed 33014707: a third member, which refuses the one and follows the other, tells both of a number above theirs. */
  @Test
  void holderWithoutHistoryDoesNotGoAboveANumberWhileAnotherOneHoldsWithHistory() {
    waitFor(BOOT_HOLD_NS + 100 * MS);
    assertTrue(roles.isUnsynced(GROUP));
    meet(2);
    meet(3);
    GroupStatus.Builder history = knowsNothing().setHistory(term(1, 2));
    hear(2, history.clone().setTerm(term(1, 0)).setHolds(true).setHolderAlive(true));
    say(3, history.clone().setTerm(term(2, 0)).setGaveUp(0));
    assertEquals(new Term(1, 1), roles.term(GROUP));

    say(2, history.clone().setTerm(term(3, 2)).setHolds(true).setHolderAlive(true));
    assertEquals(new Term(3, 2), roles.term(GROUP));
  }

  /** Seed 22000056: its former life was the last that had been met, and the term was taken for that one's, which is over. */
  @Test
  void termThatAnotherMemberToldOfIsItsHoldersPresentLifes() {
    turn();
    meet(2);
    meet(3);
    say(3, knowsNothing());
    roles.onTermLearnt(GROUP, new Term(2, 2), false, nowNs);
    turn();
    roles.onDisconnected(2, 0, false, nowNs);
    roles.onIncarnation(2, 2_002, nowNs);
    roles.onConnected(2, 0);
    sequences.remove(2);

    for (int i = 0; i < 40; i++) {
      nowNs += 50 * MS;
      hear(3, knowsNothing().setTerm(term(2, 2)).setHolderAlive(true));
      say(2, knowsNothing().setTerm(term(2, 2)).setHolds(true).setHistory(term(2, 2)));
      assertEquals(Role.SYNCING, roles.role(GROUP));
    }
  }

  /**
   * Seed 41001466: a second process with the holder's node id, whose claim time was shorter, had claimed behind a cut and given way, and the
   * holder itself was cut off.
   */
  @Test
  void whatAnotherLifeOfTheHolderEndedDoesNotEndTheTermThatIsFollowed() {
    turn();
    meet(2);
    meet(3);
    GroupStatus.Builder follows = knowsNothing().setTerm(term(1, 2)).setHolderAlive(true);
    say(2, knowsNothing().setTerm(term(1, 2)).setHolds(true).setHolderAlive(true));
    say(3, follows);
    holderComesBackInAnotherLife();
    long endNs = nowNs + 800 * MS;

    while (nowNs < endNs) {
      hear(3, follows);
      say(2, knowsNothing().setTerm(term(17, 0)).setEnded(18).setGaveUp(18));
      assertTrue(said().getHolderAlive(), "the life that held the term said 800 ms");
      nowNs += 50 * MS;
    }

    for (int i = 0; i < 4; i++) {
      hear(3, follows);
      say(2, knowsNothing().setTerm(term(17, 0)).setEnded(18).setGaveUp(18));
      nowNs += 50 * MS;
    }
    assertFalse(said().getHolderAlive());
  }

  private void holderComesBackInAnotherLife() {
    roles.onDisconnected(2, 0, false, nowNs);
    roles.onIncarnation(2, 2_002, nowNs);
    roles.onConnected(2, 0);
    sequences.remove(2);
    detectionOf2Ns = 300 * MS;
  }

  /** It is a second process, and the one that was followed is cut off: nobody may claim before its own claim time is over. */
  private void assertHeldBackByTheFormerLife(
      GroupStatus.Builder holds, GroupStatus.Builder ended, long number) {
    turn();
    meet(2);
    meet(3);
    GroupStatus.Builder follows = knowsNothing().setTerm(term(1, 2)).setHolderAlive(true);
    say(2, knowsNothing().setTerm(term(1, 2)).setHolds(true).setHolderAlive(true));
    say(3, follows);
    holderComesBackInAnotherLife();
    long endNs = nowNs + 900 * MS;
    say(2, holds);
    assertEquals(new Term(number, 2), roles.term(GROUP));

    GroupStatus.Builder gaveUp = knowsNothing().setTerm(term(number, 2)).setGaveUp(number + 1);
    while (nowNs < endNs - 50 * MS) {
      hear(3, gaveUp);
      say(2, ended);
      assertTrue(said().getHolderAlive());
      nowNs += 50 * MS;
    }
    nowNs = endNs;
    say(2, ended);
    assertFalse(said().getHolderAlive());
  }

  @Test
  void higherTermOfAnotherLifeOfTheHolderIsFollowedAndTheFormerLifeIsWaitedFor() {
    GroupStatus.Builder status = knowsNothing().setTerm(term(17, 2));
    assertHeldBackByTheFormerLife(
        status.clone().setHolds(true).setHolderAlive(true),
        status.clone().setEnded(18).setGaveUp(18),
        17);
  }

  @Test
  void sameTermOfAnotherLifeOfTheHolderDoesNotReplaceTheOneThatIsFollowed() {
    GroupStatus.Builder status = knowsNothing().setTerm(term(1, 2));
    assertHeldBackByTheFormerLife(
        status.clone().setHolds(true).setHolderAlive(true),
        status.clone().setEnded(2).setGaveUp(2),
        1);
  }

  /** A third member told of the term before the two met, and they refuse each other: it says that it hears the holder all the same. */
  @Test
  void holderThatIsRefusedFromTheBeginningIsNotGivenUp() {
    turn();
    roles.onRefusedLife(2, 2, 2_002, 800 * MS, nowNs);
    roles.onConnected(2, 0);
    meet(3);
    GroupStatus.Builder holds =
        knowsNothing().setTerm(term(5, 2)).setHolds(true).setHolderAlive(true);
    say(2, holds);
    roles.onTermLearnt(GROUP, new Term(5, 2), false, nowNs);

    for (int i = 0; i < 40; i++) {
      hear(3, knowsNothing().setTerm(term(5, 2)).setHolderAlive(true));
      say(2, holds);
      assertTrue(said().getHolderAlive());
      nowNs += 50 * MS;
    }
  }

  @Test
  void peerThatDoesNotNameAGroupHasNoPartInIt() {
    turn();
    meet(2);
    meet(3);
    GroupStatus.Builder other = knowsNothing().setGroup(7);
    say(2, other);
    say(3, knowsNothing());
    assertTrue(roles.holds(GROUP), "it is no reason to wait");
    assertFalse(said().getUnsynced(), "nobody has any history");
    assertFalse(roles.isNamedBy(2, GROUP));
    assertTrue(roles.isNamedBy(3, GROUP));

    nowNs += 900 * MS; // this member slept
    turn();
    assertEquals(Role.FENCED, roles.role(GROUP));
    hear(2, other);
    say(3, knowsNothing().setTerm(term(1, 1)).setHolderAlive(true));
    assertTrue(roles.mayDecide(GROUP, nowNs));
  }

  @Test
  void anotherHolderThatIsOverBeforeThisMembersTermIsNoSplitToHeal() {
    claimAsOrigin();
    turn();
    GroupStatus.Builder holds = knowsNothing().setHolds(true).setHolderAlive(true);
    hear(3, holds.clone().setTerm(term(0, 3)));
    say(2, holds.clone().setTerm(term(6, 2)));
    assertEquals(new Term(6, 2), roles.term(GROUP));
    actions.announced.clear();

    hear(3, knowsNothing().setTerm(term(6, 2)).setGaveUp(7).setPriority(0));
    say(2, knowsNothing().setTerm(term(6, 2)).setGaveUp(7).setEnded(7).setPriority(0));
    for (int i = 0; i < 4 && !roles.holds(GROUP); i++) {
      hear(3, knowsNothing().setTerm(term(6, 2)).setGaveUp(7).setPriority(0));
      say(2, knowsNothing().setTerm(term(6, 2)).setGaveUp(7).setEnded(7).setPriority(0));
    }

    turn();
    assertTrue(roles.holds(GROUP));
    assertEquals(List.of("RIGHT_BEGAN"), actions.announced);
  }

  @Test
  void whoeverSyncsWithAHolderWithoutHistoryHasNoneEither() {
    turn();
    meet(2);
    GroupStatus.Builder holder =
        knowsNothing().setTerm(term(1, 2)).setHolds(true).setHolderAlive(true);
    say(2, holder.clone().setUnsynced(true));
    roles.onBulkReceived(GROUP, new Term(1, 2));
    turn();
    assertEquals(Role.STANDBY, roles.role(GROUP));
    assertEquals(term(0, 0), said().getHistory());

    say(2, holder.clone().setHistory(term(1, 2)));

    assertEquals(term(1, 2), said().getHistory());
  }

  /** The batch was faster than the heartbeat. */
  @Test
  void holderWithHistoryDoesNotFollowAHigherTermWithoutHistoryByABatch() {
    claimAsOrigin();

    roles.onTermLearnt(GROUP, new Term(2, 2), true, nowNs);

    assertEquals(new Term(1, 1), roles.term(GROUP));
    assertTrue(roles.holds(GROUP));
  }

  @Test
  void memberThatHearsOfATermWithoutHistoryByABatchHasNoneFromItsBulk() {
    turn();
    meet(2);
    say(2, knowsNothing());
    roles.onTermLearnt(GROUP, new Term(2, 2), true, nowNs);
    roles.onBulkReceived(GROUP, new Term(2, 2));
    turn();

    assertEquals(Role.STANDBY, roles.role(GROUP));
    assertEquals(term(0, 0), said().getHistory());
  }

  /** Member 3 was faster with the new term than its holder, whose last status is from before its claim. */
  private void learnTermOfMember2FromMember3() {
    turn();
    meet(2);
    meet(3);
    say(2, knowsNothing().setTerm(term(1, 3)));
    say(3, knowsNothing().setTerm(term(1, 3)));
    roles.onTermLearnt(GROUP, new Term(2, 2), false, nowNs);
  }

  @Test
  void memberThatIsSentTheNewTermsRecordsDoesNotClaimAgainstItsHolder() {
    learnTermOfMember2FromMember3();

    roles.onApplied(GROUP, 16);
    turn();
    assertEquals(Role.SYNCING, roles.role(GROUP));
    roles.onBulkReceived(GROUP, new Term(2, 2));
    turn();

    assertEquals(Role.STANDBY, roles.role(GROUP));
    assertEquals(new Term(2, 2), roles.term(GROUP));
  }

  @Test
  void memberThatGotAnEmptyBulkDoesNotClaimAgainstItsSender() {
    learnTermOfMember2FromMember3();

    roles.onBulkReceived(GROUP, new Term(2, 2));
    turn();

    assertEquals(new Term(2, 2), roles.term(GROUP));
  }

  @Test
  void memberClaimsWhenTheHolderThatSentItsRecordsIsBackWithNone() {
    learnTermOfMember2FromMember3();
    roles.onBulkReceived(GROUP, new Term(2, 2));
    turn();

    roles.onDisconnected(2, 0, false, nowNs);
    roles.onIncarnation(2, 2_002, nowNs);
    sequences.remove(2);
    for (int i = 0; i < 20; i++) {
      nowNs += 50 * MS;
      hear(3, knowsNothing().setTerm(term(2, 2)).setGaveUp(3));
      say(2, knowsNothing().setGaveUp(3));
    }

    assertEquals(new Term(3, 1), roles.term(GROUP));
  }

  @Test
  void holderGoesOnAboveANumberThatNobodyHolds() {
    claimAsOrigin();

    say(2, knowsNothing().setTerm(term(7, 0)).setHolderAlive(true)); // it hears this member

    assertEquals(new Term(8, 1), roles.term(GROUP));
    assertEquals(List.of(), actions.roles); // it never ceased to hold the group
    assertEquals(List.of(new Term(8, 1)), actions.terms);
  }

  @Test
  void holderThatCannotStoreAHigherNumberGoesOnAndTriesAgainASecondLater() {
    claimAsOrigin();
    actions.storeFails = true;
    say(2, knowsNothing().setTerm(term(7, 0)));
    for (int i = 0; i < 10; i++) {
      nowNs += 50 * MS;
      turn();
    }
    assertEquals(1, actions.failures);
    assertTrue(roles.mayDecide(GROUP, nowNs));
    actions.storeFails = false;

    waitFor(1_000 * MS);

    assertEquals(new Term(8, 1), roles.term(GROUP));
  }

  @Test
  void holderThatCannotStoreANumberAboveARivalsDecidesNothingUntilItCan() {
    claimAsOrigin();
    actions.storeFails = true;

    say(
        2,
        knowsNothing().setTerm(term(7, 2)).setHolds(true).setHolderAlive(true).setUnsynced(true));

    assertFalse(roles.mayDecide(GROUP, nowNs));
    actions.storeFails = false;
    waitFor(1_100 * MS);
    hear(3, knowsNothing().setTerm(term(8, 1)));
    say(2, knowsNothing().setTerm(term(8, 1)));
    assertTrue(roles.mayDecide(GROUP, nowNs));
    assertEquals(new Term(8, 1), roles.term(GROUP));
  }

  @Test
  void holderThatClaimsAboveARivalDecidesOnlyOnceTheRivalFollows() {
    claimAsOrigin();
    say(
        2,
        knowsNothing().setTerm(term(4, 2)).setHolds(true).setHolderAlive(true).setUnsynced(true));
    assertEquals(new Term(5, 1), roles.term(GROUP));
    assertFalse(roles.mayDecide(GROUP, nowNs));

    hear(3, knowsNothing().setTerm(term(5, 1)).setHolderAlive(true));
    say(2, knowsNothing().setTerm(term(5, 1)).setHolderAlive(true));

    assertTrue(roles.mayDecide(GROUP, nowNs));
    assertEquals(List.of("RIGHT_BEGAN"), actions.announced);
  }

  /** Seed 9960121: it followed before this member read that it held, and the switch had learnt the way to it last. */
  @Test
  void holderAnnouncesItselfWhenAnotherOneSaysThatItHeldTheGroup() {
    claimAsOrigin();
    turn();
    actions.announced.clear();

    say(2, knowsNothing().setTerm(term(1, 1)).setHolderAlive(true).setEnded(2));
    assertTrue(roles.mayDecide(GROUP, nowNs));
    assertEquals(List.of("SPLIT_HEALED"), actions.announced);

    say(2, knowsNothing().setTerm(term(1, 1)).setHolderAlive(true).setEnded(2));
    assertEquals(List.of("SPLIT_HEALED"), actions.announced, "it says no more than before");
  }

  /** Seed 45019118: a process with the peer's node id held the group behind a cut, and died while another one was heard in its place. */
  @Test
  void holderAnnouncesItselfWhenAPeerIsMetInAnotherLife() {
    claimAsOrigin();
    turn();
    actions.announced.clear();

    roles.onIncarnation(2, 2_002, nowNs);
    sequences.remove(2);
    hear(3, knowsNothing());
    say(2, knowsNothing());

    assertTrue(roles.mayDecide(GROUP, nowNs));
    assertEquals(List.of("PEER_UNHEARD"), actions.announced);
  }

  @Test
  void holderAnnouncesItselfWhenAPeerIsBackThatMayHaveHeldTheGroupUnheard() {
    claimAsOrigin();
    turn();
    actions.announced.clear();
    for (int i = 0; i < 40; i++) {
      nowNs += 50 * MS;
      hear(3, knowsNothing());
      turn();
    }
    assertEquals(List.of(), actions.announced);

    hear(3, knowsNothing());
    say(2, knowsNothing());

    assertTrue(roles.mayDecide(GROUP, nowNs));
    assertEquals("PEER_UNHEARD", actions.announced.get(actions.announced.size() - 1));
  }

  /** Its connections are open until it knows that its peers read of the end, and the next holder is heard on them. */
  @Test
  void memberThatHasEndedKeepsThatRoleWhateverItHears() {
    claimAsOrigin();
    roles.stopDeciding();
    roles.end(Role.CLOSED, "CLOSED", nowNs);

    say(2, knowsNothing().setTerm(term(2, 2)).setHolds(true).setHolderAlive(true));

    assertEquals(List.of(Role.CLOSED), actions.roles);
    assertEquals(Role.CLOSED, roles.role(GROUP));
  }

  /** It said rank 0 meanwhile, so that whoever consented may itself have claimed since. */
  @Test
  void consentToALowerRankCountsForNothingWhenTheRankRisesAgain() {
    turn();
    meet(2);
    meet(3);
    turn();
    actions.storeFails = true;
    hear(2, knowsNothing());
    hear(3, knowsNothing());
    turn();
    assertEquals(1, actions.failures);
    actions.storeFails = false;
    nowNs += 995 * MS; // a claim is tried again after 1 s
    hear(2, knowsNothing());
    hear(3, knowsNothing());
    turn();
    hear(2, knowsNothing());
    hear(3, knowsNothing());

    nowNs += 10 * MS;
    turn();

    assertFalse(roles.holds(GROUP));
    hear(2, knowsNothing());
    hear(3, knowsNothing());
    turn();
    assertTrue(roles.holds(GROUP));
  }

  // ---- refused members: peer 2 is one, peer 3 agrees with everybody

  private void meetRefused() {
    roles.onRefusedLife(2, 2, 2_002, 800 * MS, nowNs);
    roles.onConnected(2, 0);
  }

  private void startBesideARefusedMember(GroupStatus.Builder status) {
    turn();
    meetRefused();
    meet(3);
    hearThatNobodyHolds(status, BOOT_HOLD_NS + 500 * MS);
  }

  private void hearThatNobodyHolds(GroupStatus.Builder ofRefused, long ns) {
    for (long end = nowNs + ns; nowNs < end; nowNs += 50 * MS) {
      hear(3, knowsNothing().setPriority(0));
      say(2, ofRefused);
    }
  }

  /** Seed 42004819: its refusal was about to end, and it had all sessions. */
  @Test
  void whoeverHasNoHistoryWaitsTheBootHoldForOneThatIsRefused() {
    turn();
    meetRefused();
    meet(3);
    hearThatNobodyHolds(knowsNothing().setPriority(99), BOOT_HOLD_NS - 100 * MS);
    assertFalse(roles.holds(GROUP));

    hearThatNobodyHolds(knowsNothing().setPriority(99), 200 * MS);
    assertTrue(roles.holds(GROUP));
  }

  /** Seed 42002064: it heard of the number first, then the holder, and gave up each number that the holder was to take; 580 terms in 15 ms. */
  @Test
  void numberThatAHolderIsToTakeIsNotGivenUp() {
    turn();
    meet(2);
    meet(3);
    say(3, knowsNothing().setTerm(term(1, 2)).setGaveUp(2).setHistory(term(1, 2)));
    assertEquals(2, said().getGaveUp());

    say(2, knowsNothing().setTerm(term(1, 2)).setHolds(true).setHolderAlive(true));
    assertEquals(2, said().getGaveUp());

    say(2, knowsNothing().setTerm(term(2, 2)).setHolds(true).setHolderAlive(true));
    assertEquals(new Term(2, 2), roles.term(GROUP));
  }

  @Test
  void atAStartRankDecidesAmongRefusedMembersToo() {
    startBesideARefusedMember(knowsNothing().setPriority(99));

    assertTrue(roles.mayDecide(GROUP, nowNs - 50 * MS));
  }

  @Test
  void refusedMemberThatGoesBeforeThisOneIsWaitedFor() {
    startBesideARefusedMember(knowsNothing().setPriority(101));

    assertFalse(roles.holds(GROUP));
  }

  /** Seeds 60023668 and 61038558: its peers go on waiting for it, whoever they hear. */
  @Test
  void whoeverIsHeldBackByARefusedMemberSaysThatItWaits() {
    startBesideARefusedMember(knowsNothing().setPriority(101));
    assertTrue(said().getWaits());
    assertEquals(100, said().getPriority());

    hear(3, knowsNothing().setPriority(0));
    say(2, knowsNothing().setPriority(0));
    assertFalse(said().getWaits());
    assertFalse(roles.holds(GROUP), "who refuses it may have claimed meanwhile");

    hear(3, knowsNothing().setPriority(0));
    say(2, knowsNothing().setPriority(0));
    assertTrue(roles.holds(GROUP));
  }

  /** S goes before H by rank, B before S by history, H before B by rank: H says to B that it waits for S. */
  @Test
  void refusedMemberThatWaitsForAnotherOneIsNotWaitedFor() {
    startBesideARefusedMember(knowsNothing().setPriority(101).setWaits(true));

    assertTrue(roles.holds(GROUP));
  }

  @Test
  void whoeverWaitsForAPeerSaysSoToo() {
    turn();
    meetRefused();
    meet(3);
    for (int i = 0; i < 60; i++) {
      nowNs += 50 * MS;
      hear(3, knowsNothing().setHistory(term(1, 3)).setTerm(term(1, 3)).setGaveUp(0));
      say(2, knowsNothing().setPriority(99));
    }

    assertFalse(roles.holds(GROUP));
    assertTrue(said().getWaits());
  }

  @Test
  void whoeverFollowsAHolderWaitsForNobody() {
    startBesideARefusedMember(knowsNothing().setPriority(101));

    say(3, knowsNothing().setTerm(term(2, 3)).setHolds(true).setHolderAlive(true));

    assertFalse(said().getWaits());
  }

  /** It owes another group's sessions, and looks at nothing meanwhile. */
  @Test
  void memberThatIsClosedHoldsNoTakeoverOfAGroupBackThatAnotherOneHeld() {
    turn();
    meet(2);
    meet(3);
    GroupStatus.Builder follows = knowsNothing().setTerm(term(2, 2)).setHolderAlive(true);
    say(2, follows.clone().setHolds(true));
    roles.onBulkReceived(GROUP, new Term(2, 2));
    for (int i = 0; i < 40; i++) {
      nowNs += 50 * MS;
      say(3, follows.clone().setPriority(0).setLeaves(true));
    }

    assertTrue(roles.holds(GROUP));
  }

  @Test
  void whoeverIsClosedSaysOfTheGroupsThatItDoesNotHoldThatItLeavesThem() {
    turn();
    meet(2);
    meet(3);
    say(2, knowsNothing().setTerm(term(2, 2)).setHolds(true).setHolderAlive(true));
    assertFalse(said().getLeaves());

    roles.stopDeciding();

    assertTrue(said().getLeaves());
  }

  @Test
  void whoeverIsClosedHoldsItsGroupsUntilAllIsSent() {
    claimAsOrigin();

    roles.stopDeciding();

    assertTrue(said().getHolds());
    assertFalse(said().getLeaves());
  }

  @Test
  void ofOneRankTheLowerNodeIdGoesFirstAmongRefusedMembers() {
    startBesideARefusedMember(knowsNothing().setPriority(100));

    assertTrue(roles.holds(GROUP));
  }

  @Test
  void ofOneRankAndOneNodeIdTheLowerLifeGoesFirst() {
    turn();
    roles.onRefusedLife(2, 1, 1_000, 800 * MS, nowNs);
    roles.onConnected(2, 0);
    meet(3);
    for (int i = 0; i < 30; i++) {
      hear(3, knowsNothing().setPriority(0));
      say(2, knowsNothing().setPriority(100));
      nowNs += 50 * MS;
    }

    assertFalse(roles.holds(GROUP));
  }

  @Test
  void refusedMemberThatDoesNotKnowTheGroupHoldsNoClaimBack() {
    startBesideARefusedMember(knowsNothing().setGroup(7));

    assertTrue(roles.holds(GROUP));
  }

  @Test
  void refusedHolderHoldsAClaimBackWhateverItsRankAndGivesNoTermToFollow() {
    startBesideARefusedMember(
        knowsNothing().setPriority(1).setHolds(true).setHolderAlive(true).setTerm(term(40, 2)));
    waitForBesideAHolder(BOOT_HOLD_NS);

    assertFalse(roles.holds(GROUP));
    assertEquals(Term.NONE, roles.term(GROUP));
    assertEquals(Role.CONNECTING, roles.role(GROUP));
    assertEquals(0, roles.highestNumber(GROUP));
  }

  private void waitForBesideAHolder(long ns) {
    for (long end = nowNs + ns; nowNs < end; nowNs += 50 * MS) {
      hear(3, knowsNothing().setPriority(0));
      say(2, knowsNothing().setHolds(true).setHolderAlive(true).setTerm(term(40, 2)));
    }
  }

  @Test
  void refusedMemberThatHearsAHolderHoldsAClaimBackToo() {
    startBesideARefusedMember(knowsNothing().setHolderAlive(true).setTerm(term(40, 9)));

    assertFalse(roles.holds(GROUP));
  }

  @Test
  void silentRefusedHolderIsWaitedForAsAMemberThatIsNotFollowed() {
    startBesideARefusedMember(knowsNothing().setHolds(true).setHolderAlive(true));
    waitForBesideAHolder(BOOT_HOLD_NS);
    long silentSinceNs = nowNs - 50 * MS;
    while (!roles.holds(GROUP)) {
      assertTrue(nowNs < silentSinceNs + 5_000 * MS, "nobody claims");
      say(3, knowsNothing().setPriority(0));
      nowNs += 10 * MS;
    }

    assertTrue(nowNs - silentSinceNs >= 1_000 * MS, "D and M are 1000 ms");
    assertEquals(new Term(1, 1), roles.term(GROUP));
  }

  @Test
  void ofTwoThatRefuseEachOtherAndHoldTheOneBehindEnds() {
    waitFor(BOOT_HOLD_NS + 100 * MS);
    assertTrue(roles.holds(GROUP));
    meetRefused();

    say(2, knowsNothing().setPriority(101).setHolds(true).setTerm(term(1, 2)));

    assertFalse(roles.holds(GROUP));
    assertFalse(roles.mayDecide(GROUP, nowNs));
    nowNs += 10 * MS;
    assertEquals(2, said().getEnded()); // of its own term 1
  }

  /** Seeds 70072395 and 70095636: another one holds the group with the same number and a lower node, and would be followed by nobody here. */
  @Test
  void numberOfATermThatEndedIsGivenUpThoughAnotherHolderIsHeard() {
    waitFor(BOOT_HOLD_NS + 100 * MS);
    meetRefused();
    meet(3);
    hear(3, knowsNothing().setPriority(0).setTerm(term(1, 9)).setHolderAlive(true));
    say(2, knowsNothing().setPriority(101).setHolds(true).setTerm(term(1, 2)));
    assertFalse(roles.holds(GROUP));
    nowNs += 10 * MS;
    say(3, knowsNothing().setPriority(0).setTerm(term(1, 9)).setHolderAlive(true));

    assertEquals(2, said().getGaveUp());
  }

  /** Seed 34019142: its term began without history, and an empty member of higher rank would claim. */
  @Test
  void holderThatGaveWaySaysThatItHasRecords() {
    waitFor(BOOT_HOLD_NS + 100 * MS);
    assertFalse(said().getHasRecords());
    meetRefused();
    say(2, knowsNothing().setPriority(101).setHolds(true).setTerm(term(1, 2)));
    nowNs += 10 * MS;

    assertTrue(said().getHasRecords());
  }

  @Test
  void ofTwoThatRefuseEachOtherAndHoldTheOneAheadGoesOnAndAnnouncesThatItDoes() {
    waitFor(BOOT_HOLD_NS + 100 * MS);
    meetRefused();
    say(2, knowsNothing().setPriority(99).setHolds(true).setTerm(term(9, 2)));
    assertEquals(new Term(1, 1), roles.term(GROUP));
    actions.announced.clear();

    say(2, knowsNothing().setPriority(99).setEnded(10));

    assertTrue(roles.mayDecide(GROUP, nowNs));
    assertEquals(List.of("SPLIT_HEALED"), actions.announced);
  }

  @Test
  void memberWhoseHolderIsRefusedNowDoesNotFollowItAndClaimsOnlyAfterItsSilence() {
    followMember2();

    roles.onDisconnected(2, 0, false, nowNs);
    roles.onRefusedLife(2, 2, 1_002, 800 * MS, nowNs);
    roles.onConnected(2, 0);
    for (int i = 0; i < 40; i++) {
      hear(3, knowsNothing().setPriority(0).setGaveUp(2));
      say(2, knowsNothing().setPriority(1).setTerm(term(1, 2)).setHolds(true));
      nowNs += 50 * MS;
    }

    assertFalse(roles.holds(GROUP));
    assertEquals(Role.CONNECTING, roles.role(GROUP));
    assertEquals("PEER_REFUSED", actions.cause);
  }

  private boolean isCertain;

  private void strangerSays(GroupStatus.Builder status, long sequence) {
    StrangerHello hello = new StrangerHello(2, 2_002, 800 * MS, isCertain);
    roles.onStranger(2, hello, sequence, List.of(status.build()));
    turn();
  }

  /** A connection of the dead stays open for as long as its host's answer is on its way. */
  @Test
  void refusedHolderThatGoesBeforeThisOneEndsItInThePlaceOfAPeerThatEchoesNothing() {
    claimAsOrigin();
    waitFor(1_100 * MS); // its claim time, and two of this member's intervals
    actions.announced.clear();

    strangerSays(knowsNothing().setPriority(99).setHolds(true), 1);
    assertTrue(roles.holds(GROUP), "it goes behind");
    assertEquals(List.of(), actions.announced, "others are told when that is over");
    strangerSays(knowsNothing().setPriority(99).setEnded(2), 2);
    assertEquals(List.of("SPLIT_HEALED"), actions.announced);
    strangerSays(knowsNothing().setPriority(101).setHolds(true), 3);

    assertFalse(roles.holds(GROUP));
    assertEquals("PEER_REFUSED", actions.cause);
  }

  /** A process of another cluster on the peer's host. */
  @Test
  void refusedHolderBesideAPeerThatEchoesEndsNothingButHoldsAClaimBack() {
    claimAsOrigin();
    GroupStatus.Builder follows = knowsNothing().setTerm(term(1, 1)).setHolderAlive(true);
    say(2, follows);
    say(3, follows);
    strangerSays(knowsNothing().setPriority(101).setHolds(true), 1);
    assertTrue(roles.holds(GROUP));
    assertEquals(List.of(), actions.announced);
    waitFor(900 * MS); // its connection may come back for D and M
    assertEquals(List.of(), actions.announced);
    waitFor(200 * MS);
    assertEquals(List.of("SPLIT_HEALED"), actions.announced, "whoever forwards may have learnt it");

    roles = machine(0);
    sequences.clear();
    turn();
    meet(2);
    meet(3);
    StrangerHello hello = new StrangerHello(2, 2_002, 800 * MS, false);
    roles.onStranger(2, hello, 1, List.of(knowsNothing().setHolds(true).build()));
    for (int i = 0; i < 10; i++) {
      say(2, knowsNothing());
      say(3, knowsNothing());
    }
    assertFalse(roles.holds(GROUP));
    for (int i = 0; i < 21; i++) {
      nowNs += 50 * MS;
      say(2, knowsNothing());
      say(3, knowsNothing());
    }
    assertTrue(roles.holds(GROUP), "it was silent for D and M");
  }

  /** It lost power hours ago, and the mended process that came up in its place has died too. */
  @Test
  void refusedHolderThatWasSilentForLongIsNotHeardAgainWhenThePeersOwnLifeIsUp() {
    turn();
    meet(3);
    roles.onRefusedLife(2, 2, 2_002, 800 * MS, nowNs);
    GroupStatus.Builder holds = knowsNothing().setPriority(101).setHolds(true);
    roles.onStatuses(2, 1, List.of(holds.build()), nowNs);
    for (int i = 0; i < 80; i++) {
      nowNs += 50 * MS;
      say(3, knowsNothing());
    }
    assertTrue(roles.holds(GROUP));

    roles.onIncarnation(2, 1_002, nowNs);
    roles.onAgreed(2, 1_002, nowNs);
    for (int i = 0; i < 30; i++) {
      nowNs += 50 * MS;
      say(3, knowsNothing().setTerm(term(1, 1)).setHolderAlive(true));
    }
    assertTrue(roles.holds(GROUP));
  }

  @Test
  void refusedProcessThatIsAdmittedIsNoStrangerAnyMore() {
    claimAsOrigin();
    isCertain = true;
    strangerSays(knowsNothing().setPriority(99).setHolds(true), 1);
    roles.onIncarnation(2, 2_002, nowNs);
    roles.onAgreed(2, 2_002, nowNs);
    turn();

    assertTrue(roles.holds(GROUP));
    assertEquals(List.of("SPLIT_HEALED"), actions.announced);
  }

  /** Silence had passed D and M in the turn before, and then it is heard. */
  @Test
  void strangerThatIsHeardInTheVeryTurnHoldsAClaimBack() {
    turn();
    meet(2);
    meet(3);
    strangerSays(knowsNothing().setHolds(true), 1);
    for (int i = 0; i < 19; i++) {
      nowNs += 51 * MS;
      hear(3, knowsNothing());
      say(2, knowsNothing());
    }
    assertFalse(roles.holds(GROUP));
    nowNs += 60 * MS;
    hear(3, knowsNothing());
    hear(2, knowsNothing());
    strangerSays(knowsNothing().setHolds(true), 2);
    assertFalse(roles.holds(GROUP));
  }

  /** It is started again with the mistake mended. */
  @Test
  void refusedLifeThatIsKnownToBeGoneHoldsNoClaimBack() {
    turn();
    meet(3);
    roles.onRefusedLife(2, 2, 2_002, 60_000 * MS, nowNs);
    roles.onConnected(2, 0);
    roles.onStatuses(2, 1, List.of(knowsNothing().setPriority(1).setHolds(true).build()), nowNs);
    turn();
    roles.onDisconnected(2, 0, true, nowNs);
    roles.onDialRefused(2, 0, ++nowNs);
    turn();
    roles.onIncarnation(2, 1_002, nowNs);
    roles.onAgreed(2, 1_002, nowNs);
    roles.onConnected(2, 0);
    hear(3, knowsNothing());
    say(2, knowsNothing());

    assertTrue(roles.holds(GROUP));
  }

  @Test
  void holderDoesNotFollowARefusedOneByAnotherMembersWord() {
    claimAsOrigin();
    roles.onDisconnected(2, 0, true, nowNs);
    meetRefused();
    sequences.remove(2);
    say(2, knowsNothing().setPriority(1).setHolds(true).setTerm(term(6, 2)));

    say(3, knowsNothing().setPriority(0).setTerm(term(6, 2)).setHolderAlive(true));
    roles.onTermLearnt(GROUP, new Term(9, 2), false, nowNs);

    assertTrue(roles.holds(GROUP));
    assertEquals(new Term(7, 1), roles.term(GROUP), "a number is gone above");
  }

  /** The two are cut from each other: each would go above the other for ever, and both decide. */
  @Test
  void holderFollowsARefusedOneThatItDoesNotHearByAnotherMembersWord() {
    claimAsOrigin();
    roles.onDisconnected(2, 0, true, nowNs);
    meetRefused();
    sequences.remove(2);
    say(2, knowsNothing());
    for (int i = 0; i < 20; i++) {
      nowNs += 50 * MS;
      say(3, knowsNothing().setPriority(0).setTerm(term(1, 1)).setHolderAlive(true));
    }

    say(3, knowsNothing().setPriority(0).setTerm(term(6, 2)).setHolderAlive(true));

    assertFalse(roles.holds(GROUP));
    assertEquals(new Term(6, 2), roles.term(GROUP));
  }

  /** The others wait for its final word, and one of them has claimed by it. */
  @Test
  void whatIsAppliedAfterTheHolderWasGivenUpIsNoHistory() {
    followMember2();
    roles.onApplied(GROUP, 5);
    roles.onDisconnected(2, 0, true, nowNs);
    roles.onDialRefused(2, 0, ++nowNs);
    nowNs += 20 * MS;
    GroupStatus.Builder better =
        knowsNothing().setTerm(term(1, 2)).setHistory(term(1, 2)).setApplied(9);
    say(3, better);
    assertEquals(2, said().getGaveUp());
    assertEquals(5, said().getApplied());

    roles.onApplied(GROUP, 7);

    assertEquals(5, said().getApplied());
  }

  /** Its peers gave its term up, and it can begin no other: nobody would decide until the disk works. */
  @Test
  void fencedHolderWhoseStoreTakesNoHigherNumberEndsItsTerm() {
    claimAsOrigin();
    turn();
    actions.storeFails = true;
    GroupStatus.Builder gaveUp = knowsNothing().setTerm(term(1, 1)).setGaveUp(2);
    hear(2, gaveUp);
    say(3, gaveUp);
    assertTrue(roles.holds(GROUP));
    nowNs += 900 * MS;
    hear(2, gaveUp);
    say(3, gaveUp);

    assertFalse(roles.holds(GROUP));
    nowNs += 10 * MS;
    assertEquals(2, said().getEnded());
    assertEquals(0, said().getPriority());
  }

  /** Its connection ends when the peer's own life comes up, and it goes on holding the group. */
  @Test
  void refusedHolderHoldsAClaimBackThoughThePeersOwnLifeIsUp() {
    turn();
    meet(3);
    roles.onRefusedLife(2, 2, 2_002, 800 * MS, nowNs);
    roles.onStatuses(2, 1, List.of(knowsNothing().setPriority(1).setHolds(true).build()), nowNs);
    roles.onIncarnation(2, 1_002, nowNs);
    roles.onAgreed(2, 1_002, nowNs);
    roles.onConnected(2, 0);
    for (int i = 0; i < 19; i++) {
      nowNs += 50 * MS;
      hear(3, knowsNothing());
      say(2, knowsNothing());
    }
    assertFalse(roles.holds(GROUP));
    for (int i = 0; i < 4; i++) {
      nowNs += 50 * MS;
      hear(3, knowsNothing());
      say(2, knowsNothing());
    }
    assertTrue(roles.holds(GROUP));
  }

  /** The holder died, and its next life may have claimed while this member slept: their connections are not agreed on yet. */
  @Test
  void memberThatSleptForItsClaimTimeDecidesOnlyOnceTheHoldersHostRefusesAnotherDial() {
    followMember2();
    roles.onDisconnected(2, 0, true, nowNs);
    roles.onDialRefused(2, 0, ++nowNs);
    nowNs += 900 * MS;
    for (int i = 0; i < 3; i++) {
      say(3, knowsNothing().setPriority(0).setGaveUp(2).setTerm(term(1, 2)));
      nowNs += MS;
    }
    assertTrue(roles.holds(GROUP));
    assertEquals(Role.FENCED, roles.role(GROUP));
    assertFalse(roles.mayDecide(GROUP, nowNs));

    roles.onDialRefused(2, 0, nowNs);
    say(3, knowsNothing().setPriority(0).setGaveUp(2).setTerm(term(2, 1)).setHolderAlive(true));
    assertTrue(roles.mayDecide(GROUP, nowNs));
  }

  /** Seed 32003412: it waits for what it owes, for as long as the limit of a close, and gives up nothing. */
  @Test
  void memberThatLeavesHoldsNoClaimBack() {
    followMember2();
    roles.onDisconnected(2, 0, true, nowNs);
    roles.onDialRefused(2, 0, ++nowNs);
    nowNs += 20 * MS;
    leaves = true;
    for (int i = 0; i < 3; i++) {
      say(3, knowsNothing().setGaveUp(0).setTerm(term(1, 2)).setHolderAlive(true).setPriority(0));
    }

    assertTrue(roles.mayDecide(GROUP, nowNs));
  }

  /** Seed 50037639: another member had told of the former term, so that its holder's next life, without history, was waited for. */
  @Test
  void termIsOverWhoseHolderHoldsTheGroupInALaterOneThatIsNotFollowed() {
    followMember2();
    for (int i = 0; i < 5; i++) {
      hear(3, knowsNothing().setPriority(0).setTerm(term(5, 0)).setGaveUp(6));
      say(2, knowsNothing().setTerm(term(5, 2)).setHolds(true).setUnsynced(true));
    }

    assertEquals(new Term(6, 1), roles.term(GROUP));
    assertEquals(Role.FENCED, roles.role(GROUP), "until the other one has ended");
  }

  /** The term was that of the former life, and another member told of it late. */
  @Test
  void termIsOverWhoseHoldersPresentLifeDoesNotNameTheGroup() {
    followMember2();
    roles.onIncarnation(2, 2_002, nowNs);
    roles.onConnected(2, 0);
    sequences.remove(2);
    long sinceNs = nowNs;
    while (!roles.holds(GROUP) && nowNs - sinceNs < 5_000 * MS) {
      nowNs += 50 * MS;
      hear(3, knowsNothing().setPriority(0).setTerm(term(1, 0)).setGaveUp(2));
      say(2, GroupStatus.newBuilder().setGroup(GROUP + 1));
    }

    assertEquals(new Term(2, 1), roles.term(GROUP));
  }

  /** One wrong address of two: it is refused by another machine, which says nothing of the peer. */
  @Test
  void dialsThatAreRefusedOnAPathThatNeverLedToThePeerAreNoDoubt() {
    claimAsOrigin();
    roles.onDisconnected(2, 0, true, nowNs);
    roles.onDialRefused(2, 0, ++nowNs);
    for (int i = 0; i < 100; i++) {
      nowNs += 50 * MS;
      hear(3, knowsNothing().setTerm(term(1, 1)).setHolderAlive(true));
      turn();
    }
    actions.announced.clear();

    roles.onDialRefused(2, 0, stampNs - 60_000 * MS);
    waitFor(300 * MS);
    assertEquals(List.of(), actions.announced, "it was begun before");
  }

  /** It may have claimed behind a cut and announced itself; nobody hears of it any more. */
  @Test
  void holderAnnouncesItselfWhenAPeerIsFoundGoneThatWasNotHeardForItsClaimTime() {
    claimAsOrigin();
    roles.onDisconnected(2, 0, true, nowNs);
    for (int i = 0; i < 40; i++) {
      nowNs += 50 * MS;
      hear(3, knowsNothing().setTerm(term(1, 1)).setHolderAlive(true));
      turn();
    }
    assertTrue(roles.mayDecide(GROUP, nowNs));
    actions.announced.clear();

    roles.onDialRefused(2, 0, nowNs);
    turn();
    roles.onDialRefused(2, 0, nowNs);
    waitFor(300 * MS);

    assertEquals(List.of("PEER_UNHEARD"), actions.announced);
  }

  @Test
  void peerThatIsKilledIsNoDoubt() {
    claimAsOrigin();
    GroupStatus.Builder follows = knowsNothing().setTerm(term(1, 1)).setHolderAlive(true);
    say(2, follows);
    say(3, follows);
    roles.onDisconnected(2, 0, true, nowNs);
    nowNs += 5 * MS;
    roles.onDialRefused(2, 0, nowNs);
    turn();

    assertEquals(List.of(), actions.announced);
  }

  /** Seed 50001373: two holders that were cut from each other went above each other's numbers, which it told them, 170 terms in 17 ms. */
  @Test
  void holderDoesNotGoAboveTheNumberThatAMemberWhichLeavesFollows() {
    claimAsOrigin();
    GroupStatus.Builder follows = knowsNothing().setTerm(term(1, 1)).setHolderAlive(true);
    say(2, follows);
    leaves = true;
    say(3, follows.setPriority(0));

    say(3, knowsNothing().setTerm(term(2, 2)).setHolderAlive(true).setPriority(0));

    assertEquals(new Term(1, 1), roles.term(GROUP));
  }

  private boolean leaves;

  private void followMember2() {
    turn();
    meet(2);
    meet(3);
    hear(3, knowsNothing().setPriority(0));
    say(2, knowsNothing().setTerm(term(1, 2)).setHolds(true).setHistory(term(1, 2)));
    roles.onBulkReceived(GROUP, new Term(1, 2));
    turn();
    assertEquals(Role.STANDBY, roles.role(GROUP));
  }

  /** One node id twice: a former life that was cut off and still decides, and another process that calls itself like it. */
  @Test
  void secondProcessOfAPeerThatHoldsTheGroupTooEndsThisHolderIfItGoesBeforeIt() {
    claimAsOrigin();
    GroupStatus.Builder follows = knowsNothing().setTerm(term(1, 1)).setHolderAlive(true);
    say(2, follows);
    say(3, follows);
    isCertain = true;

    strangerSays(knowsNothing().setPriority(99).setHolds(true), 1);
    assertTrue(roles.holds(GROUP));
    strangerSays(knowsNothing().setPriority(101).setHolds(true), 2);
    assertFalse(roles.holds(GROUP));
  }

  /** Seed 26004610: a cut had held back what the dead life sent. */
  @Test
  void echoOfANumberThatIsOldIsNoSignThatAPeerLives() {
    claimAsOrigin();
    GroupStatus.Builder follows = knowsNothing().setTerm(term(1, 1)).setHolderAlive(true);
    say(2, follows);
    say(3, follows);
    long oldNs = stampNs;
    waitFor(1_100 * MS);

    stampNs = oldNs;
    hear(2, follows);
    strangerSays(knowsNothing().setPriority(101).setHolds(true), 1);

    assertFalse(roles.holds(GROUP));
  }

  /** Seed 26009146: it had held the group while connections of the dead life were open. */
  @Test
  void holderAnnouncesItselfWhenOneThatHeldTheGroupTakesAPeersPlace() {
    claimAsOrigin();
    GroupStatus.Builder follows = knowsNothing().setTerm(term(1, 1)).setHolderAlive(true);
    say(2, follows);
    say(3, follows);
    strangerSays(knowsNothing().setPriority(99).setHolds(true), 1);
    strangerSays(knowsNothing().setPriority(99).setEnded(2), 2);
    assertEquals(List.of(), actions.announced);

    roles.onRefusedLife(2, 2, 2_002, 800 * MS, nowNs);
    turn();

    assertEquals(List.of("SPLIT_HEALED"), actions.announced);
  }

  @Test
  void holderAnnouncesItselfWhenAnotherOneSpeaksInPlaceOfOneThatHeldTheGroup() {
    claimAsOrigin();
    GroupStatus.Builder follows = knowsNothing().setTerm(term(1, 1)).setHolderAlive(true);
    say(2, follows);
    say(3, follows);
    strangerSays(knowsNothing().setPriority(99).setHolds(true), 1);
    assertEquals(List.of(), actions.announced);

    StrangerHello next = new StrangerHello(2, 2_003, 800 * MS, false);
    roles.onStranger(2, next, 1, List.of(knowsNothing().build()));
    turn();

    assertEquals(List.of("SPLIT_HEALED"), actions.announced);
  }

  /** Seed 26004542: whoever slept had dialled before that process listened, and reads of it before its connections are up. */
  @Test
  void dialThatWasRefusedBeforeAProcessListenedSaysNothingOfThatProcess() {
    claimAsOrigin();
    roles.onDisconnected(2, 0, true, nowNs);
    roles.onDialRefused(2, 0, nowNs);
    nowNs += 20 * MS;

    roles.onIncarnation(2, 2_002, nowNs);
    roles.onAgreed(2, 2_002, nowNs);
    GroupStatus.Builder holds = knowsNothing().setTerm(term(5, 2)).setHolds(true);
    roles.onStatuses(2, 90, List.of(holds.setHolderAlive(true).build()), nowNs);
    turn();

    assertEquals(new Term(5, 2), roles.term(GROUP));
    assertEquals(Role.SYNCING, roles.role(GROUP));
  }

  /** Between the two a process of another cluster answered at the peer's address, with terms that are none here. */
  @Test
  void whatWasSaidInThePeersPlaceIsVoidWhenItsOwnLifeIsBack() {
    claimAsOrigin();
    roles.onRefusedLife(2, 2, 2_002, 800 * MS, nowNs);
    roles.onStatuses(2, 900, List.of(knowsNothing().setTerm(term(70, 3)).build()), nowNs);

    roles.onAgreed(2, 1_002, nowNs);
    hear(2, knowsNothing().setTerm(term(1, 1)).setHolderAlive(true));
    hear(3, knowsNothing().setTerm(term(1, 1)).setHolderAlive(true));
    turn();

    assertEquals(new Term(1, 1), roles.term(GROUP));
    assertEquals(1, roles.highestNumber(GROUP));
    assertTrue(roles.mayDecide(GROUP, nowNs));
  }

  /** Seed 24107929: its store refused the claim, and is tried again in a second. */
  @Test
  void memberWithoutHistoryWaitsForOneThatHasSomeAndCannotClaimNow() {
    turn();
    meet(2);
    meet(3);
    GroupStatus.Builder cannot = knowsNothing().setPriority(0).setHistory(term(1, 3)).setGaveUp(2);
    for (int i = 0; i < 10; i++) {
      hear(2, knowsNothing());
      say(3, cannot);
    }
    assertFalse(roles.holds(GROUP));

    for (int i = 0; i < 45; i++) {
      nowNs += 50 * MS;
      hear(2, knowsNothing().setTerm(term(1, 0)).setGaveUp(2));
      say(3, cannot);
    }
    assertTrue(roles.holds(GROUP), "not for longer than the boot hold");
  }

  /** It says its rank for a moment each second, when it tries again. */
  @Test
  void memberWithoutHistoryDoesNotWaitForOneWhoseStoreRefusesAgainAndAgain() {
    turn();
    meet(2);
    meet(3);
    GroupStatus.Builder some = knowsNothing().setHistory(term(1, 3)).setGaveUp(2);
    for (int i = 0; i < 90; i++) {
      nowNs += 50 * MS;
      hear(2, knowsNothing().setTerm(term(1, 0)).setGaveUp(2));
      say(3, some.setPriority(i % 20 == 0 ? 50 : 0));
    }

    assertTrue(roles.holds(GROUP));
  }

  /** The boot hold of the one without was over long ago. */
  @Test
  void memberWithoutHistoryWaitsAsLongWheneverTheOtherOnesStoreRefuses() {
    turn();
    meet(2);
    meet(3);
    GroupStatus.Builder held =
        knowsNothing().setTerm(term(1, 3)).setHolds(true).setHolderAlive(true).setUnsynced(false);
    for (int i = 0; i < 60; i++) {
      nowNs += 50 * MS;
      hear(2, knowsNothing().setTerm(term(1, 0)));
      say(3, held);
    }
    GroupStatus.Builder cannot =
        knowsNothing().setTerm(term(1, 3)).setPriority(0).setHistory(term(1, 3)).setGaveUp(2);
    for (int i = 0; i < 30; i++) {
      nowNs += 50 * MS;
      hear(2, knowsNothing().setTerm(term(1, 0)).setGaveUp(2));
      say(3, cannot.setEnded(2));
    }
    assertFalse(roles.holds(GROUP));
  }

  /** Seed 25020796: it gave way to one that it refuses, which is gone; it does not hear this member, and claims again. */
  @Test
  void holderThatEndedItsTermAndMayClaimAgainMustConsent() {
    turn();
    meet(2);
    meet(3);
    say(2, knowsNothing().setTerm(term(2, 2)).setHolds(true).setHolderAlive(true));
    roles.onBulkReceived(GROUP, new Term(2, 2));
    GroupStatus.Builder ended = knowsNothing().setTerm(term(2, 2)).setEnded(3).setGaveUp(0);
    for (int i = 0; i < 10; i++) {
      hear(3, knowsNothing().setTerm(term(2, 2)).setGaveUp(3));
      say(2, ended);
    }
    assertFalse(roles.holds(GROUP));

    say(2, ended.setGaveUp(3));
    assertTrue(roles.holds(GROUP));
  }

  @Test
  void holderThatEndedItsTermAndLeavesIsReplacedAtOnce() {
    turn();
    meet(2);
    meet(3);
    say(2, knowsNothing().setTerm(term(2, 2)).setHolds(true).setHolderAlive(true));
    roles.onBulkReceived(GROUP, new Term(2, 2));
    say(2, knowsNothing().setTerm(term(2, 2)).setEnded(3).setPriority(0));
    say(3, knowsNothing().setTerm(term(2, 2)).setGaveUp(3));
    say(3, knowsNothing().setTerm(term(2, 2)).setGaveUp(3));

    assertTrue(roles.holds(GROUP));
  }

  /** What a dead life had sent, in a higher term, lay in another member's socket. */
  @Test
  void wordOfAHolderInAnotherLifeThanTheOneThatIsHeardIsNotFollowed() {
    claimAsOrigin();
    say(3, knowsNothing().setTerm(term(1, 1)).setHolderAlive(true));

    GroupStatus.Builder hears = knowsNothing().setTerm(term(5, 3)).setHolderAlive(true);
    say(2, hears.clone().setHolderLife(77));
    assertEquals(new Term(6, 1), roles.term(GROUP), "a number says nothing about who holds");

    say(2, hears.setTerm(term(9, 3)).setHolderLife(1_003));
    assertEquals(new Term(9, 3), roles.term(GROUP));
  }

  /** Its former life may have held the group until it died, and whoever forwards have learnt the way to it. */
  @Test
  void holderThatMeetsAPeerForTheFirstTimeAnnouncesItself() {
    waitFor(BOOT_HOLD_NS + 100 * MS);
    assertTrue(roles.mayDecide(GROUP, nowNs - 50 * MS));
    actions.announced.clear();

    meet(2);
    say(2, knowsNothing());

    assertEquals(List.of("PEER_UNHEARD"), actions.announced);
  }

  private static final class Recorder implements RoleActions {
    final List<Role> roles = new ArrayList<>();
    final List<Term> terms = new ArrayList<>();
    final List<String> announced = new ArrayList<>();
    String cause = "";
    boolean storeFails;
    int failures;
    int asked;
    int repeated;

    @Override
    public void repeat() {
      repeated++;
    }

    @Override
    public void finishConnections(int peer) {}

    @Override
    public boolean isFinished(int peer) {
      return true;
    }

    @Override
    public void onAnnounce(int group, Term term, String cause) {
      announced.add(cause);
    }

    @Override
    public void reserve(int group, long number) {
      if (storeFails) {
        failures++;
        throw new IllegalStateException("the disk is full");
      }
    }

    @Override
    public void onHolderChanged(int group, Term before, Term now) {
      terms.add(now);
    }

    @Override
    public void onRoleChanged(int group, Role before, Role now, Term term, String cause) {
      this.cause = cause;
      roles.add(now);
    }

    @Override
    public boolean isAnyPeerInSync(int group) {
      return false;
    }

    @Override
    public void announce() {}

    @Override
    public void ask() {
      asked++;
    }
  }
}
