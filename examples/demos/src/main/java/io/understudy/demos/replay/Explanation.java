package io.understudy.demos.replay;

import io.understudy.backup.BackupReason;
import io.understudy.testkit.firewall.SessionName;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says in one line how the sessions of two members differ: how many, why, of which protocol. */
final class Explanation {
  private static final String NOT_THERE_YET = "NOT_THERE_YET";

  private Explanation() {}

  /** Sessions by name with the code of the reason why each is kept back, 0: it is backed up. */
  static String of(Map<SessionName, Integer> here, Map<SessionName, Integer> there) {
    return here.size()
        + " sessions here, "
        + there.size()
        + " there"
        + only("here", here, there)
        + only("there", there, here);
  }

  private static String only(
      String side, Map<SessionName, Integer> these, Map<SessionName, Integer> those) {
    Map<String, Long> counts = new TreeMap<>();
    these.forEach(
        (name, code) -> {
          if (!those.containsKey(name)) {
            String reason = code == 0 ? NOT_THERE_YET : BackupReason.ofCode(code).name();
            String protocol = name.protocolClass().label().toUpperCase(Locale.ROOT);
            counts.merge(reason + " " + protocol, 1L, Long::sum);
          }
        });
    if (counts.isEmpty()) {
      return "";
    }
    return counts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", ", "; only " + side + ": ", ""));
  }
}
