package io.understudy;

import io.understudy.Fault.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/**
 * Every fault that goes on: told to the listener once when it begins and once when it ends, kept in the status between, and logged.
 *
 * <h2>Lines</h2>
 *
 * A WARN when a fault begins and an INFO when it ends. Who causes faults may do so again and again: one that begins within {@link
 * #LINE_NS} after its last WARN gets the next one when that time is over, if it still goes on, and the line says how often it began. One
 * that goes on is mentioned again after {@link #REMINDER_NS}.
 *
 * <p>Shape: subjects are few: peers, their links, tables. Thread: the duty cycle.
 */
final class Faults {
  static final long LINE_NS = 10_000_000_000L;
  static final long REMINDER_NS = 600_000_000_000L;

  private final Logger log;
  private final Callbacks callbacks;
  private final Runnable whenChanged;
  private final Map<Subject, Open> open = new LinkedHashMap<>();

  /** What has been said of a subject, also of one that has ended. */
  private final Map<Subject, Said> said = new HashMap<>();

  /** Those that the listener knows to go on: when it lags, some begins and ends are left out. */
  private final Set<Subject> told = ConcurrentHashMap.newKeySet();

  private record Subject(Kind kind, int node, int index) {}

  private static final class Open {
    final String cause;
    final long sinceNs;
    long count = 1;
    boolean isLogged;

    Open(String cause, long sinceNs) {
      this.cause = cause;
      this.sinceNs = sinceNs;
    }

    Fault fault(Subject subject) {
      return new Fault(subject.kind, subject.node, subject.index, cause, sinceNs, count);
    }
  }

  private static final class Said {
    long atNs;
    long begunSince;
  }

  /** @param whenChanged run when one begins or ends */
  Faults(Logger log, Callbacks callbacks, Runnable whenChanged) {
    this.log = log;
    this.callbacks = callbacks;
    this.whenChanged = whenChanged;
  }

  boolean isOpen(Kind kind, int node, int index) {
    return open.containsKey(new Subject(kind, node, index));
  }

  /** Those that go on, the oldest first. */
  List<Fault> all() {
    List<Fault> all = new ArrayList<>(open.size());
    open.forEach((subject, fault) -> all.add(fault.fault(subject)));
    return all;
  }

  /** It is met: it begins, or is counted. */
  void met(Kind kind, int node, int index, String cause, long nowNs) {
    Subject subject = new Subject(kind, node, index);
    Open before = open.get(subject);
    if (before != null) {
      before.count++;
      return;
    }
    Open begun = new Open(cause, nowNs);
    open.put(subject, begun);
    Said last = said.get(subject);
    if (last == null) {
      said.put(subject, new Said());
      warn(subject, begun, nowNs);
    } else {
      last.begunSince++;
      warnIfDue(subject, begun, nowNs);
    }
    whenChanged.run();
    Fault fault = begun.fault(subject);
    callbacks.tellInOrder(
        "fault " + kind,
        node,
        index,
        to -> {
          if (told.add(subject)) {
            to.onFaultBegan(fault);
          }
        });
  }

  /** As it goes on: how often in all. */
  void count(Kind kind, int node, int index, long count) {
    Open fault = open.get(new Subject(kind, node, index));
    if (fault != null) {
      fault.count = count;
    }
  }

  /**
   * It is over, if it was on.
   *
   * @param how in one sentence
   */
  void over(Kind kind, int node, int index, String how, long nowNs) {
    Subject subject = new Subject(kind, node, index);
    Open ended = open.remove(subject);
    if (ended == null) {
      return;
    }
    if (ended.isLogged) {
      log.info("{}, after {} ms; met {} times", how, millis(ended, nowNs), ended.count);
    }
    whenChanged.run();
    Fault fault = ended.fault(subject);
    callbacks.tellInOrder(
        "fault " + kind,
        node,
        index,
        to -> {
          if (told.remove(subject)) {
            to.onFaultEnded(fault);
          }
        });
  }

  /** Lines that had to wait, and reminders. */
  void run(long nowNs) {
    for (Map.Entry<Subject, Open> entry : open.entrySet()) {
      warnIfDue(entry.getKey(), entry.getValue(), nowNs);
    }
  }

  private void warnIfDue(Subject subject, Open fault, long nowNs) {
    long quietNs = nowNs - said.get(subject).atNs;
    if (!fault.isLogged && quietNs >= LINE_NS) {
      warn(subject, fault, nowNs);
    } else if (fault.isLogged && quietNs >= REMINDER_NS) {
      log.warn(
          "{} (goes on since {} ms, met {} times)", fault.cause, millis(fault, nowNs), fault.count);
      said.get(subject).atNs = nowNs;
    }
  }

  private void warn(Subject subject, Open fault, long nowNs) {
    if (subject.kind == Kind.FAILED) {
      return; // whoever ends the node says so, with what was thrown
    }
    Said last = said.get(subject);
    String line =
        last.begunSince > 1
            ? fault.cause + " (began " + last.begunSince + " times since it was last said)"
            : fault.cause;
    if (subject.kind == Kind.STORE) {
      log.error(line); // needs a person
    } else {
      log.warn(line);
    }
    last.atNs = nowNs;
    last.begunSince = 0;
    fault.isLogged = true;
  }

  private static long millis(Open fault, long nowNs) {
    return (nowNs - fault.sinceNs) / 1_000_000;
  }
}
