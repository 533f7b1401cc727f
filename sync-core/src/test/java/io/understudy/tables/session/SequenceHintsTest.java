package io.understudy.tables.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequence hints: written with what is published or alone, read by who takes over. */
class SequenceHintsTest {
  private static final int TCP = IpProtocol.TCP;

  private static SessionRecord found(Sessions s) {
    SessionRecord record = s.packet(TCP, 1, 100, 2, 200);
    assertTrue(s.table.lookup(record));
    return record;
  }

  private static void assertHints(Sessions s, int forward, int reverse) {
    SessionRecord record = found(s);
    assertEquals(forward, record.sequenceHint(Direction.FORWARD));
    assertEquals(reverse, record.sequenceHint(Direction.REVERSE));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void hintsAreTheRecordsOfItsCreationAndOfEachPublish(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    s.publish(s.packet(TCP, 1, 100, 2, 200).sequenceHints(-5, 0));
    assertHints(s, -5, 0);

    s.publish(found(s).sequenceHints(0, 7)); // of forward nothing is said
    assertHints(s, -5, 7);
    s.publish(found(s));
    assertHints(s, -5, 7);
    s.publish(found(s).sequenceHints(Integer.MIN_VALUE, Integer.MAX_VALUE));
    assertHints(s, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void hintsMayBeToldWithoutAPublish(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    s.publish(s.packet(TCP, 1, 100, 2, 200));

    assertTrue(s.table.hint(found(s).sequenceHints(11, 12)));
    assertHints(s, 11, 12);
    SessionRecord record = found(s);
    assertTrue(s.table.hint(record.sequenceHints(0, 13)));
    assertTrue(s.table.hint(record)); // what was told is told
    assertHints(s, 11, 13);

    SessionRecord gone = found(s).sequenceHints(1, 1);
    s.remove(s.packet(TCP, 1, 100, 2, 200));
    assertFalse(s.table.hint(gone));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNewGenerationHasItsOwnHints(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    s.publish(s.packet(TCP, 1, 100, 2, 200).sequenceHints(5, 6));

    s.publishAnew(found(s));
    assertHints(s, 0, 0);
    s.publishAnew(found(s).sequenceHints(8, 0));
    assertHints(s, 8, 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void hintsOfAnotherDirectionAreTurned(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    s.publish(s.packet(TCP, 1, 100, 2, 200));

    s.publish(s.packet(TCP, 2, 200, 1, 100).sequenceHints(1, 2).count(Direction.FORWARD, 1, 60));

    assertHints(s, 2, 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSlotIsTheSameHoweverTheSessionWasFound(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    s.publish(s.nat(s.packet(TCP, 1, 100, 2, 200), 3, 300, 2, 200));
    SessionRecord byKey = found(s);
    SessionRecord byReply = s.packet(TCP, 2, 200, 3, 300);
    assertTrue(s.table.lookup(byReply));

    assertEquals(s.table.partition(byKey), s.table.partition(byReply));
    assertEquals(s.table.slot(byKey), s.table.slot(byReply));
    s.remove(s.packet(TCP, 1, 100, 2, 200));
    assertEquals(-1, s.table.slot(byReply));
  }
}
