package io.understudy.ha;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What of one life of a peer counts for the next. */
class PeerLineTest {
  private static final long MS = 1_000_000;
  private static final int WRONG = 1;

  private final RightSettings settings =
      new RightSettings(100 * MS, 5 * MS, 20 * MS, 10_000 * MS, 0);
  private final PeerLine line = new PeerLine(settings, new ClaimTime(500 * MS), 2);

  /** Then the present life came on the other path, and closed it at two seconds. */
  private void closeAPathOfAFormerLife(boolean byPeer) {
    line.begin(1, 0);
    line.opened(WRONG);
    line.closed(WRONG, byPeer, 10 * MS);
    line.begin(2, 1_000 * MS);
    line.opened(0);
    line.closed(0, true, 2_000 * MS);
  }

  /** Another process with the peer's node id had answered there and ended; the peer's address on that path is wrong. */
  @Test
  void dialRefusedWhereTheLifeThatIsUpNeverWasProvesNothing() {
    closeAPathOfAFormerLife(true);

    line.refused(WRONG, 2_001 * MS);
    line.judge(2_050 * MS);
    assertFalse(line.isClosed(2_050 * MS));
    assertFalse(line.isGone(2_000 * MS));

    line.refused(0, 2_060 * MS);
    line.judge(2_061 * MS);
    assertTrue(line.isClosed(2_061 * MS));
    assertTrue(line.isGone(2_000 * MS));
  }

  /** A path that a former life left open for this side to close does not keep the present one from being over. */
  @Test
  void pathThatThisSideClosedInAFormerLifeIsNoneOfThePresentOne() {
    closeAPathOfAFormerLife(false);

    line.refused(0, 2_001 * MS);
    line.judge(2_050 * MS);

    assertTrue(line.isClosed(2_050 * MS));
  }

  /** Its HELLO says the claim time that it had when it greeted first. */
  @Test
  void claimTimeThatAStrangerSaidLastCountsWhenItTakesThePeersPlace() {
    PeerMonitor peer = new PeerMonitor(2, 0, line, 2, 100 * MS);
    peer.agreed(1, 0);
    StrangerHello hello = new StrangerHello(2, 7, 1_000 * MS, false);
    peer.meetStranger(hello).toldDetection(1, 8_000 * MS);

    peer.refused(2, 7, 1_000 * MS, 10 * MS);

    assertEquals(8_000 * MS, peer.claimNs());
  }
}
