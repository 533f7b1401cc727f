package io.understudy.benchmarks.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Set;

/**
 * The rounds of a run: each does all passes of the library, and then plain TCP of as many bytes, so that both met the same machine.
 *
 * <p>Errors: {@link BenchmarkFailure}, also when the two tables differ after a pass.
 */
final class Comparison {
  /** The record length of the limits in the design's table, to which the targets refer. */
  private static final int REFERENCE_BYTES = 100;

  private static final double MILLION = 1e6;
  private static final double NS_PER_S = 1e9;

  private final RunOptions options;
  private final boolean isRaw;
  private final boolean isUnderstudy;
  private final PrintWriter progress;
  private final Report report = new Report();
  private Side active;
  private Side standby;

  Comparison(RunOptions options, Set<String> subjects, PrintWriter progress) {
    this.options = options;
    this.progress = progress;
    isRaw = subjects.contains("raw");
    isUnderstudy = subjects.contains("understudy");
  }

  Report run(int warmUp, int rounds, int cold) throws IOException, InterruptedException {
    conditions();
    try {
      active = Side.start("active", 0, options, progress);
      standby = Side.start("standby", 1, options, progress);
      int port = connect();
      for (int i = 0; i < warmUp + rounds; i++) {
        say((i < warmUp ? "warm-up " : "round ") + (i < warmUp ? i + 1 : i - warmUp + 1));
        round(i >= warmUp, i + 1 == warmUp + rounds);
      }
      if (isUnderstudy) {
        for (int i = 0; i < cold; i++) {
          say("cold standby " + (i + 1));
          coldStandby(port);
        }
      }
    } finally {
      closeAll();
    }
    return report;
  }

  private void closeAll() {
    if (standby != null) {
      standby.close();
    }
    if (active != null) {
      active.close();
    }
  }

  private void say(String what) {
    progress.println(what + " ...");
    progress.flush();
  }

  private void conditions() {
    report.condition("sessions", options.sessions(), "");
    report.condition("window", options.windowBytes(), "bytes");
    report.condition("jvm", System.getProperty("java.runtime.version"));
    report.condition("jvm arguments", String.join(" ", options.jvmArguments()));
    report.condition("processors", Runtime.getRuntime().availableProcessors(), "");
    report.condition(
        "pinned",
        Side.isPinned()
            ? "active on core 0, standby on core 1"
            : "no: there is no taskset, or only one core");
    report.condition("link", "loopback, plaintext");
  }

  /** Answers the standby's port. */
  private int connect() throws InterruptedException {
    if (isRaw) {
      long rawPort = standby.ask("raw-listen 0")[0];
      active.ask("raw-connect " + rawPort);
    }
    if (!isUnderstudy) {
      return 0;
    }
    int port = (int) standby.ask("standby " + options.port())[0];
    active.ask("active " + port);
    active.ask("await-sync " + standby.startedNs());
    return port;
  }

  private void round(boolean measured, boolean keepSessions) throws InterruptedException {
    double newBytes = REFERENCE_BYTES;
    double stateBytes = REFERENCE_BYTES;
    if (isUnderstudy) {
      Pass created = pass("new");
      assertEqualTables();
      Pass changed = pass("state");
      assertEqualTables();
      if (measured) {
        created.addTo(report, "new", "new sessions");
        changed.addTo(report, "state", "state updates");
      }
      newBytes = created.bytes;
      stateBytes = changed.bytes;
      if (measured) {
        reportHeap();
      }
      if (!keepSessions) {
        pass("remove");
      }
    }
    if (isRaw) {
      raw(measured, newBytes, stateBytes);
    }
    if (measured) {
      progress.println(report.lastRound());
      progress.flush();
    }
  }

  private void raw(boolean measured, double newBytes, double stateBytes)
      throws InterruptedException {
    double reference = rawRate(REFERENCE_BYTES);
    double ofNew = isUnderstudy ? rawRate(newBytes) : 0;
    double ofState = isUnderstudy ? rawRate(stateBytes) : 0;
    if (!measured) {
      return;
    }
    report.add("raw", "raw TCP, records of 100 bytes", "records/s", reference);
    if (isUnderstudy) {
      report.add("rawNew", "raw TCP, bytes of new sessions", "records/s", ofNew);
      report.add("rawState", "raw TCP, bytes of state updates", "records/s", ofState);
      share("newOfRaw", "new sessions, of raw 100-byte records", "new", reference);
      share("newWithLookupsOfRaw", "the same with look-ups", "newWithLookups", reference);
      share("stateOfRaw", "state updates, of raw 100-byte records", "state", reference);
      share("stateWithLookupsOfRaw", "the same with look-ups", "stateWithLookups", reference);
      share("newOfSame", "new sessions, of raw records of the same bytes", "new", ofNew);
      share("stateOfSame", "state updates, of raw records of the same bytes", "state", ofState);
    }
  }

  private void share(String key, String name, String of, double rawRate) {
    report.add(key, name, "%", 100 * report.last(of) / rawRate);
  }

  private double rawRate(double bytesPerRecord) throws InterruptedException {
    long records = Math.max(options.sessions(), 5_000_000); // long enough to be timed
    long ns = active.ask("raw-send " + (long) (records * bytesPerRecord))[0];
    return records * NS_PER_S / ns;
  }

  private Pass pass(String which) throws InterruptedException {
    active.ask("arrive " + which);
    long activeCpu = active.ask("cpu")[0];
    long standbyCpu = standby.ask("cpu")[0];
    long bytes = active.ask("payload")[0];
    long[] ns = active.ask("pass " + which);
    double records = options.sessions();
    return new Pass(
        records * NS_PER_S / (ns[0] - ns[1]),
        records * NS_PER_S / ns[0],
        (active.ask("payload")[0] - bytes) / records,
        (active.ask("cpu")[0] - activeCpu - ns[1]) / NS_PER_S / records * MILLION,
        ns[1] / NS_PER_S / records * MILLION,
        (standby.ask("cpu")[0] - standbyCpu) / NS_PER_S / records * MILLION);
  }

  private void assertEqualTables() throws InterruptedException {
    active.tell("hash");
    standby.tell("hash");
    long[] here = active.await("hash");
    long[] there = standby.await("hash");
    if (!Arrays.equals(here, there)) {
      throw new BenchmarkFailure(
          "the tables differ: "
              + here[1]
              + " sessions with hash "
              + Long.toHexString(here[0])
              + " at the active, "
              + there[1]
              + " with "
              + Long.toHexString(there[0])
              + " at the standby");
    }
    if (here[1] != options.sessions()) {
      throw new BenchmarkFailure(
          "both tables have " + here[1] + " sessions instead of " + options.sessions());
    }
  }

  private void reportHeap() throws InterruptedException {
    double records = options.sessions();
    report.add("heapActive", "heap at the active", "B/session", active.ask("heap")[0] / records);
    report.add("heapStandby", "heap at the standby", "B/session", standby.ask("heap")[0] / records);
  }

  /** Kills the standby and starts an empty one, which the active fills. */
  private void coldStandby(int port) throws IOException, InterruptedException {
    standby.kill();
    standby.close();
    standby = Side.start("standby", 1, options, progress);
    standby.ask("standby " + port);
    long[] ns = active.ask("await-sync " + standby.startedNs());
    report.add(
        "coldMs",
        "cold standby has everything, since its start",
        "ms",
        (ns[0] - standby.startedNs()) / 1e6);
    report.add("bulkMs", "the same, since it was connected", "ms", (ns[0] - ns[1]) / 1e6);
    assertEqualTables();
  }

  /**
   * What a pass came to. A dataplane looks up each packet's session whether there is a standby or not, so its look-ups are told apart.
   *
   * @param rate records a second from publish to acknowledgement, without the time of the look-ups
   * @param rateWithLookups the same with it
   */
  private record Pass(
      double rate,
      double rateWithLookups,
      double bytes,
      double activeCpu,
      double lookupCpu,
      double standbyCpu) {
    void addTo(Report report, String key, String name) {
      report.add(key, name + ", publish to acknowledgement", "records/s", rate);
      report.add(key + "WithLookups", "the same with look-ups", "records/s", rateWithLookups);
      report.add(key + "Bytes", name + ", wire", "B/record", bytes);
      report.add(key + "CpuActive", name + ", CPU of the active", "s per million", activeCpu);
      report.add(key + "CpuLookups", name + ", its look-ups beside", "s per million", lookupCpu);
      report.add(key + "CpuStandby", name + ", CPU of the standby", "s per million", standbyCpu);
    }
  }
}
