package io.understudy.metrics;

import io.understudy.wire.InputLimit;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;

/**
 * The one way to log what others can cause again and again: a peer, a stranger, a full disk.
 *
 * <p>Shape: for each cause and subject the first line at once, then at most one in 10 s, which says how many were left out since. At
 * most 256 of them are told apart; beyond that they share one line a cause.
 *
 * <p>Units: {@code nowNs} is the caller's clock. Thread: one.
 */
public final class PeerLog {
  /** Between two lines of one cause and subject. */
  public static final long INTERVAL_NS = InputLimit.LOG_INTERVAL_MS.high() * 1_000_000;

  private static final String OTHERS = "others";

  private final Logger log;
  private final Map<Line, Told> told = new HashMap<>();

  private enum Level {
    INFO,
    WARN,
    ERROR
  }

  private record Line(String cause, Object subject) {}

  private static final class Told {
    long atNs;
    long leftOut;
  }

  public PeerLog(Logger log) {
    this.log = log;
  }

  public void info(String cause, Object subject, long nowNs, String format, Object... arguments) {
    log(Level.INFO, cause, subject, nowNs, format, arguments);
  }

  public void warn(String cause, Object subject, long nowNs, String format, Object... arguments) {
    log(Level.WARN, cause, subject, nowNs, format, arguments);
  }

  public void error(String cause, Object subject, long nowNs, String format, Object... arguments) {
    log(Level.ERROR, cause, subject, nowNs, format, arguments);
  }

  private void log(
      Level level, String cause, Object subject, long nowNs, String format, Object... arguments) {
    Line line = new Line(cause, subject);
    Told before = told.get(line);
    if (before == null && isFull(nowNs)) {
      line = new Line(cause, OTHERS);
      before = told.get(line);
    }
    if (before != null && nowNs - before.atNs < INTERVAL_NS) {
      before.leftOut++;
      return;
    }
    long leftOut = before == null ? 0 : before.leftOut;
    Told now = before == null ? new Told() : before;
    now.atNs = nowNs;
    now.leftOut = 0;
    told.put(line, now);
    String more = leftOut == 0 ? "" : " (repeated " + leftOut + " times since)";
    String pattern = format + more;
    switch (level) {
      case ERROR -> log.error(pattern, arguments);
      case WARN -> log.warn(pattern, arguments);
      default -> log.info(pattern, arguments);
    }
  }

  /** Subjects that are many are strangers: those of whom nothing was heard for an interval give way. */
  private boolean isFull(long nowNs) {
    if (told.size() < InputLimit.LOG_SUBJECTS.high()) {
      return false;
    }
    told.values().removeIf(line -> nowNs - line.atNs >= INTERVAL_NS);
    return told.size() >= InputLimit.LOG_SUBJECTS.high();
  }
}
