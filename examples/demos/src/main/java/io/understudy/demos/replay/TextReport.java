package io.understudy.demos.replay;

import io.understudy.backup.BackupReason;
import io.understudy.testkit.firewall.ProtocolClass;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Prints reports as a table that a person can read: per file, and in total. */
final class TextReport {
  private static final String ROW = "%-38s %7s %5s  %-23s %-23s %5s %7s %8s %6s%n";

  private final PrintWriter out;
  private final Map<ProtocolClass, Long> sessions = new EnumMap<>(ProtocolClass.class);
  private final Map<ProtocolClass, Long> backedUp = new EnumMap<>(ProtocolClass.class);
  private final Map<BackupReason, Long> excluded = new TreeMap<>();
  private final Map<String, Long> undecoded = new TreeMap<>();
  private long files;
  private long packets;
  private long malformed;
  private long identical;
  private long comparable;
  private long records;
  private long bytes;

  TextReport(PrintWriter out) {
    this.out = out;
  }

  /** The head of the table. */
  void begin(ReplayOptions options) {
    out.printf(
        "Mode %s. Sessions and what the standby received: tcp/udp/icmp/sctp/other.%n",
        options.mode());
    out.printf(
        ROW, "file", "packets", "bad", "sessions", "backed up", "same", "records", "bytes", "each");
  }

  /** One file's row, and below it whatever is worth a line. */
  void add(FileReport report) {
    FileReport.LinkUse link = report.link();
    row(
        report.file(),
        report.packets(),
        report.malformed(),
        report.sessions(),
        report.backedUp(),
        report.identical() == null ? "-" : report.identical() ? "yes" : "NO",
        link.records(),
        link.payloadBytes());
    if (!report.truncation().isEmpty()) {
      out.println("    the file breaks off: " + report.truncation());
    }
    if (!report.undecoded().isEmpty()) {
      out.println("    " + undecoded(report));
    }
    if (!report.excluded().isEmpty() || !report.excludedOther().isEmpty()) {
      out.println("    never backed up: " + reasons(report.excluded(), report.excludedOther()));
    }
    if (report.explanation().contains(";")) {
      out.println("    " + report.explanation());
    }
    if (report.paths() != null) {
      addPaths(report.paths());
    }
    if (report.takeover() != null) {
      addTakeover(report.takeover());
    }
    if (report.unprotected() > 0) {
      out.println("    table full: " + report.unprotected() + " packets passed without a session");
    }
    if (report.settleTimeouts() > 0) {
      out.println(
          "    waiting for acknowledgements took too long, times: " + report.settleTimeouts());
    }
    sum(report);
  }

  /** One packet. */
  void add(PacketReport report) {
    String told = report.session() == null ? "" : " " + report.session() + " " + report.state();
    out.printf(
        "%7d %s %-7s%s%s%s%n",
        report.packet(),
        report.member(),
        report.disposition(),
        report.reason() == null ? "" : " " + report.reason(),
        told,
        report.backedUp() ? ", backed up" : "");
  }

  /** A file of which nothing was decoded is not to look like an empty one. */
  private static String undecoded(FileReport report) {
    boolean all = report.undecodedPackets() + report.malformed() == report.packets();
    return (all ? "nothing was decoded: " : "not decoded: ") + kinds(report.undecoded());
  }

  private static String kinds(Map<String, Long> packetsByKind) {
    return packetsByKind.entrySet().stream()
        .map(kind -> kind.getValue() + " packets of " + kind.getKey())
        .collect(Collectors.joining(", "));
  }

  private void row(
      String name,
      long packetCount,
      long malformedCount,
      Map<ProtocolClass, Long> began,
      Map<ProtocolClass, Long> received,
      String same,
      long recordCount,
      long byteCount) {
    out.printf(
        ROW,
        name.length() <= 38 ? name : "..." + name.substring(name.length() - 35),
        packetCount,
        malformedCount,
        protocols(began),
        protocols(received),
        same,
        recordCount,
        byteCount,
        recordCount == 0
            ? "-"
            : String.format(Locale.ROOT, "%.1f", (double) byteCount / recordCount));
  }

  private void addPaths(FileReport.PathsUse paths) {
    out.printf(
        "    return packets at the other member: %d, of these %d found their session, %d were parked, dropped %s%n",
        paths.returnPackets(), paths.matched(), paths.parked(), protocols(paths.dropped()));
  }

  private void addTakeover(FileReport.TakeoverResult takeover) {
    out.printf(
        "    takeover after packet %d: %d sessions taken, %d lost (%d entries were unacknowledged);"
            + " first packet matched after %d us%n",
        takeover.atPacket(),
        takeover.sessionsTaken(),
        takeover.sessionsLost(),
        takeover.unacknowledged(),
        takeover.micros());
    out.printf(
        "    after it: %d packets of backed-up sessions matched, %d lost; of sessions kept back: %s%n",
        takeover.packetsMatched(),
        takeover.packetsLost(),
        takeover.packetsUnprotected().isEmpty()
            ? "none"
            : reasons(takeover.packetsUnprotected(), Map.of()));
  }

  private void sum(FileReport report) {
    files++;
    packets += report.packets();
    malformed += report.malformed();
    report.undecoded().forEach((kind, n) -> undecoded.merge(kind, n, Long::sum));
    report.sessions().forEach((protocol, n) -> sessions.merge(protocol, n, Long::sum));
    report.backedUp().forEach((protocol, n) -> backedUp.merge(protocol, n, Long::sum));
    report.excluded().forEach((reason, n) -> excluded.merge(reason, n, Long::sum));
    report.excludedOther().forEach((reason, n) -> excluded.merge(reason, n, Long::sum));
    comparable += report.identical() == null ? 0 : 1;
    identical += Boolean.TRUE.equals(report.identical()) ? 1 : 0;
    records += report.link().records();
    bytes += report.link().payloadBytes();
  }

  /** The totals. */
  void end() {
    String same = comparable == 0 ? "-" : identical + "/" + comparable;
    row("total of " + files, packets, malformed, sessions, backedUp, same, records, bytes);
    if (!undecoded.isEmpty()) {
      out.println("    not decoded: " + kinds(undecoded));
    }
    if (!excluded.isEmpty()) {
      out.println("    never backed up: " + reasons(excluded, Map.of()));
      excluded
          .keySet()
          .forEach(reason -> out.println("        " + reason + ": " + reason.sentence()));
    }
    out.flush();
  }

  private static String protocols(Map<ProtocolClass, Long> counts) {
    StringBuilder text = new StringBuilder();
    for (ProtocolClass protocol : ProtocolClass.values()) {
      text.append(text.length() > 0 ? "/" : "").append(counts.getOrDefault(protocol, 0L));
    }
    return text.toString();
  }

  private static String reasons(Map<BackupReason, Long> counts, Map<BackupReason, Long> more) {
    Map<BackupReason, Long> sum = new TreeMap<>(counts);
    more.forEach((reason, n) -> sum.merge(reason, n, Long::sum));
    return sum.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }
}
