package io.understudy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.Fault.Kind;
import io.understudy.metrics.CounterSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A fault is told once when it begins and once when it ends, and its lines have a rate, whoever causes it. */
class FaultsTest {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;

  private final NotedLog log = new NotedLog();
  private final List<String> heard = new ArrayList<>();
  private final Callbacks callbacks =
      new Callbacks(new Told(), Runnable::run, List.of(), Set.of(), new CounterSet(), log.logger());
  private int changes;
  private final Faults faults = new Faults(log.logger(), callbacks, () -> changes++);
  private long nowNs = 7 * SECOND;

  @Test
  void oneThatGoesOnIsToldOnceAndItsRepeatsAreCounted() {
    for (int i = 0; i < 500; i++) {
      met("attempt " + i);
    }
    assertEquals(List.of("began attempt 0"), heard());
    assertEquals(List.of("warn attempt 0"), log.lines());
    assertEquals(1, changes);
    assertEquals(500, faults.all().get(0).count());

    over();
    over();

    assertEquals(List.of("began attempt 0", "ended attempt 0 500"), heard());
    assertEquals(List.of("reached, after 500 ms; met 500 times"), log.lines("info"));
    assertEquals(2, changes);
    assertEquals(List.of(), faults.all());
  }

  @Test
  void oneThatComesAndGoesHasARateAndItsLastStateIsSaid() {
    for (int i = 0; i < 1_000; i++) {
      met("attempt " + i);
      over();
      heard();
    }
    met("the last attempt");
    assertEquals(1, log.lines("warn").size(), log.lines().toString());

    nowNs += Faults.LINE_NS;
    faults.run(nowNs);
    faults.run(nowNs);

    assertEquals(
        "the last attempt (began 1000 times since it was last said)", log.lines("warn").get(1));
    assertEquals(2, log.lines("warn").size());
    assertEquals(1, log.lines("info").size(), "an end is said of what was said to begin");
    assertTrue(heard().size() > 2_000, "every one of them is told");
  }

  @Test
  void listenerThatLagsHearsBeginsAndEndsInTurn() {
    for (int changes = 0; changes < 45; changes++) {
      if (changes % 2 == 0) {
        met("fault " + changes);
      } else {
        over();
      }
    }
    heard();
    assertTrue(heard.size() <= Callbacks.WAITING_OF_ONE, heard.toString());
    assertEquals("began fault 44", heard.get(heard.size() - 1));

    over();
    assertEquals("ended fault 44 1", heard().get(heard.size() - 1));
    for (int i = 0; i < heard.size(); i++) {
      assertTrue(heard.get(i).startsWith(i % 2 == 0 ? "began" : "ended"), heard.toString());
    }
  }

  @Test
  void oneThatGoesOnForLongIsMentionedAgain() {
    met("no answer");
    for (int i = 0; i < 3 * 3_600; i++) {
      nowNs += SECOND;
      faults.met(Kind.UNREACHABLE, 2, 0, "no answer", nowNs);
      faults.run(nowNs);
    }

    assertEquals(1 + 18, log.lines("warn").size());
    assertTrue(log.lines("warn").get(1).contains("goes on since"), log.lines().toString());
  }

  @Test
  void subjectsAreApart() {
    met("link 0");
    faults.met(Kind.UNREACHABLE, 2, 1, "link 1", nowNs);
    faults.met(Kind.UNREACHABLE, 3, 0, "node 3", nowNs);
    faults.met(Kind.STALLED, 2, 0, "stalled", nowNs);

    over();

    assertFalse(faults.isOpen(Kind.UNREACHABLE, 2, 0));
    assertEquals(
        List.of("link 1", "node 3", "stalled"), faults.all().stream().map(Fault::cause).toList());
    assertEquals(4, log.lines("warn").size());
  }

  private void met(String cause) {
    faults.met(Kind.UNREACHABLE, 2, 0, cause, nowNs);
    nowNs += MS;
  }

  private void over() {
    faults.over(Kind.UNREACHABLE, 2, 0, "reached", nowNs);
  }

  private List<String> heard() {
    callbacks.schedule();
    return heard;
  }

  private final class Told implements SyncListener {
    @Override
    public void onFaultBegan(Fault fault) {
      heard.add("began " + fault.cause());
    }

    @Override
    public void onFaultEnded(Fault fault) {
      heard.add("ended " + fault.cause() + " " + fault.count());
    }
  }
}
