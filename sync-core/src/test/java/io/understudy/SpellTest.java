package io.understudy;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What goes on is named when it begins and when it is over, however it comes and goes between. */
class SpellTest {
  private static final long S = 1_000_000_000L;

  private final Refusals.Spell spell = new Refusals.Spell();

  @Test
  void isNamedOnceHoweverLongItGoesOn() {
    assertFalse(spell.begins(false, 0));
    assertTrue(spell.begins(true, S));

    for (int i = 2; i < 1_000; i++) {
      assertFalse(spell.begins(i % 5 != 0, i * S), "after " + i + " s");
      assertFalse(spell.isOver(i * S), "after " + i + " s");
    }
  }

  @Test
  void isOverOnceItHasBeenGoneForTenSeconds() {
    assertTrue(spell.begins(true, S));

    for (int i = 2; i < 11; i++) {
      assertFalse(spell.begins(false, i * S));
      assertFalse(spell.isOver(i * S), "after " + i + " s");
    }

    assertTrue(spell.isOver(11 * S));
    assertFalse(spell.isOver(12 * S), "it is over once");
    assertTrue(spell.begins(true, 13 * S));
  }
}
