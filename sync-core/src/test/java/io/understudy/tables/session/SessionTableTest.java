package io.understudy.tables.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.metrics.CounterSet;
import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.table.PublishResult;
import io.understudy.table.TableSpec;
import io.understudy.track.FactWords;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTableTest {
  private static final int UDP = IpProtocol.UDP;
  private static final int SCTP = IpProtocol.SCTP;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChangedBindingIsFoundByTheNewReplyTupleOnly(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    s.publish(s.nat(s.packet(UDP, 1, 100, 2, 200), 3, 300, 2, 200));

    s.publish(s.nat(s.packet(UDP, 1, 100, 2, 200), 3, 301, 2, 200));

    assertNull(s.find(UDP, 2, 200, 3, 300));
    assertEquals(Direction.REVERSE, s.find(UDP, 2, 200, 3, 301));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEndedBindingLeavesTheSessionAndNoReplyTuple(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    s.publish(s.nat(s.packet(UDP, 1, 100, 2, 200), 3, 300, 2, 200));

    s.publish(s.packet(UDP, 1, 100, 2, 200));

    assertNull(s.find(UDP, 2, 200, 3, 300));
    assertEquals(Direction.FORWARD, s.find(UDP, 1, 100, 2, 200));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneRecordServesTwoTablesWhoseHashKeysDiffer(boolean ipv6) {
    Sessions one = new Sessions(ipv6);
    Sessions other = new Sessions(ipv6, 77);
    SessionRecord record = one.packet(UDP, 1, 100, 2, 200);

    one.publish(record);
    other.publish(record);

    assertTrue(one.table.lookup(record));
    assertTrue(other.table.lookup(record));
    assertEquals(Direction.FORWARD, one.find(UDP, 1, 100, 2, 200));
    assertEquals(Direction.FORWARD, other.find(UDP, 1, 100, 2, 200));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSessionWhoseSlotWentToAnotherSinceItsLookUpBeginsAnew(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    SessionRecord old = published(s, 100);
    s.remove(s.packet(UDP, 1, 100, 2, 200));
    int port = 300;
    SessionRecord other = published(s, port);
    while (s.table.partition(other) != s.table.partition(old) || slot(s, other) != slot(s, old)) {
      other = published(s, ++port);
    }
    long before = s.table.liveCount();

    s.publish(old.policy(7));

    assertEquals(before + 1, s.table.liveCount());
    assertEquals(Direction.FORWARD, s.find(UDP, 1, 100, 2, 200));
    assertEquals(Direction.FORWARD, s.find(UDP, 1, port, 2, 200));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRecordWithAnotherKeyDoesNotMeanTheSessionThatItFoundBefore(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    SessionRecord record = published(s, 100);

    s.publish(s.key(record, 0, UDP, 1, 101, 2, 200));
    s.key(record, 0, UDP, 1, 100, 2, 200);
    assertTrue(s.table.lookup(record));
    s.remove(s.key(record, 0, UDP, 1, 101, 2, 200));

    assertEquals(Direction.FORWARD, s.find(UDP, 1, 100, 2, 200));
    assertNull(s.find(UDP, 1, 101, 2, 200));
  }

  /** A session that was looked up since. */
  private static SessionRecord published(Sessions s, int port) {
    SessionRecord session = s.packet(UDP, 1, port, 2, 200);
    s.publish(session);
    assertTrue(s.table.lookup(session));
    return session;
  }

  private static int slot(Sessions s, SessionRecord session) {
    return session.slotHint(s.table.table());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEndedSessionIsFoundByNothing(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    s.publish(s.nat(s.packet(UDP, 1, 100, 2, 200), 3, 300, 2, 200));
    SessionRecord reply = s.packet(UDP, 2, 200, 3, 300);
    assertTrue(s.table.lookup(reply));

    assertEquals(PublishResult.STORED, s.remove(reply));

    assertNull(s.find(UDP, 2, 200, 3, 300));
    assertNull(s.find(UDP, 1, 100, 2, 200));
    assertEquals(PublishResult.NO_ENTRY, s.remove(reply));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void twoSessionsWithOneReplyTupleAreFoundUntilBothEnded(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    s.publish(s.nat(s.packet(UDP, 1, 100, 2, 200), 3, 300, 2, 200));
    s.arrive(s.nat(s.packet(UDP, 4, 100, 2, 200), 3, 300, 2, 200)); // another member gave it too
    SessionRecord first = s.packet(UDP, 2, 200, 3, 300);
    assertTrue(s.table.lookup(first));

    s.remove(first);

    SessionRecord second = s.packet(UDP, 2, 200, 3, 300);
    assertTrue(s.table.lookup(second));
    assertTrue(first.originatorLow() != second.originatorLow());
    s.remove(second);
    assertNull(s.find(UDP, 2, 200, 3, 300));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPacketsOwnTupleComesBeforeAReplyTuple(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    s.publish(s.nat(s.packet(UDP, 1, 100, 2, 200), 3, 300, 2, 200).policy(1));
    s.publish(s.packet(UDP, 2, 200, 3, 300).policy(2));

    SessionRecord packet = s.packet(UDP, 2, 200, 3, 300);

    assertTrue(s.table.lookup(packet));
    assertEquals(2, packet.policy());
    assertEquals(Direction.FORWARD, packet.direction());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAssociationIsFoundByEitherTag(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    int opened = FactWords.OPENING;
    s.publish(s.packet(SCTP, 1, 100, 2, 200).facts(Sessions.facts(opened, 0x1111, 0, 0)));
    assertNull(byTag(s, 200, 100, 0x2222));

    s.publish(s.packet(SCTP, 1, 100, 2, 200).facts(Sessions.facts(opened, 0, opened, 0x2222)));

    assertEquals(Direction.FORWARD, byTag(s, 100, 200, 0x1111));
    assertEquals(Direction.REVERSE, byTag(s, 200, 100, 0x2222));
    assertNull(byTag(s, 200, 100, 0x1111), "the port belongs to the end that announced the tag");
    assertNull(byTag(s, 100, 200, 0x2222));
    assertNull(byTag(s, 100, 200, 0x1112));
    assertNull(byTag(s, 100, 200, 0));
    assertFalse(s.table.lookupTag(s.record(), 1, 100, 200, 0x1111), "another vsys");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tagsOfTheHigherEndAreFoundAsWell(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    SessionRecord init = s.packet(SCTP, 9, 900, 2, 200);
    s.publish(init.facts(Sessions.facts(1, 0xFFFF_FFFF, 1, 0x8000_0000)));

    assertEquals(Direction.FORWARD, byTag(s, 900, 200, 0xFFFF_FFFF));
    assertEquals(Direction.REVERSE, byTag(s, 200, 900, 0x8000_0000));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bothEndsMayChooseTheSameTagAndPort(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    s.publish(s.packet(SCTP, 1, 100, 2, 100).facts(Sessions.facts(1, 5, 1, 5)));
    assertNotNull(byTag(s, 100, 100, 5));

    s.publish(s.packet(SCTP, 1, 100, 2, 100).facts(Sessions.facts(1, 9, 1, 5)));

    assertEquals(Direction.FORWARD, byTag(s, 100, 100, 9));
    assertEquals(Direction.REVERSE, byTag(s, 100, 100, 5));
    s.remove(s.packet(SCTP, 1, 100, 2, 100));
    assertNull(byTag(s, 100, 100, 9));
    assertNull(byTag(s, 100, 100, 5));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSequenceNumberOfTcpIsNoTag(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    s.publish(s.packet(IpProtocol.TCP, 1, 100, 2, 200).facts(Sessions.facts(1, 0x1111, 0, 0)));

    assertNull(byTag(s, 100, 200, 0x1111));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAssociationWithABindingIsFoundByTuplesAndTags(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    SessionRecord session = s.nat(s.packet(SCTP, 1, 100, 2, 200), 3, 300, 2, 200);
    s.publish(session.facts(Sessions.facts(1, 7, 1, 8)));

    assertEquals(Direction.REVERSE, s.find(SCTP, 2, 200, 3, 300));
    assertEquals(Direction.FORWARD, byTag(s, 100, 200, 7));
    assertEquals(Direction.REVERSE, byTag(s, 200, 100, 8));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aScanInAnyStepsMeetsEverySessionOnce(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    Set<Integer> expected = new HashSet<>();
    for (int port = 1; port <= 500; port++) {
      s.publish(s.packet(UDP, 1, port, 2, 53));
      expected.add(port);
    }
    for (int port = 1; port <= 500; port += 7) {
      s.remove(s.packet(UDP, 1, port, 2, 53));
      expected.remove(port);
    }

    for (int limit : new int[] {1, 3, 100, 1_000_000}) {
      List<Integer> seen = new ArrayList<>();
      SessionRecord record = s.record();
      long cursor = 0;
      do {
        cursor = s.table.scan(cursor, limit, record, found -> seen.add(found.originatorPort()));
      } while (cursor != 0);

      assertEquals(expected.size(), seen.size());
      assertEquals(expected, new HashSet<>(seen));
    }
    assertEquals(expected.size(), s.table.liveCount());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aScannedRecordIsLookedUpInItsForwardDirection(boolean ipv6) {
    Sessions s = new Sessions(ipv6);
    s.publish(s.packet(UDP, 9, 900, 2, 200));
    SessionRecord record = s.record();
    s.table.scan(0, 1_000_000, record, found -> {});

    assertTrue(s.table.lookup(record));

    assertEquals(Direction.FORWARD, record.direction());
    assertEquals(900, record.originatorPort());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anotherTableIsRefused(boolean ipv6) {
    TableSpec session = ipv6 ? SessionTable.spec6(1_024, 1) : SessionTable.spec4(1_024, 1);
    io.understudy.wire.RecordSchema copy =
        new io.understudy.wire.RecordSchema(
            session.number(), "other", session.schema().words(), 16, session.schema().columns());
    HotTable other =
        new HotTable(
            new TableSpec(
                copy, session.keyWords(), session.payloadWords(), session.rules(), 1_024, 1),
            0,
            0,
            null,
            null,
            new CounterSet());

    assertEquals(
        "table other is no session table",
        assertThrows(IllegalArgumentException.class, () -> new SessionTable(other)).getMessage());
  }

  private static Direction byTag(Sessions s, int announcerPort, int otherPort, int tag) {
    SessionRecord record = s.record();
    return s.table.lookupTag(record, 0, announcerPort, otherPort, tag) ? record.direction() : null;
  }
}
