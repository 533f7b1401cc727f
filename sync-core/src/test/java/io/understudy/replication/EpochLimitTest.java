package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.understudy.delta.PeerDelta;
import io.understudy.wire.InputLimit;
import io.understudy.wire.WireFormatException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How far a peer's epochs may go ahead: at the limit and beyond. */
class EpochLimitTest {
  private final Inbound inbound = new Inbound(2, new PeerDelta(0, List.of()), List.of());

  @Test
  void firstEpochOfALifeMayBeAnyThatConnectionsCanHaveCounted() {
    assertDoesNotThrow(() -> inbound.checkEpoch(InputLimit.FIRST_EPOCH.high()));
    assertRefused(InputLimit.FIRST_EPOCH.high() + 1, 0);
  }

  @Test
  void laterEpochsGoAheadByAStep() {
    inbound.beginEpoch(7);

    assertDoesNotThrow(() -> inbound.checkEpoch(7 + InputLimit.EPOCH_STEP.high()));
    assertDoesNotThrow(() -> inbound.checkEpoch(0), "late, and dropped elsewhere");
    assertRefused(7 + InputLimit.EPOCH_STEP.high() + 1, 7);
    assertRefused(Long.MAX_VALUE, 7);
    assertRefused(-1, 7);
  }

  private void assertRefused(long epoch, long before) {
    String message =
        assertThrows(WireFormatException.class, () -> inbound.checkEpoch(epoch)).getMessage();
    long most = before == 0 ? InputLimit.FIRST_EPOCH.high() : InputLimit.EPOCH_STEP.high();
    assertEquals(
        "epoch "
            + Long.toUnsignedString(epoch)
            + " follows "
            + before
            + "; they count connections, and at most "
            + most
            + " are missed",
        message);
  }
}
