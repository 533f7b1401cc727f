package io.understudy.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.table.SlotReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class InFlightProperties {
  private static final int WINDOW = 1 << 17;

  /** One frame of the model. */
  private record Sent(long number, int bytes, int records, List<String> visits) {}

  private final Deque<Sent> model = new ArrayDeque<>();

  /** Any order of frames, acknowledgements and lost connections, long enough to wrap the ring many times. */
  @Property(seed = "5101", tries = 20)
  void whatWasSentIsVisitedOnceAndInOrder(@ForAll long seed) {
    Random random = new Random(seed);
    InFlight inFlight = new InFlight(WINDOW);
    model.clear();
    long next = 1;
    long sent = 0;
    for (int step = 0; step < 3_000; step++) {
      int choice = random.nextInt(20);
      if (choice == 0) {
        assertEquals(allVisits(), reset(inFlight));
        model.clear();
        next = 1;
      } else if (choice < 8) {
        long upTo = next - 1 - random.nextInt(12);
        assertEquals(settledVisits(upTo), settle(inFlight, upTo));
      } else if (inFlight.hasRoom(4_000, 300)) {
        assertEquals(next, inFlight.nextFrame());
        assertEquals(++sent, inFlight.serial(next), "serials go on, whatever the connections do");
        send(inFlight, random, next++);
      }
      agrees(inFlight, next);
    }
  }

  @Example
  void theWindowBoundsTheBytesInFlight() {
    InFlight inFlight = new InFlight(WINDOW);
    for (int i = 0; i < 2; i++) {
      assertTrue(inFlight.hasRoom(WINDOW / 2, 10));
      frame(inFlight, WINDOW / 2, 10);
    }

    assertFalse(inFlight.hasRoom(1, 1));
    assertEquals(WINDOW, inFlight.bytes());

    inFlight.settle(1, (frame, batch, table, group, kind, from, count) -> {});
    assertTrue(inFlight.hasRoom(WINDOW / 2, 10));
    assertFalse(inFlight.hasRoom(WINDOW / 2 + 1, 10));
  }

  @Example
  void theRingBoundsTheRecordsInFlight() {
    InFlight inFlight = new InFlight(WINDOW);
    int frames = 0;
    while (inFlight.hasRoom(1, 1_000)) {
      frame(inFlight, 1, 1_000);
      frames++;
    }

    assertTrue(frames > 10);
    assertEquals(1_000L * frames, inFlight.records());
    List<String> visits = new ArrayList<>();
    inFlight.settle(frames, (frame, b, t, g, k, from, count) -> visits.add(frame + "x" + count));
    assertEquals(frames, visits.size());
    assertTrue(inFlight.isEmpty());
    assertTrue(inFlight.hasRoom(1, 1_000));
  }

  @Example
  void soManySmallFramesAndNoMoreAreInFlight() {
    InFlight inFlight = new InFlight(WINDOW);
    int frames = 0;
    while (inFlight.hasRoom(1, 1)) {
      frame(inFlight, 1, 1);
      frames++;
    }

    assertEquals(4_096, frames);
    assertFalse(inFlight.isPlausible(4_097), "never sent");
    assertTrue(inFlight.isPlausible(4_096));
  }

  @Example
  void anAcknowledgementOfNothingSettlesNothing() {
    InFlight inFlight = new InFlight(WINDOW);

    assertEquals(0, inFlight.settle(0, null));
    assertEquals(0, inFlight.settle(Long.MAX_VALUE, null));

    frame(inFlight, 10, 1);
    assertEquals(0, inFlight.settle(0, null));
    assertEquals(1, inFlight.settle(1, (f, b, t, g, k, from, count) -> {}));
    assertEquals(0, inFlight.settle(1, null));
  }

  private void send(InFlight inFlight, Random random, long number) {
    List<String> visits = new ArrayList<>();
    int bytes = 1 + random.nextInt(4_000);
    int records = 0;
    int batches = 0;
    inFlight.beginFrame();
    for (int i = random.nextInt(8); i >= 0; i--) {
      int table = 1 + random.nextInt(2);
      int group = 1 + random.nextInt(63);
      if (random.nextInt(4) == 0) {
        int partition = random.nextInt(256);
        inFlight.addMark(table, partition, group);
        visits.add(mark(number, batches, table, partition, group));
      } else {
        int kind = random.nextInt(4);
        int count = 1 + random.nextInt(35);
        int[] references = random.ints(40, 0, SlotReference.of(256, 0)).toArray();
        inFlight.add(table, group, kind, references, count);
        visits.add(batch(number, batches, table, group, kind, Arrays.copyOf(references, count)));
        batches++;
        records += count;
      }
    }
    inFlight.endFrame(bytes);
    model.add(new Sent(number, bytes, records, visits));
  }

  private static String mark(long frame, int batches, int table, int partition, int group) {
    return frame + "." + batches + " " + table + " group " + group + " mark " + partition;
  }

  private static String batch(
      long frame, int batch, int table, int group, int kind, int[] references) {
    String records =
        Arrays.stream(references)
            .mapToObj(r -> SlotReference.partition(r) + "/" + SlotReference.slot(r))
            .collect(Collectors.joining(" "));
    return frame + "." + batch + " " + table + " group " + group + " kind " + kind + " " + records;
  }

  private static InFlight.Visitor into(InFlight inFlight, List<String> visits) {
    return (frame, batch, table, group, kind, from, count) -> {
      if (kind == InFlight.MARK) {
        visits.add(mark(frame, batch, table, from, group));
        return;
      }
      assertTrue(from >= 0 && from < WINDOW / 2, "positions stay within the ring: " + from);
      int[] references = new int[count];
      for (int i = 0; i < count; i++) {
        references[i] = SlotReference.of(inFlight.partition(from + i), inFlight.slot(from + i));
      }
      visits.add(batch(frame, batch, table, group, kind, references));
    };
  }

  private static List<String> settle(InFlight inFlight, long upTo) {
    List<String> visits = new ArrayList<>();
    inFlight.settle(upTo, into(inFlight, visits));
    return visits;
  }

  private static List<String> reset(InFlight inFlight) {
    List<String> visits = new ArrayList<>();
    inFlight.reset(into(inFlight, visits));
    return visits;
  }

  private List<String> settledVisits(long upTo) {
    List<String> visits = new ArrayList<>();
    while (!model.isEmpty() && model.peekFirst().number() <= upTo) {
      visits.addAll(model.pollFirst().visits());
    }
    return visits;
  }

  private List<String> allVisits() {
    return model.stream().flatMap(sent -> sent.visits().stream()).toList();
  }

  private void agrees(InFlight inFlight, long next) {
    assertEquals(model.isEmpty(), inFlight.isEmpty());
    assertEquals(model.stream().mapToInt(Sent::bytes).sum(), inFlight.bytes());
    assertEquals(model.stream().mapToInt(Sent::records).sum(), inFlight.records());
    assertEquals(next, inFlight.nextFrame());
    assertTrue(inFlight.bytes() <= inFlight.windowBytes());
    assertTrue(inFlight.free() >= 0);
  }

  private static void frame(InFlight inFlight, int bytes, int records) {
    inFlight.beginFrame();
    inFlight.add(1, 3, 0, new int[records], records);
    inFlight.endFrame(bytes);
  }
}
