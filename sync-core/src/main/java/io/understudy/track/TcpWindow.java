package io.understudy.track;

import io.understudy.model.Direction;

/**
 * The sequence windows of one TCP session, for dataplanes that check the numbers of data.
 *
 * <p>They belong to one member: they are no facts, are not merged and not sent. What travels are
 * the sequence hints of usage records, and after a takeover {@link #relearn} begins from them.
 *
 * <p><b>Check.</b> For a segment of direction d, whose other end is o:
 *
 * <ol>
 *   <li>it begins at or before the limit of d, the highest number that o has allowed
 *       (acknowledgement + window);
 *   <li>it ends within o's largest window of what d has sent so far;
 *   <li>it acknowledges nothing beyond what o has sent;
 *   <li>nor anything more than d's largest window, or 64 KiB and a little, behind that.
 * </ol>
 *
 * <p><b>Resets.</b> {@link #checkReset}: one that stands where its receiver expects the next number
 * closes; another one inside the window proves nothing; outside it is forged or late.
 *
 * <p><b>Reuse.</b> A SYN on an open session is let through and kept here, so that a SYN-ACK can prove
 * it ({@link #isProven}).
 *
 * <p>What is not known of a direction is not compared: a member on an asymmetric path sees one of them
 * only.
 *
 * <p><b>Re-learning.</b> After a takeover the first segment of a direction may lie anywhere between
 * a window before the hint and as far behind it as the rate allows for the hint's age; from then on
 * the direction is checked as ever.
 *
 * <p>Shape: mutable and reused, {@link #WORDS} longs in an array of the dataplane's own.
 * <p>Thread: one at a time.
 * <p>Source: G. van Rooij, "Real Stateful TCP Packet Filtering in IP Filter", 2001; RFC 7323 for
 * scaling.
 */
public final class TcpWindow {
  /** Longs of a stored window. */
  public static final int WORDS = 6;

  /**
   * Re-learning gives no more room than this: beyond half of the sequence space "before" and
   * "after" lose their sense.
   */
  private static final int MAX_ROOM = 1 << 30;

  private static final int MIN_ACK_ROOM = 66_000;
  private static final int MAX_SCALE = 14;
  private static final long NS_PER_SECOND = 1_000_000_000L;

  private static final int KNOWN = 1;
  private static final int LIMITED = 2;
  private static final int LEARNING = 4;
  private static final int ACKNOWLEDGED = 8;

  /** Of the direction's flags: its SYN on the open session is kept. */
  private static final int OPENING = 16;

  /** Its last segment goes on in fragments: the end that is known is not the last one that was sent. */
  private static final int OPEN_END = 32;

  /** By direction: the number after the last sent. While learning: the hint. */
  private final int[] end = new int[2];

  /**
   * By direction: the highest number the other end has allowed. While learning: the room behind the
   * hint.
   */
  private final int[] limit = new int[2];

  /** By direction: the largest window it has offered. */
  private final int[] largestWindow = new int[2];

  /** By direction: the highest number the other end has acknowledged. */
  private final int[] acknowledged = new int[2];

  private final int[] flags = new int[2];

  /** ISN and options of the SYN that was let through last. */
  private int openingIsn;

  private int openingOptions;

  public void clear() {
    openingIsn = 0;
    openingOptions = 0;
    for (int d = 0; d < 2; d++) {
      end[d] = 0;
      acknowledged[d] = 0;
      limit[d] = 0;
      largestWindow[d] = 0;
      flags[d] = 0;
    }
  }

  /** Takes the window at {@code words[at]}. */
  public void load(long[] words, int at) {
    for (int d = 0; d < 2; d++) {
      end[d] = (int) (words[at + d] >>> 32);
      limit[d] = (int) words[at + d];
      largestWindow[d] = (int) (words[at + 2] >>> 32 * d);
      flags[d] = (int) (words[at + 3] >>> 32 * d);
      acknowledged[d] = (int) (words[at + 4] >>> 32 * d);
    }
    openingIsn = (int) (words[at + 5] >>> 32);
    openingOptions = (int) words[at + 5];
  }

  /** Writes the window to {@code words[at]}. */
  public void store(long[] words, int at) {
    for (int d = 0; d < 2; d++) {
      words[at + d] = (long) end[d] << 32 | limit[d] & 0xFFFFFFFFL;
    }
    words[at + 2] = (long) largestWindow[1] << 32 | largestWindow[0] & 0xFFFFFFFFL;
    words[at + 3] = (long) flags[1] << 32 | flags[0];
    words[at + 4] = (long) acknowledged[1] << 32 | acknowledged[0] & 0xFFFFFFFFL;
    words[at + 5] = (long) openingIsn << 32 | openingOptions & 0xFFFFFFFFL;
  }

  /**
   * The number after the last that the direction has sent: the hint for the peers; 0 while it was
   * not seen.
   */
  public int hint(Direction direction) {
    return end[direction.ordinal()];
  }

  /**
   * Begins anew from hints, at a takeover. A hint of 0 says nothing: its direction is learnt from
   * whatever comes.
   *
   * @param hintAgeNs how old they are
   * @param bytesPerSecond the most that one direction of the session can have sent since, usually
   *     the line's rate
   */
  public void relearn(int forwardHint, int reverseHint, long hintAgeNs, long bytesPerSecond) {
    clear();
    double bytes = (double) Math.max(0, hintAgeNs) / NS_PER_SECOND * bytesPerSecond;
    int room = (int) Math.min(MAX_ROOM, bytes);
    learn(0, forwardHint, room);
    learn(1, reverseHint, room);
  }

  /**
   * Checks a segment that the tracker accepted, and moves the windows if it is good; if it is not,
   * what the tracker added to the facts is to be thrown away. A new generation begins with {@link
   * #clear}.
   *
   * @param facts for the window scales that both ends agreed on
   */
  public WindowCheck check(PacketView packet, Direction direction, SessionFacts facts) {
    WindowCheck check = judge(packet, direction);
    if (check.isGood()) {
      move(packet, direction, facts);
    }
    return check;
  }

  /** How the segment's numbers lie to the windows, which stay as they are. */
  WindowCheck judge(PacketView packet, Direction direction) {
    int d = direction.ordinal();
    WindowCheck check = checkData(d, packet.sequence(), next(packet));
    if (check.isGood() && packet.hasTcpFlag(PacketView.ACK)) {
      WindowCheck ackCheck = checkAck(d, packet.acknowledgement());
      check = ackCheck.isGood() ? check : ackCheck;
    }
    return check;
  }

  /** Moves the windows by a segment that belongs to the session. */
  void move(PacketView packet, Direction direction, SessionFacts facts) {
    int d = direction.ordinal();
    advance(d, next(packet));
    if (!packet.isLengthKnown()) {
      flags[d] |= OPEN_END; // there is more of it
    }
    int window = window(packet, direction, facts);
    largestWindow[d] = Math.max(largestWindow[d], window);
    if (packet.hasTcpFlag(PacketView.ACK)) {
      allow(1 - d, packet.acknowledgement(), window);
    }
  }

  /** A segment in doubt lets the other end go on, and acknowledges nothing: no reset is proven by it. */
  void allowMore(PacketView packet, Direction direction, SessionFacts facts) {
    int o = 1 - direction.ordinal();
    int allowed = packet.acknowledgement() + window(packet, direction, facts);
    if (packet.hasTcpFlag(PacketView.ACK) && is(o, LIMITED) && allowed - limit[o] > 0) {
      limit[o] = allowed;
    }
  }

  /** It begins where its sender's last segment ended, or not a window behind that. */
  boolean isNext(PacketView packet, Direction direction) {
    int d = direction.ordinal();
    int behind = packet.sequence() - end[d];
    return is(d, KNOWN) && behind >= 0 && behind <= room(1 - d);
  }

  /** One byte may probe a closed one. */
  private static int window(PacketView packet, Direction direction, SessionFacts facts) {
    boolean syn = packet.hasTcpFlag(PacketView.SYN);
    return Math.max(1, packet.window() << (syn ? 0 : scale(direction, facts)));
  }

  /** The number after the segment. */
  private static int next(PacketView packet) {
    int syn = packet.hasTcpFlag(PacketView.SYN) ? 1 : 0;
    int fin = packet.hasTcpFlag(PacketView.FIN) ? 1 : 0;
    return packet.sequence() + packet.payloadLength() + syn + fin;
  }

  /**
   * Checks a reset: {@link WindowCheck#INSIDE} when it stands just behind what its sender has sent, or
   * where the other end has acknowledged up to, or when nothing is known of its direction. After a
   * takeover only the hint itself proves one.
   */
  public WindowCheck checkReset(PacketView packet, Direction direction) {
    int d = direction.ordinal();
    int first = packet.sequence();
    if (packet.hasTcpFlag(PacketView.ACK)
        && checkAck(d, packet.acknowledgement()) == WindowCheck.ACK_BEYOND) {
      return WindowCheck.ACK_BEYOND;
    }
    if ((flags[d] & (KNOWN | ACKNOWLEDGED | LIMITED)) == 0
        || is(d, KNOWN) && first == end[d]
        || is(d, ACKNOWLEDGED) && first == acknowledged[d]) {
      return WindowCheck.INSIDE;
    }
    if (is(d, ACKNOWLEDGED) && first - acknowledged[d] < 0) {
      return WindowCheck.DATA_BEFORE; // its receiver has that already
    }
    WindowCheck check = checkData(d, first, first);
    return check.isGood() ? WindowCheck.UNPROVEN : check;
  }

  /** Keeps a SYN that is let through on the open session. */
  void keepOpening(PacketView packet, Direction direction) {
    openingIsn = packet.sequence();
    openingOptions = packet.options();
    flags[0] &= ~OPENING;
    flags[1] &= ~OPENING;
    flags[direction.ordinal()] |= OPENING;
  }

  /** A segment of the session came from this direction after a SYN of the other one was let through: its sender has not opened anew. */
  void goesOn(Direction direction) {
    flags[1 - direction.ordinal()] &= ~OPENING;
  }

  /** A segment of this direction acknowledges the SYN that was let through in the other one. */
  boolean isProven(PacketView packet, Direction direction) {
    int above = packet.acknowledgement() - openingIsn;
    return is(1 - direction.ordinal(), OPENING) && above > 0 && above <= TcpTracker.OPENING_ROOM;
  }

  int openingIsn() {
    return openingIsn;
  }

  int openingOptions() {
    return openingOptions;
  }

  /** The forward direction has sent up to here: its opening was seen before this window began. */
  void begun(int next) {
    advance(Direction.FORWARD.ordinal(), next);
  }

  /** The direction's numbers are void; those of the other end stand. */
  void forget(Direction direction) {
    int d = direction.ordinal();
    end[d] = 0;
    limit[d] = 0;
    acknowledged[d] = 0;
    largestWindow[d] = 0;
    flags[d] = 0;
  }

  /** A segment of this direction acknowledges what the other end, which is known, has not sent. */
  boolean isBeyond(PacketView packet, Direction direction) {
    return checkAck(direction.ordinal(), packet.acknowledgement()) == WindowCheck.ACK_BEYOND;
  }

  private WindowCheck checkData(int d, int first, int next) {
    if (is(d, LEARNING)) {
      boolean near = next - end[d] >= -room(1 - d) && first - end[d] <= limit[d] + room(1 - d);
      if (near) {
        return WindowCheck.LEARNT;
      }
      return first - end[d] > 0 ? WindowCheck.DATA_BEYOND : WindowCheck.DATA_BEFORE;
    }
    if (is(d, LIMITED) && first - limit[d] > 0) {
      return WindowCheck.DATA_BEYOND;
    }
    boolean old = is(d, KNOWN) && next - end[d] < -room(1 - d);
    return old ? WindowCheck.DATA_BEFORE : WindowCheck.INSIDE;
  }

  /** What direction d acknowledges has to fit what the other has sent. */
  private WindowCheck checkAck(int d, int acknowledgement) {
    int o = 1 - d;
    if (!is(o, KNOWN)) {
      return WindowCheck.INSIDE;
    }
    int ahead = acknowledgement - end[o];
    if (is(o, OPEN_END) && ahead > 0) {
      return WindowCheck.INSIDE;
    }
    if (ahead > (is(o, LEARNING) ? limit[o] + room(d) : 0)) {
      return WindowCheck.ACK_BEYOND;
    }
    return ahead < -room(d) ? WindowCheck.ACK_BEFORE : WindowCheck.INSIDE;
  }

  /**
   * How far behind a direction's numbers may be looked at that the holder of the window has to
   * accept.
   */
  private int room(int holder) {
    return Math.min(MAX_ROOM / 2, Math.max(MIN_ACK_ROOM, largestWindow[holder]));
  }

  private void advance(int d, int next) {
    if (is(d, LEARNING)) {
      limit[d] = 0; // was the room; what the other end allows is learnt from the other end
      flags[d] &= ACKNOWLEDGED | OPENING;
    }
    if (!is(d, KNOWN) || next - end[d] > 0) {
      end[d] = next;
      flags[d] = flags[d] & ~OPEN_END | KNOWN;
    }
  }

  private void allow(int d, int acknowledgement, int window) {
    if (!is(d, ACKNOWLEDGED) || acknowledgement - acknowledged[d] > 0) {
      acknowledged[d] = acknowledgement;
      flags[d] |= ACKNOWLEDGED;
    }
    if (is(d, LEARNING)) {
      if (acknowledgement - end[d] > 0) {
        end[d] = acknowledgement; // a better hint; it stands until the direction is seen itself
      }
      return;
    }
    int allowed = acknowledgement + window;
    if (!is(d, LIMITED) || allowed - limit[d] > 0) {
      limit[d] = allowed;
      flags[d] |= LIMITED;
    }
  }

  private void learn(int d, int hint, int room) {
    if (hint == 0) {
      return;
    }
    end[d] = hint;
    limit[d] = room;
    flags[d] = KNOWN | LEARNING;
  }

  private boolean is(int d, int flag) {
    return (flags[d] & flag) != 0;
  }

  /**
   * Scales count only when both ends offered one; where a SYN was not seen here, nothing is too
   * large.
   */
  private static int scale(Direction direction, SessionFacts facts) {
    int own = facts.options(direction);
    int others = facts.options(direction.opposite());
    if (own == 0 || others == 0) {
      return MAX_SCALE;
    }
    boolean agreed =
        FactWords.windowScale(own) <= MAX_SCALE && FactWords.windowScale(others) <= MAX_SCALE;
    return agreed ? FactWords.windowScale(own) : 0;
  }
}
