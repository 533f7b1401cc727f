package io.understudy.demos.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.backup.BackupReason;
import io.understudy.backup.NodeAddresses;
import io.understudy.demos.Captures;
import io.understudy.testkit.firewall.ProtocolClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Replays captures for tests. */
final class Replays {
  private Replays() {}

  static ReplayOptions plain(boolean quick) {
    return options(quick, ReplayOptions.NO_TAKEOVER, false, false, ReplayOptions.REAL_LINK);
  }

  static ReplayOptions takeover(boolean quick, boolean settle) {
    return options(quick, 60, settle, false, ReplayOptions.REAL_LINK);
  }

  static ReplayOptions paths(boolean quick, int linkDelayMs) {
    return options(quick, ReplayOptions.NO_TAKEOVER, false, true, linkDelayMs);
  }

  private static ReplayOptions options(
      boolean quick, int takeoverAt, boolean settle, boolean paths, int linkDelayMs) {
    return new ReplayOptions(
        quick,
        takeoverAt,
        settle,
        paths,
        NodeAddresses.of(List.of()),
        linkDelayMs,
        linkDelayMs != ReplayOptions.REAL_LINK,
        false,
        false,
        false);
  }

  static FileReport run(String file, ReplayOptions options) throws IOException {
    Path path = Captures.folder().resolve(file);
    return Replay.run(file, () -> Files.newInputStream(path), options);
  }

  /** Replays a capture and compares it with the table of expected counts. */
  static void checkExpected(String file, boolean quick) throws IOException {
    Map<String, Long> expected = Captures.expected().get(file);

    FileReport report = run(file, plain(quick));

    assertEquals(expected.get("packets"), report.packets(), file);
    assertEquals(expected.get("malformed"), report.malformed(), file);
    assertEquals(expected.get("record_error") != 0, !report.truncation().isEmpty(), file);
    for (ProtocolClass protocol : ProtocolClass.values()) {
      if (protocol != ProtocolClass.OTHER) {
        String column = report.mode() + "_" + protocol.label();
        assertEquals(
            expected.getOrDefault(column, 0L),
            report.backedUp().getOrDefault(protocol, 0L),
            file + " " + column);
      }
    }
    assertEquals(
        expected.get("multicast"),
        report.excluded().getOrDefault(BackupReason.MULTICAST, 0L),
        file + " multicast");
    assertEquals(Boolean.TRUE, report.identical(), file + " identical");
  }
}
