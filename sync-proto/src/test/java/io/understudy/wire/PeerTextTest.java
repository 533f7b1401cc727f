package io.understudy.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PeerTextTest {
  @Test
  void plainTextIsQuotedAsItIs() {
    assertEquals("\"pair of firewalls, 2\"", PeerText.quote("pair of firewalls, 2"));
    assertEquals("\"\"", PeerText.quote(""));
  }

  @Test
  void whatWouldForgeALineOrSteerATerminalIsEscaped() {
    assertEquals(
        "\"a\\u000aWARN all is well\\u001b[2J\\u0000\\u2028\\u00e9\\ud83d\\\"\\\\\"",
        PeerText.quote("a\nWARN all is well\u001b[2J\0\u2028\u00e9\ud83d\"\\"));
  }

  @Test
  void sixtyFourCharactersAreQuotedAndNoMore() {
    String text = "x".repeat(64);

    assertEquals('"' + text + '"', PeerText.quote(text));
    assertEquals('"' + text + "\" and 1 more characters", PeerText.quote(text + "y"));
    assertTrue(PeerText.quote("\u001b".repeat(65_524)).length() < 512);
  }

  @Test
  void reasonsAreCutToWhatAFrameHasRoomFor() {
    String reason = "r".repeat(512);

    assertEquals(reason, PeerText.reason(reason));
    assertEquals(reason, PeerText.reason(reason + "s"));
  }
}
