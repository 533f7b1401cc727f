package io.understudy.tables.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.IpProtocol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ParkedPacketsProperties {
  private static final int CAPACITY = 8;
  private static final long LIMIT_NS = 20;
  private static final int CLIENTS = 6;

  private record Waiting(int client, int number, long sinceNs) {}

  /** Against a list that is searched one by one: every packet comes back once, by the right callback, in order, in time. */
  @Property(seed = "6101", tries = 300)
  void everyPacketComesBackOnceAsAListWouldGiveIt(@ForAll long seed) {
    Random random = new Random(seed);
    Sessions sessions = new Sessions(random.nextBoolean());
    List<String> events = new ArrayList<>();
    ParkedPackets<Integer> parked =
        new ParkedPackets<>(sessions.table, CAPACITY, LIMIT_NS, noting(events));
    Deque<Waiting> model = new ArrayDeque<>();
    Set<Integer> there = new HashSet<>();
    List<String> expected = new ArrayList<>();
    long nowNs = 0;
    for (int step = 0; step < 200; step++) {
      nowNs += random.nextInt(6);
      int client = random.nextInt(CLIENTS);
      switch (random.nextInt(4)) {
        case 0 -> {
          SessionRecord key = sessions.packet(IpProtocol.UDP, 2, 53, 1, client);
          if (!sessions.table.lookup(key)) {
            boolean fits = model.size() < CAPACITY;
            assertEquals(fits ? ParkResult.PARKED : ParkResult.FULL, parked.park(key, step, nowNs));
            if (fits) {
              model.add(new Waiting(client, step, nowNs));
            }
          }
        }
        case 1 -> {
          sessions.publish(sessions.packet(IpProtocol.UDP, 1, client, 2, 53));
          there.add(client);
          parked.arrived();
        }
        case 2 -> {
          sessions.remove(sessions.packet(IpProtocol.UDP, 1, client, 2, 53));
          there.remove(client);
        }
        default -> {
          parked.run(nowNs);
          settle(model, there, nowNs, expected);
          assertEquals(expected, events);
        }
      }
      assertEquals(model.size(), parked.waiting());
    }
    assertEquals(
        parked.parkedCount(), parked.waiting() + parked.releasedCount() + parked.expiredCount());
    parked.run(nowNs + LIMIT_NS);
    assertTrue(parked.waiting() == 0);
  }

  private static ParkedPackets.Listener<Integer> noting(List<String> events) {
    return new ParkedPackets.Listener<>() {
      @Override
      public void onReleased(Integer packet, long nowNs) {
        events.add("released " + packet);
      }

      @Override
      public void onExpired(Integer packet, long nowNs) {
        events.add("expired " + packet);
      }
    };
  }

  private static void settle(
      Deque<Waiting> model, Set<Integer> there, long nowNs, List<String> expected) {
    model.removeIf(
        waiting -> {
          boolean expired = nowNs - waiting.sinceNs >= LIMIT_NS;
          if (expired || there.contains(waiting.client)) {
            expected.add((expired ? "expired " : "released ") + waiting.number);
            return true;
          }
          return false;
        });
  }
}
