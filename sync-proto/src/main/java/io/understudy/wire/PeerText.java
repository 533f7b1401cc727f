package io.understudy.wire;

/**
 * Text that came from a peer, made fit for a frame, an exception, a status or a log line.
 *
 * <p>A peer may say anything, in any length: a name with a line break would forge a line of the log, one with escape codes would
 * steer the terminal it is read on, a long one would not fit the frame that quotes it. Thread: any.
 */
public final class PeerText {
  private static final int MAX_CHARACTERS = (int) InputLimit.QUOTED_CHARACTERS.high();

  private PeerText() {}

  /**
   * The text in quotes: at most 64 characters of it, what is not printable ASCII escaped, and how long it was if some is left out.
   */
  public static String quote(String text) {
    int end = Math.min(text.length(), MAX_CHARACTERS);
    StringBuilder quoted = new StringBuilder(end + 32).append('"');
    for (int i = 0; i < end; i++) {
      escape(text.charAt(i), quoted);
    }
    quoted.append('"');
    if (end < text.length()) {
      quoted.append(" and ").append(text.length() - end).append(" more characters");
    }
    return quoted.toString();
  }

  private static void escape(char c, StringBuilder to) {
    if (c == '"' || c == '\\') {
      to.append('\\').append(c);
    } else if (c >= ' ' && c <= '~') {
      to.append(c);
    } else {
      to.append(String.format("\\u%04x", (int) c));
    }
  }

  /** What a GOODBYE says: this member's own words, with quotes in them, cut to what a frame surely has room for. */
  public static String reason(String text) {
    int limit = (int) InputLimit.GOODBYE_CHARACTERS.high();
    return text.length() <= limit ? text : text.substring(0, limit);
  }
}
