package io.understudy.tables.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.PublishResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A call that cannot be meant so is refused at once, by name, and the table stays as it was. */
class MisuseOfSessionsTest {
  private static final long NOW = 7_000_000_000L;

  private final Sessions v4 = new Sessions(false);
  private final Sessions v6 = new Sessions(true);

  @Test
  void aRecordOfTheOtherFamilyIsRefusedByEveryCall() {
    for (Sessions there : List.of(v4, v6)) {
      Sessions here = there == v4 ? v6 : v4;
      there.publish(there.packet(IpProtocol.TCP, 1, 2, 3, 4));
      here.publish(here.packet(IpProtocol.TCP, 1, 2, 3, 4));
      SessionRecord record = here.packet(IpProtocol.TCP, 1, 2, 3, 4);

      List<Runnable> calls =
          List.of(
              () -> there.publish(record),
              () -> there.publishAnew(record),
              () -> there.remove(record),
              () -> there.table.lookup(record),
              () -> there.table.lookupTag(record, 0, 1, 2, 3),
              () -> there.table.touch(record, Direction.FORWARD, 1, 1, NOW),
              () -> there.table.prefetch(new SessionRecord[] {record}, 1),
              () -> there.table.prefetchChanges(new SessionRecord[] {record}, 1),
              () -> there.table.scan(0, 10, record, session -> {}),
              () -> there.table.read(there.table.table().partition(0), 0, record));
      for (Runnable call : calls) {
        String refusal = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(refusal.contains("take a newRecord() of the table itself"), refusal);
      }
      assertEquals(1, there.table.liveCount());
      assertTrue(here.table.lookup(record), "it is as good as before");
    }
  }

  /** Without room for the rows, the copy of one would not fit. */
  @Test
  void aRecordOfATableWithFewerPeersIsRefused() {
    SessionRecord narrow =
        new SessionRecord(
                SessionLayout.IPV4,
                (SessionRules) v4.table.table().spec().rules(),
                v4.table.table().spec().rowWords() - 5)
            .key4(0, IpProtocol.UDP, 1, 2, 3, 4);

    String refusal =
        assertThrows(IllegalArgumentException.class, () -> v4.publish(narrow)).getMessage();

    assertEquals(
        "a record of table session-ipv4, rows of 25 words, is given to table session-ipv4, rows of 30 words;"
            + " take a newRecord() of the table itself. The call changed nothing",
        refusal);
    assertEquals(0, v4.table.liveCount());
  }

  @Test
  void whatCannotBeCountedIsRefusedAndTheRecordStaysAsItWas() {
    SessionRecord record = v4.packet(IpProtocol.UDP, 1, 2, 3, 4);
    record.count(Direction.FORWARD, 7, (1L << 48) - 2);

    for (long count : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 48}) {
      assertThrows(IllegalArgumentException.class, () -> record.count(Direction.FORWARD, count, 0));
      assertThrows(IllegalArgumentException.class, () -> record.count(Direction.REVERSE, 0, count));
    }
    assertEquals(
        "bytes counted are 281474976710656, allowed are 0 to 281474976710655; the call changed nothing",
        assertThrows(IllegalArgumentException.class, () -> record.count(Direction.FORWARD, 1, 2))
            .getMessage());

    v4.publish(record);
    assertTrue(v4.table.lookup(record));
    assertEquals(7, record.ownPackets(Direction.FORWARD));
    assertEquals((1L << 48) - 2, record.ownBytes(Direction.FORWARD));
    assertEquals(0, record.ownBytes(Direction.REVERSE));
  }

  @Test
  void aBindingThatCannotBeIsRefusedAndTheRecordKeepsItsOwn() {
    SessionRecord record = v4.packet(IpProtocol.UDP, 1, 2, 3, 4);
    record.nat4(NatKind.SOURCE, 5, 6, 7, 8);

    assertThrows(IllegalArgumentException.class, () -> record.nat4(NatKind.OTHER, 9, 10, 11, 12));
    assertThrows(
        IllegalArgumentException.class, () -> record.nat4(NatKind.DESTINATION, 9, 10, 11, 65_536));

    assertEquals(NatKind.SOURCE, record.natKind());
    assertEquals(5, record.natSourceLow());
    assertEquals(6, record.natSourcePort());
    assertEquals(8, record.natDestinationPort());
  }

  @Test
  void twoSessionsWithOneBindingAreOneTooMany() {
    for (Sessions of : List.of(v4, v6)) {
      SessionRecord one = of.packet(IpProtocol.UDP, 1, 2, 3, 53);
      assertEquals(PublishResult.QUEUED, of.publish(of.nat(one, 9, 1_024, 3, 53)));
      SessionRecord other = of.packet(IpProtocol.UDP, 4, 2, 3, 53);
      other.count(Direction.FORWARD, 1, 60);

      assertEquals(PublishResult.BINDING_TAKEN, of.publish(of.nat(other, 9, 1_024, 3, 53)));
      assertFalse(of.table.lookup(of.packet(IpProtocol.UDP, 4, 2, 3, 53)));

      assertEquals(PublishResult.QUEUED, of.publish(of.nat(other, 9, 1_025, 3, 53)));
      assertTrue(of.table.lookup(other));
      assertEquals(1, other.ownPackets(Direction.FORWARD), "what was counted was kept");
    }
  }

  /** Replies of two protocols, of two servers or in two vsys cannot be mistaken. */
  @Test
  void theSameTranslatedPortServesSessionsWhoseRepliesDiffer() {
    assertEquals(PublishResult.QUEUED, v4.publish(v4.nat(v4.packet(17, 1, 2, 3, 53), 9, 5, 3, 53)));

    assertEquals(PublishResult.QUEUED, v4.publish(v4.nat(v4.packet(6, 1, 2, 3, 53), 9, 5, 3, 53)));
    assertEquals(PublishResult.QUEUED, v4.publish(v4.nat(v4.packet(17, 1, 2, 4, 53), 9, 5, 4, 53)));
    SessionRecord elsewhere = v4.key(v4.record(), 1, 17, 1, 2, 3, 53);
    assertEquals(PublishResult.QUEUED, v4.publish(v4.nat(elsewhere, 9, 5, 3, 53)));
  }
}
