package io.understudy.backup;

/**
 * A decision of the gate, in one {@code long}.
 *
 * <pre>
 *   bits 0..1 answer | bit 2 urgent | bits 8..15 code of the reason | bits 16..62 look again in ns, 0: at the next event
 * </pre>
 *
 * <p>Thread: any.
 */
public final class BackupDecision {
  private static final BackupAnswer[] ANSWERS = BackupAnswer.values();
  private static final long URGENT = 4;
  private static final int REASON_SHIFT = 8;
  private static final int TIME_SHIFT = 16;

  private BackupDecision() {}

  public static BackupAnswer answer(long decision) {
    return ANSWERS[(int) decision & 3];
  }

  public static boolean isBackUp(long decision) {
    return answer(decision) == BackupAnswer.BACK_UP;
  }

  /**
   * A change leaves at the end of this duty cycle; otherwise it may wait a few milliseconds for
   * others.
   */
  public static boolean isUrgent(long decision) {
    return (decision & URGENT) != 0;
  }

  /**
   * The code of the reason, 0 with {@link BackupAnswer#BACK_UP}: what a table keeps as the row's
   * exclusion.
   */
  public static int reasonCode(long decision) {
    return (int) (decision >>> REASON_SHIFT) & 0xFF;
  }

  /** The reason; not with {@link BackupAnswer#BACK_UP}. */
  public static BackupReason reason(long decision) {
    return BackupReason.ofCode(reasonCode(decision));
  }

  /** In how many nanoseconds the gate wants to be asked again; 0: when an event happens. */
  public static long lookAgainNs(long decision) {
    return decision >>> TIME_SHIFT;
  }

  /** The decision in words. */
  public static String describe(long decision) {
    BackupAnswer answer = answer(decision);
    if (answer == BackupAnswer.BACK_UP) {
      return isUrgent(decision) ? "BACK_UP, urgent" : "BACK_UP";
    }
    BackupReason reason = reason(decision);
    String text = answer + " " + reason + ": " + reason.sentence();
    long againNs = lookAgainNs(decision);
    return againNs == 0 ? text : text + " Look again in " + againNs + " ns.";
  }

  static long backUp(boolean urgent) {
    return BackupAnswer.BACK_UP.ordinal() | (urgent ? URGENT : 0);
  }

  static long notYet(BackupReason reason) {
    return of(BackupAnswer.NOT_YET, reason);
  }

  static long notYet(BackupReason reason, long lookAgainNs) {
    return of(BackupAnswer.NOT_YET, reason) | lookAgainNs << TIME_SHIFT;
  }

  static long never(BackupReason reason) {
    return of(BackupAnswer.NEVER, reason);
  }

  static long withdraw(BackupReason reason) {
    return of(BackupAnswer.WITHDRAW, reason) | URGENT;
  }

  private static long of(BackupAnswer answer, BackupReason reason) {
    return answer.ordinal() | (long) reason.code() << REASON_SHIFT;
  }
}
