package io.understudy.demos.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.firewall.ProtocolClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AsymmetricRunTest {
  @ParameterizedTest
  @EnumSource(names = "OTHER", mode = EnumSource.Mode.EXCLUDE)
  void quickBackupAndParkBringEveryAnswerToItsSession(ProtocolClass protocol) {
    AsymmetricRun.Result normal = AsymmetricRun.of(protocol, false, false);
    AsymmetricRun.Result quick = AsymmetricRun.of(protocol, true, false);
    AsymmetricRun.Result parked = AsymmetricRun.of(protocol, true, true);

    assertEquals(AsymmetricRun.CONNECTS, normal.dropped());
    assertEquals(1, normal.keptBack().size());
    assertTrue(quick.matched() > 0 && quick.dropped() > 0, "some lose the race, others do not");
    assertEquals(0, parked.dropped());
    assertEquals(AsymmetricRun.CONNECTS, parked.matched() + parked.released());
  }
}
