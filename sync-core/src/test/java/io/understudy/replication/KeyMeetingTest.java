package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** All that can meet on one key. */
class KeyMeetingTest {
  private static final Set<KeyMeeting> YIELD = Set.of(KeyMeeting.YIELDS, KeyMeeting.YIELDS_JOINED);

  private final Set<KeyMeeting> met = new TreeSet<>();

  @Test
  void ofTwoHoldersExactlyOneGivesWayAndBothAgreeWhetherItIsOneSession() {
    for (boolean joins : new boolean[] {false, true}) {
      for (boolean sameOpening : new boolean[] {false, true}) {
        KeyMeeting atTheLower = KeyMeeting.of(false, true, false, joins, sameOpening, true);
        KeyMeeting atTheHigher = KeyMeeting.of(false, true, false, joins, sameOpening, false);

        assertTrue(YIELD.contains(atTheLower) != YIELD.contains(atTheHigher));
        assertEquals(isJoined(atTheLower), isJoined(atTheHigher));
      }
    }
  }

  private static boolean isJoined(KeyMeeting meeting) {
    return meeting == KeyMeeting.STAYS_JOINED || meeting == KeyMeeting.YIELDS_JOINED;
  }

  @Test
  void onlyTheHolderOfWhatIsBackedUpEndsItOrTheSenderIfItHoldsBoth() {
    for (int inputs = 0; inputs < 1 << 6; inputs++) {
      boolean keptBack = (inputs & 1) != 0;
      boolean holds = (inputs & 2) != 0;
      boolean senderHolds = (inputs & 4) != 0;
      KeyMeeting meeting =
          KeyMeeting.of(
              keptBack,
              holds,
              senderHolds,
              (inputs & 8) != 0,
              (inputs & 16) != 0,
              (inputs & 32) != 0);
      met.add(meeting);

      if (!keptBack && !holds && !senderHolds) {
        assertEquals(KeyMeeting.WAITS, meeting);
      }
      if (keptBack || senderHolds) {
        assertEquals(KeyMeeting.YIELDS, meeting);
      }
    }
    assertEquals(Set.of(KeyMeeting.values()), met);
  }
}
