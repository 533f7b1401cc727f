package io.understudy.testkit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimSettings;
import io.understudy.testkit.sim.Death;
import io.understudy.testkit.sim.PathSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoUnsyncedClaimTest {
  private static final long MS = 1_000_000;

  private final SimCluster sim =
      new SimCluster(
          1,
          new SimSettings(
              2,
              1,
              1,
              List.of(4_096, 4_096),
              1 << 20,
              Duration.ofSeconds(2),
              PathSettings.DEFAULT));

  @Test
  void memberThatHearsNobodyMayClaimWithoutHistory() {
    newLifeOfMember2ClaimsBehindACut(
        new NoUnsyncedClaim((a, b) -> Long.MAX_VALUE, 100_000_000), true);
  }

  /** What it would lose is nothing: a term that began without history and without a session. */
  @Test
  void memberMayClaimBesideOneThatHasNoSession() {
    newLifeOfMember2ClaimsBehindACut(new NoUnsyncedClaim((a, b) -> 0, 100_000_000), false);
  }

  @Test
  void claimWithoutHistoryBesideOneThatHasSomeAndIsHeardIsFound() {
    NoUnsyncedClaim checker = new NoUnsyncedClaim((a, b) -> 0, 100_000_000);

    SimFailure failure =
        assertThrows(SimFailure.class, () -> newLifeOfMember2ClaimsBehindACut(checker, true));

    assertEquals("NoUnsyncedClaim", failure.promise());
  }

  private void newLifeOfMember2ClaimsBehindACut(NoUnsyncedClaim checker, boolean hasSession) {
    CheckedSteps.start(sim);
    CheckedSteps.run(sim, checker, 500 * MS);
    if (hasSession) {
      new Sessions(sim).publish(1);
    }
    sim.network().faults().cutAll(1, 2);
    sim.node(2).kill(Death.SILENT);
    sim.node(2).start();
    CheckedSteps.run(sim, checker, 4_000 * MS);
  }
}
