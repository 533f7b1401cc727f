package io.understudy.backup;

import java.time.Duration;

/** When sessions of a scope are backed up for the first time. */
public sealed interface BackupPolicy {
  /**
   * Once the session has proven itself: handshake complete, second forward packet; ICMP never.
   * Costs the least.
   */
  record Normal() implements BackupPolicy {}

  /** At the first packet: for paths on which forward and return traffic use different members. */
  record Quick() implements BackupPolicy {}

  /**
   * TCP once it has lived longer than an age, also if it is quiet then; other protocols as {@link
   * Normal}.
   *
   * @param age 1 s to 1 h, usually 30 s. Longer saves the backup of more short sessions, and loses
   *     more at a failover.
   */
  record Delayed(Duration age) implements BackupPolicy {
    private static final Duration MIN_AGE = Duration.ofSeconds(1);
    private static final Duration MAX_AGE = Duration.ofHours(1);

    public Delayed {
      if (age.compareTo(MIN_AGE) < 0 || age.compareTo(MAX_AGE) > 0) {
        throw new IllegalArgumentException(
            "backup.pickupDelay of " + age + " is outside " + MIN_AGE + ".." + MAX_AGE);
      }
    }
  }

  /** Not at all (RULE_EXCLUDED). */
  record Never() implements BackupPolicy {}

  BackupPolicy NORMAL = new Normal();
  BackupPolicy QUICK = new Quick();
  BackupPolicy NEVER = new Never();

  static BackupPolicy delayed(Duration age) {
    return new Delayed(age);
  }
}
