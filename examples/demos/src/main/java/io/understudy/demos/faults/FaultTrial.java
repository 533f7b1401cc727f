package io.understudy.demos.faults;

import io.understudy.demos.DemoFailure;
import io.understudy.demos.FreePorts;
import io.understudy.demos.faults.DecisionRuns.Run;
import io.understudy.testkit.contract.Relay;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * A pair of members in two processes, under one kind of fault after the other.
 *
 * <p>Thread: one.
 */
final class FaultTrial implements AutoCloseable {
  private static final long LOOK_NS = 2_000_000;

  private final MemberOptions[] options;
  private final MemberHandle[] members;
  private final TrialReport report;
  private final long limitNs;
  private final List<Relay> relays = new ArrayList<>();

  /**
   * @param count members: two, or three of which the last may not hold the group
   * @param intervalMs heartbeat interval of all
   * @param capacity entries of their tables
   */
  FaultTrial(int count, int intervalMs, int capacity, TrialReport report) {
    this.report = report;
    options = new MemberOptions[count];
    members = new MemberHandle[count];
    List<Integer> ports = FreePorts.find(count);
    for (int i = 0; i < count; i++) {
      options[i] = new MemberOptions(i + 1, ports.get(i), ports, intervalMs, capacity, "faults", 1);
    }
    limitNs = Math.max(40_000_000_000L, 100L * intervalMs * 1_000_000);
  }

  /** From the next start on the members dial each other by way of relays, which can cut every path. */
  void useRelays() {
    for (int i = 0; i < 2; i++) {
      Relay relay = new Relay(options[1 - i].port());
      relays.add(relay);
      options[i] = options[i].dialling(relay.port());
    }
  }

  /** Nothing arrives for so long, then every connection is reset. */
  void cut(long ms) {
    relays.forEach(Relay::holdUp);
    pause(ms);
    relays.forEach(Relay::breakAll);
  }

  MemberOptions options(int member) {
    return options[member];
  }

  void options(int member, MemberOptions value) {
    options[member] = value;
  }

  MemberHandle member(int member) {
    return members[member];
  }

  /** Starts whoever is not there. */
  void start() {
    for (int i = 0; i < members.length; i++) {
      if (members[i] == null) {
        start(i);
      }
    }
  }

  /** Starts one that is not there. */
  void start(int member) {
    members[member] = MemberHandle.start(options[member]);
  }

  /** So many operations a second at each of the first two. */
  void churn(int perSecond) {
    members[0].tell("churn " + perSecond);
    members[1].tell("churn " + perSecond);
  }

  /** Takes a member's runs for the report, then ends its process. */
  void end(int member) {
    if (members[member] != null) {
      members[member].close();
      members[member] = null;
    }
  }

  /** Waits until one member decides, the other is connected to it and everything is acknowledged; answers who decides. */
  int awaitPair() {
    int[] decider = new int[1];
    await(
        "a pair of which one decides",
        () -> {
          MemberHandle.Status one = members[0].status();
          MemberHandle.Status other = members[1].status();
          decider[0] = one.mayDecide() ? 0 : 1;
          return one.mayDecide() != other.mayDecide()
              && one.isConnected()
              && other.isConnected()
              && (decider[0] == 0 ? one.role() : other.role()).equals("ACTIVE");
        });
    return decider[0];
  }

  /** Waits until this member decides. */
  void awaitDecides(int member) {
    await("member " + (member + 1) + " decides", () -> members[member].status().mayDecide());
  }

  /** When this member decided first after the other one's last decision; waits until its asking thread has seen it. */
  long awaitFirstAfterLast(int member, MemberHandle other) {
    return awaitFirstAfter(
        member, () -> other.runs().stream().mapToLong(Run::toNs).max().orElse(0));
  }

  /** When this member decided first in a time that goes on after that moment; waits until its asking thread has seen it. */
  long awaitFirstAfter(int member, long momentNs) {
    return awaitFirstAfter(member, () -> momentNs);
  }

  private long awaitFirstAfter(int member, LongSupplier moment) {
    long[] decidedNs = new long[1];
    await(
        "decision of member " + (member + 1) + " after the other's last",
        () -> {
          long momentNs = moment.getAsLong();
          decidedNs[0] =
              members[member].runs().stream()
                  .filter(run -> run.toNs() > momentNs)
                  .mapToLong(Run::fromNs)
                  .min()
                  .orElse(Long.MAX_VALUE);
          return decidedNs[0] != Long.MAX_VALUE;
        });
    return decidedNs[0];
  }

  void await(String what, BooleanSupplier condition) {
    long endNs = System.nanoTime() + limitNs;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > endNs) {
        throw new DemoFailure(
            "no " + what + " within " + limitNs / 1_000_000_000 + " s: " + statuses());
      }
      LockSupport.parkNanos(LOOK_NS);
    }
  }

  private String statuses() {
    List<String> all = new ArrayList<>();
    for (MemberHandle member : members) {
      all.add(member == null ? "ended" : member.status().toString());
    }
    return String.join("; ", all);
  }

  void pause(long ms) {
    long endNs = System.nanoTime() + ms * 1_000_000;
    for (long left = ms * 1_000_000; left > 0; left = endNs - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** Judges what both members said since they started: two who decided at once are a failure. */
  void judge(String what) {
    List<Run> both = TwoDeciders.of(members[0].runs(), members[1].runs());
    report.overlong(members[0].overlong() + members[1].overlong());
    for (Run overlap : both) {
      report.fail(what + ": two decide for " + (overlap.toNs() - overlap.fromNs()) / 1_000 + " us");
    }
    report.counted(what);
  }

  /** No load, everything acknowledged: both tables have the same sessions. */
  void judgeTables(String what) {
    churn(0);
    awaitPair();
    String[] hash = new String[2];
    long endNs = System.nanoTime() + limitNs;
    do {
      hash[0] = members[0].tell("hash");
      hash[1] = members[1].tell("hash");
      LockSupport.parkNanos(LOOK_NS);
    } while (!hash[0].equals(hash[1]) && System.nanoTime() < endNs);
    if (!hash[0].equals(hash[1])) {
      report.fail(what + ": the tables differ: " + hash[0] + ", " + hash[1]);
    }
    report.counted(what + ", tables");
  }

  @Override
  public void close() {
    for (int i = 0; i < members.length; i++) {
      end(i);
    }
    relays.forEach(Relay::close);
    relays.clear();
  }
}
