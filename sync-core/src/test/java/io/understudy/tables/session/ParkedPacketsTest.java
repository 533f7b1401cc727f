package io.understudy.tables.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.IpProtocol;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParkedPacketsTest {
  private static final long LIMIT_NS = 1_000;

  private final Sessions sessions = new Sessions(false);
  private final List<String> events = new ArrayList<>();
  private final ParkedPackets<String> parked =
      new ParkedPackets<>(sessions.table, 3, LIMIT_NS, new Noting());

  private final class Noting implements ParkedPackets.Listener<String> {
    @Override
    public void onReleased(String packet, long nowNs) {
      events.add("released " + packet);
    }

    @Override
    public void onExpired(String packet, long nowNs) {
      events.add("expired " + packet);
    }
  }

  private SessionRecord reply(int client) {
    SessionRecord key = sessions.packet(IpProtocol.TCP, 2, 80, 1, client);
    assertFalse(sessions.table.lookup(key));
    return key;
  }

  private void arrive(int client) {
    sessions.publish(sessions.packet(IpProtocol.TCP, 1, client, 2, 80));
    parked.arrived();
  }

  @Test
  void aPacketComesBackWhenItsSessionArrives() {
    assertEquals(ParkResult.PARKED, parked.park(reply(1_000), "a", 0));
    assertEquals(0, parked.run(1));

    arrive(1_000);

    assertTrue(parked.isDue());
    assertEquals(1, parked.run(2));
    assertEquals(List.of("released a"), events);
    assertEquals(0, parked.waiting());
    assertFalse(parked.isDue());
  }

  @Test
  void aSessionThatCameBetweenLookUpAndParkIsFound() {
    SessionRecord key = reply(1_000);
    arrive(1_000);
    parked.run(1);

    parked.park(key, "a", 1);

    parked.run(2);
    assertEquals(List.of("released a"), events);
  }

  @Test
  void aPacketWhoseSessionDoesNotComeExpiresAtTheLimit() {
    parked.park(reply(1_000), "a", 10);
    assertEquals(10 + LIMIT_NS, parked.nextDueNs());

    parked.run(10 + LIMIT_NS - 1);
    assertEquals(List.of(), events);

    parked.run(10 + LIMIT_NS);
    assertEquals(List.of("expired a"), events);
    assertEquals(Long.MAX_VALUE, parked.nextDueNs());
    assertEquals(1, parked.expiredCount());
  }

  @Test
  void aSessionThatComesTooLateReleasesNothing() {
    parked.park(reply(1_000), "a", 0);
    arrive(1_000);

    parked.run(LIMIT_NS);

    assertEquals(List.of("expired a"), events);
  }

  @Test
  void allPlacesTakenIsAnAnswerAndCounted() {
    for (int i = 0; i < 3; i++) {
      assertEquals(ParkResult.PARKED, parked.park(reply(1_000 + i), "p" + i, 0));
    }

    assertEquals(ParkResult.FULL, parked.park(reply(2_000), "late", 0));

    assertEquals(1, parked.fullCount());
    arrive(1_001);
    parked.run(1);
    assertEquals(ParkResult.PARKED, parked.park(reply(2_000), "late", 1));
    assertEquals(List.of("released p1"), events);
  }

  @Test
  void packetsOfOneSessionComeBackInTheirOrder() {
    parked.park(reply(1_000), "first", 0);
    parked.park(reply(1_001), "other", 0);
    parked.park(reply(1_000), "second", 0);

    arrive(1_000);
    parked.run(1);

    assertEquals(List.of("released first", "released second"), events);
    assertEquals(1, parked.waiting());
  }

  @Test
  void aPacketOnASecondaryPathWaitsForItsTag() {
    SessionRecord key = sessions.packet(IpProtocol.SCTP, 12, 36, 11, 36);
    assertFalse(sessions.table.lookup(key));
    assertFalse(sessions.table.lookupTag(key, 0, 36, 36, 4_711));
    parked.park(key, "a", 0);

    SessionRecord association = sessions.packet(IpProtocol.SCTP, 1, 36, 2, 36);
    sessions.publish(association.facts(Sessions.facts(1, 4_711, 0, 0)));
    parked.arrived();
    parked.run(1);

    assertEquals(List.of("released a"), events);
  }

  @Test
  void aCallbackMayParkAgain() {
    ParkedPackets<?>[] again = new ParkedPackets<?>[1];
    ParkedPackets<String> place =
        new ParkedPackets<>(
            sessions.table,
            1,
            LIMIT_NS,
            new ParkedPackets.Listener<>() {
              @Override
              public void onReleased(String packet, long nowNs) {}

              @Override
              public void onExpired(String packet, long nowNs) {
                events.add(packet);
                if (events.size() < 3) {
                  ParkedPacketsTest.park(again[0], reply(1_000), packet, nowNs);
                }
              }
            });
    again[0] = place;
    place.park(reply(1_000), "a", 0);

    place.run(LIMIT_NS);
    assertEquals(List.of("a"), events);
    place.run(2 * LIMIT_NS);
    place.run(3 * LIMIT_NS);

    assertEquals(List.of("a", "a", "a"), events);
    assertEquals(0, place.waiting());
  }

  @SuppressWarnings("unchecked") // made in this class
  private static void park(ParkedPackets<?> place, SessionRecord key, String packet, long nowNs) {
    ((ParkedPackets<String>) place).park(key, packet, nowNs);
  }

  @Test
  void boundsOutsideTheirRangeAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new ParkedPackets<>(sessions.table, 0, LIMIT_NS, new Noting()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ParkedPackets<>(sessions.table, 1, -1, new Noting()));
  }
}
