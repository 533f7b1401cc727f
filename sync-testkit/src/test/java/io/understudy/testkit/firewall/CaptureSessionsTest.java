package io.understudy.testkit.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.SyncNode;
import io.understudy.backup.BackupConfig;
import io.understudy.backup.BackupPolicy;
import io.understudy.backup.BackupReason;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.packet.CaptureFolder;
import io.understudy.testkit.packet.CaptureReader;
import io.understudy.testkit.packet.Packet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The sessions that are backed up from every capture, in both modes, against the table that comes with the captures.
 *
 * <p>Where the strict and the loose count of established sessions differ, the tracker takes the strict reading, because a
 * handshake that does not fit would be refused by its receiver too; a split handshake is strict in this sense, its four numbers fit.
 */
class CaptureSessionsTest {
  private static final int CAPACITY = 8_192;

  @TestFactory
  Stream<DynamicTest> everyCaptureBacksUpWhatIsExpected() throws IOException {
    return CaptureFolder.eachFile(CaptureSessionsTest::check);
  }

  private static void check(Path file, Map<String, Long> numbers) throws IOException {
    Map<String, Long> expected = new TreeMap<>();
    Map<String, Long> found = new TreeMap<>();
    for (String column :
        List.of(
            "normal_tcp",
            "normal_udp",
            "normal_sctp",
            "quick_tcp",
            "quick_udp",
            "quick_icmp",
            "quick_sctp",
            "multicast")) {
      expected.put(column, numbers.get(column));
    }
    expected.put("normal_icmp", 0L);

    Run normal = new Run(file, BackupConfig.hotStandby());
    Run quick = new Run(file, BackupConfig.builder().policy(BackupPolicy.QUICK).build());

    normal.addTo(found, "normal_");
    quick.addTo(found, "quick_");
    found.put("multicast", normal.multicast());
    assertEquals(expected, found);
    assertEquals(normal.multicast(), quick.multicast());
  }

  /** One capture through one firewall. */
  private static final class Run implements FirewallListener {
    private final Set<SessionName> backedUp = new HashSet<>();
    private final ReferenceFirewall firewall;

    Run(Path file, BackupConfig backup) throws IOException {
      long nowNs = 1_000_000_000L;
      SyncNode node = LoneNode.started(CAPACITY, nowNs);
      firewall = new ReferenceFirewall(node, FirewallConfig.of(backup, 1), this);
      Packet packet = new Packet();
      try (CaptureReader reader = CaptureReader.open(file)) {
        while (reader.next(packet)) {
          nowNs += 1_000_000;
          node.run(nowNs);
          firewall.handle(packet, Zone.INSIDE, nowNs);
        }
      }
      assertEquals(0, firewall.counters().get(FirewallCounters.Total.TABLE_FULL));
    }

    @Override
    public void onBackedUp(SessionRecord session) {
      backedUp.add(SessionName.of(session));
    }

    void addTo(Map<String, Long> found, String prefix) {
      for (ProtocolClass protocol : ProtocolClass.values()) {
        if (protocol != ProtocolClass.OTHER) {
          found.put(
              prefix + protocol.label(),
              backedUp.stream().filter(name -> name.protocolClass() == protocol).count());
        }
      }
    }

    /** Of the four protocols that the table names. */
    long multicast() {
      return multicast(firewall.sessions4()) + multicast(firewall.sessions6());
    }

    private static long multicast(SessionTable table) {
      long[] count = new long[1];
      long cursor = 0;
      do {
        cursor =
            table.scan(
                cursor,
                4_096,
                table.newRecord(),
                session -> {
                  boolean named = ProtocolClass.of(session.protocol()) != ProtocolClass.OTHER;
                  boolean kept = session.exclusion() == BackupReason.MULTICAST.code();
                  count[0] += named && kept ? 1 : 0;
                });
      } while (cursor != 0);
      return count[0];
    }
  }
}
