package io.understudy.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackupReasonTest {
  /** In the order of their codes, which are on the wire and in tables: only the end may grow. */
  private static final List<String> CONTRACT =
      List.of(
          "LOCAL_ORIGIN",
          "MULTICAST",
          "MODE_NORMAL_ICMP",
          "HANDSHAKE_INCOMPLETE",
          "FIRST_FORWARD_PACKET",
          "PICKUP_OFF",
          "PICKUP_DELAY",
          "CONNECTIONLESS_OFF",
          "HTTP_REPLICATION_OFF",
          "INSPECTED_PROXY",
          "RULE_EXCLUDED",
          "TUNNEL_REESTABLISHED",
          "SSL_VPN_SERVICE",
          "HELPER_STATE",
          "TABLE_NOT_ELIGIBLE",
          "DYNAMIC_MAC",
          "DYNAMIC_BLACKLIST",
          "OVERLOAD",
          "PEER_TABLE_FULL",
          "PEER_CAPABILITY",
          "QUARANTINED",
          "PEER_LOCAL_ORIGIN",
          "DELETE_PENDING",
          "OTHER_GROUP",
          "NOT_YET_SWEPT");

  @Test
  void reasonsAndCodesAreTheContract() {
    assertEquals(CONTRACT, Arrays.stream(BackupReason.values()).map(Enum::name).toList());
    for (int i = 0; i < CONTRACT.size(); i++) {
      assertEquals(i + 1, BackupReason.valueOf(CONTRACT.get(i)).code());
    }
  }

  @Test
  void everyReasonIsFoundByItsCodeAndHasASentence() {
    for (BackupReason reason : BackupReason.values()) {
      assertSame(reason, BackupReason.ofCode(reason.code()));
      assertTrue(reason.sentence().matches("[A-Z].*\\."), reason.name());
    }
  }

  @Test
  void unknownCodesOfAPeerAreRecognised() {
    assertFalse(BackupReason.isKnown(0));
    assertFalse(BackupReason.isKnown(CONTRACT.size() + 1));
    assertThrows(IllegalArgumentException.class, () -> BackupReason.ofCode(0));
  }
}
