package io.understudy.demos.replay;

import io.understudy.backup.BackupReason;
import io.understudy.testkit.firewall.ProtocolClass;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes a report as one line of JSON; the names and their order are those of the replay's contract. */
final class JsonReport {
  private JsonReport() {}

  static String of(FileReport report) {
    return "{\"file\": "
        + quoted(report.file())
        + ", \"mode\": "
        + quoted(report.mode())
        + ", \"packets\": "
        + report.packets()
        + ", \"malformed\": "
        + report.malformed()
        + ", \"undecoded\": "
        + report.undecodedPackets()
        + ", \"truncatedFile\": "
        + !report.truncation().isEmpty()
        + ", \"sessions\": "
        + protocols(report.sessions())
        + ", \"backedUp\": "
        + protocols(report.backedUp())
        + ", \"excluded\": "
        + excluded(report.excluded())
        + ", \"identical\": "
        + report.identical()
        + ", \"link\": "
        + link(report.link())
        + ", \"paths\": "
        + (report.paths() == null ? "null" : paths(report.paths()))
        + ", \"takeover\": "
        + (report.takeover() == null ? "null" : takeover(report.takeover()))
        + "}";
  }

  /** One packet. */
  static String of(PacketReport report) {
    return "{\"packet\": "
        + report.packet()
        + ", \"member\": "
        + quoted(report.member())
        + ", \"disposition\": "
        + quoted(report.disposition().name())
        + ", \"reason\": "
        + orNull(report.reason())
        + ", \"session\": "
        + orNull(report.session())
        + ", \"state\": "
        + orNull(report.state())
        + ", \"backedUp\": "
        + report.backedUp()
        + "}";
  }

  private static String orNull(String text) {
    return text == null ? "null" : quoted(text);
  }

  private static String protocols(Map<ProtocolClass, Long> counts) {
    StringBuilder text = new StringBuilder("{");
    for (ProtocolClass protocol : ProtocolClass.values()) {
      text.append(text.length() > 1 ? ", " : "")
          .append(quoted(protocol.label()))
          .append(": ")
          .append(counts.getOrDefault(protocol, 0L));
    }
    return text.append("}").toString();
  }

  /** MULTICAST is always there: it is what all modes exclude. */
  private static String excluded(Map<BackupReason, Long> counts) {
    Map<BackupReason, Long> withMulticast = new TreeMap<>(counts);
    withMulticast.putIfAbsent(BackupReason.MULTICAST, 0L);
    return reasons(withMulticast);
  }

  private static String reasons(Map<BackupReason, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> quoted(entry.getKey().name()) + ": " + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String link(FileReport.LinkUse link) {
    return "{\"creates\": "
        + link.creates()
        + ", \"updates\": "
        + link.updates()
        + ", \"deletes\": "
        + link.deletes()
        + ", \"payloadBytes\": "
        + link.payloadBytes()
        + "}";
  }

  private static String paths(FileReport.PathsUse paths) {
    return "{\"returnPackets\": "
        + paths.returnPackets()
        + ", \"matched\": "
        + paths.matched()
        + ", \"parked\": "
        + paths.parked()
        + ", \"dropped\": "
        + protocols(paths.dropped())
        + "}";
  }

  private static String takeover(FileReport.TakeoverResult takeover) {
    return "{\"atPacket\": "
        + takeover.atPacket()
        + ", \"micros\": "
        + takeover.micros()
        + ", \"unacknowledged\": "
        + takeover.unacknowledged()
        + ", \"sessionsTaken\": "
        + takeover.sessionsTaken()
        + ", \"sessionsLost\": "
        + takeover.sessionsLost()
        + ", \"packetsMatched\": "
        + takeover.packetsMatched()
        + ", \"packetsLost\": "
        + takeover.packetsLost()
        + ", \"packetsUnprotected\": "
        + reasons(takeover.packetsUnprotected())
        + "}";
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
              } else if (c < 0x20) {
                quoted.append(String.format("\\u%04x", c));
              } else {
                quoted.append((char) c);
              }
            });
    return quoted.append('"').toString();
  }
}
