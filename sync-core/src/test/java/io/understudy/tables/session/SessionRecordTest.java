package io.understudy.tables.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SessionRecordTest {
  private static final int ONE = 0x0A000001;
  private static final int OTHER = 0x0B000001;
  private static final int ECHO = 8;
  private static final int ECHO_REPLY = 0;

  private final Sessions v4 = new Sessions(false);
  private final Sessions v6 = new Sessions(true);

  @Test
  void echoAndItsReplyHaveOneKey() {
    v4.publish(v4.record().echo4(0, ONE, OTHER, ECHO, 77));

    SessionRecord reply = v4.record().echo4(0, OTHER, ONE, ECHO_REPLY, 77);

    assertTrue(v4.table.lookup(reply));
    assertEquals(Direction.REVERSE, reply.direction());
    v6.publish(v6.record().echo6(0, 1, 2, 3, 4, 128, 77));
    SessionRecord reply6 = v6.record().echo6(0, 3, 4, 1, 2, 129, 77);
    assertTrue(v6.table.lookup(reply6));
    assertEquals(Direction.REVERSE, reply6.direction());
  }

  @Test
  void echoesWithOneIdInBothDirectionsAreTwoSessions() {
    v4.publish(v4.record().echo4(0, ONE, OTHER, ECHO, 77));
    v6.publish(v6.record().echo6(0, 1, 2, 3, 4, 128, 77));

    assertFalse(v4.table.lookup(v4.record().echo4(0, OTHER, ONE, ECHO, 77)));
    assertFalse(v6.table.lookup(v6.record().echo6(0, 3, 4, 1, 2, 128, 77)));
  }

  @Test
  void aQueryOfAnotherKindWithTheSameIdIsAnotherSession() {
    v4.publish(v4.record().echo4(0, ONE, OTHER, ECHO, 77));

    assertFalse(v4.table.lookup(v4.record().echo4(0, ONE, OTHER, 13, 77)));
  }

  @Test
  void anIcmpTypeThatIsNoQueryHasNoKey() {
    assertRefused(
        "ICMP type 3 is no query; it has no session of its own",
        () -> v4.record().echo4(0, ONE, OTHER, 3, 77));
    assertRefused(
        "ICMP type 135 is no query; it has no session of its own",
        () -> v6.record().echo6(0, 1, 2, 3, 4, 135, 77));
  }

  @Test
  void aValueThatDoesNotFitIsRefusedByName() {
    SessionRecord record = v4.record().key4(0, IpProtocol.TCP, ONE, 1, OTHER, 2);

    assertRefused("timeout class is 256, allowed are 0 to 255", () -> record.timeoutClass(256));
    assertRefused("flags is 32768, allowed are 0 to 32767", () -> record.flags(1 << 15));
    assertRefused("ingress zone is -1, allowed are 0 to 65535", () -> record.zones(-1, 0));
    assertRefused("egress zone is 65536, allowed are 0 to 65535", () -> record.zones(0, 65_536));
    assertRefused(
        "NAT source port is 65536, allowed are 0 to 65535",
        () -> record.nat4(NatKind.SOURCE, 1, 65_536, 1, 1));
    assertRefused(
        "NAT destination port is -1, allowed are 0 to 65535",
        () -> record.nat4(NatKind.SOURCE, 1, 1, 1, -1));
  }

  @Test
  void aKeyThatDoesNotFitIsRefusedByName() {
    SessionRecord record = v4.record();

    assertRefused(
        "vsys is 65536, allowed are 0 to 65535", () -> record.key4(65_536, 6, ONE, 1, OTHER, 2));
    assertRefused(
        "protocol is 256, allowed are 0 to 255", () -> record.key4(0, 256, ONE, 1, OTHER, 2));
    assertRefused(
        "source port is -1, allowed are 0 to 65535", () -> record.key4(0, 6, ONE, -1, OTHER, 2));
    assertRefused(
        "destination port is 65536, allowed are 0 to 65535",
        () -> record.key4(0, 6, ONE, 1, OTHER, 65_536));
    assertRefused(
        "destination port is 65536, allowed are 0 to 65535",
        () -> v6.record().key6(0, 6, 1, 1, 1, 2, 2, 65_536));
  }

  @Test
  void aKeyOfTheOtherFamilyIsRefused() {
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> v6.record().key4(0, 6, ONE, 1, OTHER, 2));

    assertEquals("an IPv4 key for a record of the other family", refused.getMessage());
    assertThrows(IllegalStateException.class, () -> v4.record().key6(0, 6, 1, 1, 1, 2, 2, 2));
    assertThrows(
        IllegalStateException.class, () -> v4.record().nat6(NatKind.SOURCE, 1, 1, 1, 2, 2, 2));
    assertThrows(IllegalStateException.class, () -> v6.record().nat4(NatKind.SOURCE, 1, 1, 1, 1));
  }

  @Test
  void aBindingOfKindZeroIsNone() {
    SessionRecord record = v4.record().key4(0, IpProtocol.UDP, ONE, 1, OTHER, 2);
    record.nat4(NatKind.SOURCE_AND_DESTINATION, 7, 8, 9, 10);

    record.nat4(NatKind.NONE, 7, 8, 9, 10);

    assertEquals(NatKind.NONE, record.natKind());
    assertEquals(0, record.natSourceLow());
    assertEquals(0, record.natSourcePort());
    assertEquals(0, record.natDestinationLow());
    assertEquals(0, record.natDestinationPort());
  }

  @Test
  void aRecordThatWasFoundIsNotFoundAfterALookUpThatFailed() {
    v4.publish(v4.packet(IpProtocol.UDP, ONE, 1, OTHER, 2));
    SessionRecord packet = v4.packet(IpProtocol.UDP, ONE, 1, OTHER, 2);
    assertTrue(v4.table.lookup(packet));
    v4.remove(packet);

    assertFalse(v4.table.lookup(packet));

    assertFalse(packet.isFound());
  }

  @Test
  void whatAPublishCountedIsNotCountedAgain() {
    SessionRecord record = v4.packet(IpProtocol.UDP, ONE, 1, OTHER, 2);
    record.count(Direction.FORWARD, 1, 60).count(Direction.REVERSE, 2, 90);
    v4.publish(record);

    v4.publish(record);

    assertTrue(v4.table.lookup(record));
    assertEquals(1, v4.table.packets(record, Direction.FORWARD));
    assertEquals(60, v4.table.bytes(record, Direction.FORWARD));
    assertEquals(2, record.ownPackets(Direction.REVERSE));
    assertEquals(90, record.ownBytes(Direction.REVERSE));
  }

  @Test
  void turningMakesThePacketsSourceTheOriginator() {
    v4.publish(v4.packet(IpProtocol.TCP, ONE, 1_000, OTHER, 2_000));
    SessionRecord reopened = v4.packet(IpProtocol.TCP, OTHER, 2_000, ONE, 1_000);
    assertTrue(v4.table.lookup(reopened));
    assertEquals(1_000, reopened.originatorPort());
    long before = reopened.generation();

    v4.publishAnew(reopened.turn());

    assertEquals(Direction.FORWARD, reopened.direction());
    assertEquals(2_000, reopened.originatorPort());
    SessionRecord packet = v4.packet(IpProtocol.TCP, ONE, 1_000, OTHER, 2_000);
    assertTrue(v4.table.lookup(packet));
    assertEquals(Direction.REVERSE, packet.direction());
    assertNotEquals(before, packet.generation());
    assertEquals(Sessions.NODE, packet.creator());
    assertEquals(Sessions.GROUP, packet.group());
  }

  @Test
  void anAnswerToAnOpeningAgainstTheOldDirectionTurnsTheSessionToo() {
    v4.publish(v4.packet(IpProtocol.TCP, ONE, 1_000, OTHER, 2_000));
    SessionRecord answer = v4.packet(IpProtocol.TCP, ONE, 1_000, OTHER, 2_000);
    assertTrue(v4.table.lookup(answer));

    v4.publishAnew(answer.turn());

    assertEquals(Direction.REVERSE, answer.direction());
    assertEquals(2_000, answer.originatorPort());
    SessionRecord packet = v4.packet(IpProtocol.TCP, OTHER, 2_000, ONE, 1_000);
    assertTrue(v4.table.lookup(packet));
    assertEquals(Direction.FORWARD, packet.direction());
  }

  @Test
  void ageAndLastSeenAreOnTheNodesClockAlsoWhenItIsNegative() {
    SessionRecord record = v4.packet(IpProtocol.UDP, ONE, 1, OTHER, 2);
    long start = -5_500_000_000L;
    v4.table.publish(record, Sessions.GROUP, 0, 0, start);

    assertTrue(v4.table.lookup(record));

    assertEquals(0, record.ageSeconds(start));
    assertEquals(8, record.ageSeconds(start + 8_000_000_000L));
    assertEquals(start, record.lastSeenNs(start), 2.0 * (1 << 20));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
