package io.understudy.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class BackupConfigTest {
  private static final BackupPolicy DELAYED = BackupPolicy.delayed(Duration.ofSeconds(30));

  /** It would have meant the default: a rule that was to keep sessions back would back them up. */
  @Test
  void nullsAreRefusedWhereTheyAreSaid() {
    assertThrows(NullPointerException.class, () -> BackupRule.any(null));
    assertThrows(NullPointerException.class, () -> BackupConfig.builder().policy(null).build());
    assertThrows(NullPointerException.class, () -> BackupConfig.builder().adaptive(null).build());
  }

  @Test
  void defaultsAreTheContract() {
    BackupConfig config = BackupConfig.hotStandby();

    assertEquals(BackupPolicy.NORMAL, config.policy());
    assertEquals(List.of(), config.rules());
    assertTrue(config.pickup());
    assertTrue(config.connectionless());
    assertTrue(config.httpReplication());
    assertEquals(List.of(80, 8080), config.httpPorts());
    assertTrue(config.excludeInspected());
    assertFalse(config.asymmetricPaths());
    assertFalse(config.adaptive().enabled());
  }

  @Test
  void delayIsRefusedTogetherWithQuickMode() {
    BackupConfig.Builder byRule =
        BackupConfig.builder().policy(DELAYED).rule(BackupRule.any(BackupPolicy.QUICK));
    BackupConfig.Builder inRule =
        BackupConfig.builder().policy(BackupPolicy.QUICK).rule(BackupRule.any(DELAYED));
    BackupConfig.Builder adaptive =
        BackupConfig.builder().policy(DELAYED).adaptive(AdaptiveConfig.on());

    assertRefused("backup.pickupDelay and quick mode", byRule::build);
    assertRefused("backup.pickupDelay and quick mode", inRule::build);
    assertRefused("backup.pickupDelay and quick mode", adaptive::build);
  }

  @Test
  void delayIsRefusedTogetherWithAsymmetricPaths() {
    assertRefused(
        "backup.pickupDelay and backup.asymmetricPaths",
        BackupConfig.builder().policy(DELAYED).asymmetricPaths(true)::build);
  }

  @Test
  void valuesOutOfRangeAreRefusedWhereTheyAreWritten() {
    assertRefused("backup.pickupDelay", () -> BackupPolicy.delayed(Duration.ofMillis(999)));
    assertRefused("backup.pickupDelay", () -> BackupPolicy.delayed(Duration.ofMinutes(61)));
    BackupRule any = BackupRule.any(BackupPolicy.QUICK);
    assertRefused("backup.rule.group", () -> any.forGroup(64));
    assertRefused("backup.rule.group", () -> any.forGroup(0));
    assertRefused("backup.rule.protocol", () -> any.forProtocol(256));
    assertRefused("backup.rule.vsys", () -> any.forVsys(-2));
    assertRefused("backup.rule.lastPort", () -> any.forPorts(100, 99));
    assertRefused("backup.rule.firstPort", () -> any.forPort(65_536));
    assertRefused(
        "backup.httpPorts contains 0", BackupConfig.builder().httpPorts(List.of(80, 0))::build);
    assertRefused(
        "backup.rules has 1001 rules",
        () -> BackupConfig.hotStandby().toBuilder().rules(Collections.nCopies(1_001, any)).build());
  }

  @Test
  void replicationOfHttpCannotBeTurnedOffForNoPort() {
    assertRefused(
        "would exclude nothing",
        BackupConfig.builder().httpReplication(false).httpPorts(List.of())::build);
  }

  @Test
  void adaptiveSettingsKeepTheirRanges() {
    Duration window = Duration.ofSeconds(5);
    assertRefused(
        "backup.adaptive.window",
        () -> new AdaptiveConfig(true, Duration.ofMillis(10), 20, 2, window));
    assertRefused("backup.adaptive.quickAt", () -> new AdaptiveConfig(true, window, 0, 0, window));
    assertRefused(
        "backup.adaptive.calmBelow", () -> new AdaptiveConfig(true, window, 5, 6, window));
    assertRefused(
        "backup.adaptive.calmFor",
        () -> new AdaptiveConfig(true, window, 5, 5, Duration.ofSeconds(4)));
  }

  @Test
  void builderOfAConfigStartsWithItsSettings() {
    BackupConfig config =
        BackupConfig.builder()
            .policy(BackupPolicy.QUICK)
            .rule(BackupRule.any(BackupPolicy.NEVER).forPort(25))
            .pickup(false)
            .connectionless(false)
            .httpReplication(false)
            .httpPorts(List.of(8_000))
            .excludeInspected(false)
            .asymmetricPaths(true)
            .adaptive(AdaptiveConfig.on())
            .build();

    assertEquals(config, config.toBuilder().build());
  }

  private static void assertRefused(String message, Executable action) {
    String actual = assertThrows(IllegalArgumentException.class, action).getMessage();
    assertTrue(actual.contains(message), actual);
  }
}
