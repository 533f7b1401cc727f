package io.understudy.tables.session;

import io.understudy.model.IpProtocol;
import io.understudy.table.Row;
import io.understudy.table.RowFilter;
import io.understudy.track.FactWords;

/**
 * Judges whether a row that a secondary hash led to is the session sought: by its reply tuple, or by an SCTP tag.
 *
 * <p>Thread: its record's; the filters are made once, so that a look-up allocates nothing.
 */
final class SessionMatch {
  final RowFilter replyTuple = this::isReplyTuple;
  final RowFilter tag = this::announcesTag;

  private final SessionLayout layout;
  private final SessionRules rules;
  private final long[] words;
  private int soughtTag;
  private long soughtEnds;
  private boolean tagIsForward;

  /** For the record with these words. */
  SessionMatch(SessionLayout layout, SessionRules rules, long[] words) {
    this.layout = layout;
    this.rules = rules;
    this.words = words;
  }

  private boolean isReplyTuple(long[] candidate) {
    if (!rules.hasBinding(candidate, 0)) {
      return false;
    }
    for (int i = 0; i < layout.keyWords; i++) {
      if (rules.replyWord(candidate, 0, i) != words[Row.PAYLOAD + i]) {
        return false;
      }
    }
    return true;
  }

  void seekTag(int vsys, int announcerPort, int otherPort, int tag) {
    soughtTag = tag;
    soughtEnds = packEnds(vsys, announcerPort, otherPort);
  }

  void forgetTag() {
    soughtTag = 0;
    soughtEnds = 0;
  }

  /** The tag last sought for the present key, 0: none. */
  int soughtTag() {
    return soughtTag;
  }

  long soughtEnds() {
    return soughtEnds;
  }

  /** The tag found was announced by the originator. */
  boolean isTagForward() {
    return tagIsForward;
  }

  private boolean announcesTag(long[] candidate) {
    if (rules.protocol(candidate, 0) != IpProtocol.SCTP) {
      return false;
    }
    boolean originatorIsHigh = rules.originatorIsHigh(candidate, 0);
    boolean forward =
        FactWords.forwardIsn(candidate, layout.facts) == soughtTag
            || FactWords.forwardFin(candidate, layout.facts) == soughtTag;
    if (forward && ends(candidate, originatorIsHigh) == soughtEnds) {
      tagIsForward = true;
      return true;
    }
    boolean reverse =
        FactWords.reverseIsn(candidate, layout.facts) == soughtTag
            || FactWords.reverseFin(candidate, layout.facts) == soughtTag;
    if (reverse && ends(candidate, !originatorIsHigh) == soughtEnds) {
      tagIsForward = false;
      return true;
    }
    return false;
  }

  /** Vsys, the announcer's port and the other one, packed as the tag is sought. */
  private long ends(long[] candidate, boolean announcerIsHigh) {
    long tuple = candidate[layout.tuple];
    int low = (int) (tuple >>> SessionLayout.LOW_PORT) & 0xFFFF;
    int high = (int) (tuple >>> SessionLayout.HIGH_PORT) & 0xFFFF;
    int vsys = (int) (tuple >>> SessionLayout.VSYS) & 0xFFFF;
    return packEnds(vsys, announcerIsHigh ? high : low, announcerIsHigh ? low : high);
  }

  private static long packEnds(int vsys, int announcerPort, int otherPort) {
    return (long) vsys << 32 | (long) announcerPort << 16 | otherPort;
  }
}
