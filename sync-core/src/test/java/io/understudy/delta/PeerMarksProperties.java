package io.understudy.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.wire.ColumnGroup;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PeerMarksProperties {
  private static final long FRAME = 0xFFFFFFFF_00000000L;

  @Example
  void theFieldsOfAMarkDoNotOverlap() {
    long[] fields = {
      PeerMarks.DIRTY,
      PeerMarks.KNOWN,
      PeerMarks.INTRODUCED,
      PeerMarks.IN_FLIGHT,
      PeerMarks.REFUSAL,
      PeerMarks.SYNC,
      PeerMarks.PLAIN,
      FRAME
    };
    long all = 0;
    for (long field : fields) {
      assertEquals(0, all & field);
      all |= field;
    }

    assertEquals(-1L, all);
  }

  @Example
  void everyGroupThatTravelsHasADirtyBit() {
    long groups = ColumnGroup.WHOLE | ColumnGroup.KEY | ColumnGroup.USAGE | ColumnGroup.YOUR_USAGE;

    assertEquals(groups, groups & PeerMarks.DIRTY);
  }

  @Property(seed = "5001", tries = 1_000)
  void theSyncNumberReadsBackAndAnotherOneTakesTheIntroduction(
      @ForAll long mark,
      @ForAll @IntRange(max = PeerMarks.MAX_SYNC) int sync,
      @ForAll @IntRange(max = PeerMarks.MAX_SYNC) int now) {
    long stamped = PeerMarks.withSync(mark, sync);

    assertEquals(sync, PeerMarks.sync(stamped));
    long gone = PeerMarks.SYNC | (sync == PeerMarks.sync(mark) ? 0 : PeerMarks.INTRODUCED);
    assertEquals(mark & ~gone, stamped & ~PeerMarks.SYNC);
    assertEquals(sync != now, PeerMarks.isStale(stamped, now));
    assertEquals(PeerMarks.withSync(0, sync), PeerMarks.fresh(sync));
  }

  @Property(seed = "5002", tries = 1_000)
  void aStaleMarkReadsAsPerhapsKnownAndNotIntroduced(
      @ForAll long mark,
      @ForAll @IntRange(max = PeerMarks.MAX_SYNC) int sync,
      @ForAll @IntRange(max = PeerMarks.MAX_SYNC) int now) {
    long stamped = PeerMarks.withSync(mark, sync);

    if (sync != now) {
      assertTrue(PeerMarks.isKnown(stamped, now));
      assertFalse(PeerMarks.isIntroduced(stamped, now));
    } else {
      assertEquals(
          (mark & (PeerMarks.KNOWN | PeerMarks.IN_FLIGHT)) != 0, PeerMarks.isKnown(stamped, now));
      assertEquals((stamped & PeerMarks.INTRODUCED) != 0, PeerMarks.isIntroduced(stamped, now));
    }
  }

  @Property(seed = "5003", tries = 1_000)
  void whatIsInFlightIsNotDirtyAndNamesItsLastFrame(@ForAll long mark, @ForAll long frame) {
    long sent = PeerMarks.inFlight(mark, frame);

    assertFalse(PeerMarks.isDirty(sent));
    assertTrue(PeerMarks.isInFlight(sent));
    assertTrue(PeerMarks.isLastFrame(sent, frame));
    assertFalse(PeerMarks.isLastFrame(sent, frame + 1));
    assertFalse(PeerMarks.isLastFrame(sent, frame - 1));
    assertFalse(PeerMarks.isPlain(sent), "unless whoever sends it says so");
    assertFalse(
        PeerMarks.isRefused(sent, PeerMarks.sync(sent)), "what is sent is no longer refused");
    long kept = PeerMarks.KNOWN | PeerMarks.INTRODUCED | PeerMarks.SYNC;
    assertEquals(mark & kept, sent & kept);
  }

  @Property(seed = "5004", tries = 1_000)
  void aRefusalReadsBackAndLeavesNothingOwed(
      @ForAll long mark, @ForAll @IntRange(max = 6) int reason) {
    long refused = PeerMarks.refused(mark, reason);

    assertTrue(PeerMarks.isRefused(refused, PeerMarks.sync(refused)));
    assertFalse(
        PeerMarks.isRefused(refused, PeerMarks.sync(refused) ^ 1), "of a former life or term");
    assertEquals(reason == Settlement.FULL, PeerMarks.isFull(refused));
    assertFalse(PeerMarks.isDirty(refused));
    assertFalse(PeerMarks.isInFlight(refused));
    long kept = PeerMarks.KNOWN | PeerMarks.INTRODUCED | PeerMarks.SYNC | FRAME;
    assertEquals(mark & kept, refused & kept);
  }

  @Property(seed = "5006", tries = 1_000)
  void whatLandedIsAsItWasButNotInFlight(@ForAll long mark) {
    long landed = PeerMarks.landed(mark);

    assertFalse(PeerMarks.isInFlight(landed));
    assertFalse(PeerMarks.isPlain(landed));
    assertEquals(mark, landed | mark & (PeerMarks.IN_FLIGHT | PeerMarks.PLAIN));
  }

  @Property(seed = "5005", tries = 500)
  void usageAloneIsNotState(@ForAll @IntRange(max = 0x7FF) int groups) {
    assertEquals(groups != 0, PeerMarks.isDirty(groups));
    assertEquals((groups & ~ColumnGroup.USAGE) != 0, PeerMarks.isStateDirty(groups));
  }
}
