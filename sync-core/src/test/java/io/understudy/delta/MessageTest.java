package io.understudy.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageTest {
  /** All inputs there are (protocol, rule 1). */
  @ParameterizedTest
  @CsvSource({
    "true,  false, false, CREATE",
    "true,  true,  false, CREATE", // it may hold the entry, but has no handle for it
    "true,  true,  true,  UPDATE",
    "true,  false, true,  UPDATE", // cannot be; the handle decides
    "false, false, false, NOTHING", // it lived and died unsent
    "false, true,  false, DELETE",
    "false, true,  true,  DELETE",
    "false, false, true,  NOTHING" // cannot be
  })
  void whatIsSentFollowsFromWhatIs(
      boolean live, boolean known, boolean introduced, Message expected) {
    assertEquals(expected, Message.toSend(live, known, introduced));
  }
}
