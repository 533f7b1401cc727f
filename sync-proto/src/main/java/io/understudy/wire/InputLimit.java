package io.understudy.wire;

/**
 * Every bound on what a peer may say and on what a peer may make this member do; {@code docs/reference/input-limits.md} is compared
 * with it.
 *
 * <p>Shape: for each a lowest and a highest value and a default: what counts where the peer leaves it out, or, where it is a setting
 * of the library itself, its only value.
 *
 * <p>Thread: any. Allocates nothing where all is well.
 *
 * <p>Errors: {@link WireFormatException} with what was said, its value and the range.
 */
public enum InputLimit {
  FRAME_BYTES(1, 1, FrameLimits.MAX_FRAME_BYTES, Fate.BAD_FRAME, "bytes of a frame"),
  BATCH_RECORDS(1, 1, FrameLimits.MAX_BATCH_RECORDS, Fate.BAD_FRAME, "records of a batch"),
  FRAME_BATCHES(0, 0, FrameLimits.MAX_FRAME_BATCHES, Fate.BAD_FRAME, "batches of a frame"),
  FRAME_RECORDS(
      0, 0, FrameLimits.MAX_FRAME_RECORDS, Fate.BAD_FRAME, "records of all batches of a frame"),
  FRAME_MARKS(0, 0, FrameLimits.MAX_FRAME_MARKS, Fate.BAD_FRAME, "ends of walks in a frame"),
  FRAME_QUESTIONS(0, 0, 64, Fate.BAD_FRAME, "entries that a frame asks for, and answers for"),
  UNACKNOWLEDGED_FRAMES(
      0, 0, 1 << 12, Fate.BAD_FRAME, "frames that are sent on before an acknowledgement leaves"),
  UNSAID_VERDICT_BYTES(
      0,
      0,
      1 << 24,
      Fate.BAD_FRAME,
      "bytes of what is to be said of frames of which something was dropped or refused, if it is more than the window"),
  WINDOW_BYTES(
      1 << 17, 0, 1 << 26, Fate.BAD_FRAME, "bytes in flight that HELLO tells; then that many"),
  TABLE_SLOTS(
      1, 0, 253_008, Fate.BAD_FRAME, "slots of a partition that HELLO tells; then that many"),
  REFUSAL_REASON(0, 0, 4, Fate.BAD_FRAME, "reason of a refusal"),
  BULK_WALKS(0, 0, 256, Fate.BAD_FRAME, "bulk syncs that a peer begins, at once"),
  BULK_WALKS_A_SECOND(0, 0, 8, Fate.BAD_FRAME, "the same, for each second in the long run"),
  SLOT(0, 0, FrameLimits.MAX_SLOT, Fate.BAD_FRAME, "slot of a record"),
  BATCH_KIND(0, 0, 7, Fate.BAD_FRAME, "kind of a batch"),
  GROUP(1, 0, 63, Fate.BAD_FRAME, "group"),
  PARTITION(0, 0, 255, Fate.BAD_FRAME, "partition"),
  TERM_NUMBER(0, 0, 0xFFFF_FFFFL, Fate.BAD_FRAME, "term number"),
  HELLO_NODE(0, 0, 0xFFFF, Fate.BAD_FRAME, "node of a HELLO"),
  TERM_NODE(0, 0, 0xFFFF, Fate.BAD_FRAME, "node of a term"),
  GENERATION(
      0,
      0,
      1L << 62,
      Fate.BAD_FRAME,
      "generation, and the clock that counts them; a heartbeat's clock beyond is passed over"),
  GENERATION_JUMP(
      0,
      0,
      1L << 54,
      Fate.CLOCK_NOT_BELIEVED,
      "generations that one peer moves the clock ahead, at once"),
  GENERATION_JUMP_UPPER(
      0, 0, 1L << 40, Fate.CLOCK_NOT_BELIEVED, "the same, in the upper half of the range"),
  GENERATIONS_A_SECOND(
      0, 0, 1L << 33, Fate.CLOCK_NOT_BELIEVED, "the same, for each second in the long run"),
  CLOCK_STORES(
      0,
      0,
      16,
      Fate.CLOCK_NOT_BELIEVED,
      "times that one peer's clock makes this member store, at once"),
  CLOCK_STORES_A_SECOND(
      0, 0, 1, Fate.CLOCK_NOT_BELIEVED, "the same, for each second in the long run"),
  TERM_JUMP(
      0,
      0,
      1L << 24,
      Fate.NOT_BELIEVED,
      "terms that one peer moves a group's number ahead, at once"),
  TERM_JUMP_UPPER(0, 0, 1L << 12, Fate.NOT_BELIEVED, "the same, in the upper half of the range"),
  TERMS_A_SECOND(0, 0, 16, Fate.NOT_BELIEVED, "the same, for each second in the long run"),
  EPOCH_STEP(0, 0, 1 << 16, Fate.BAD_FRAME, "epochs of a stream that are skipped"),
  FIRST_EPOCH(0, 0, 1L << 32, Fate.BAD_FRAME, "first epoch heard of a peer's life"),
  CLAIM_TIME_NS(
      0,
      0,
      400_000_000_000L,
      Fate.BAD_FRAME,
      "claim time, in ns: the longest interval times the most misses allowed"),
  RELOAD(0, 0, Integer.MAX_VALUE, Fate.BAD_FRAME, "reload that set a claim time"),
  ENDED_NUMBER(
      0, 0, 1L << 32, Fate.BAD_FRAME, "term number that was given up or ended, and one more"),
  SAID_SEQUENCE(0, 0, 1L << 48, Fate.BAD_FRAME, "sequence of what is said of the groups"),
  PRIORITY(0, 0, 255, Fate.BAD_FRAME, "priority for a group"),
  STATUSES(0, 0, 63, Fate.BAD_FRAME, "groups that HELLO or a heartbeat speaks of"),
  PATHS(0, 0, 4, Fate.BAD_FRAME, "paths that a heartbeat speaks of"),
  TABLES(0, 0, 64, Fate.BAD_FRAME, "tables that HELLO names"),
  COLUMNS(0, 0, 256, Fate.BAD_FRAME, "columns that HELLO names of one table"),
  NAME_CHARACTERS(0, 0, 64, Fate.BAD_FRAME, "characters of a cluster's or a table's name"),
  KEY_CHECK_BYTES(0, 0, 32, Fate.BAD_FRAME, "bytes of the check of a key"),
  GOODBYE_CHARACTERS(0, 0, 512, Fate.CUT, "characters of the reason in a GOODBYE that is sent"),
  QUOTED_CHARACTERS(64, 64, 64, Fate.CUT, "characters of a peer that are quoted, then escaped"),
  LOG_INTERVAL_MS(
      10_000, 10_000, 10_000, Fate.COUNTED, "between two log lines of one cause and peer"),
  LOG_SUBJECTS(256, 256, 256, Fate.COUNTED, "causes and peers that have log lines of their own"),
  HANDSHAKE_FRAMES(
      0, 0, 256, Fate.BAD_FRAME, "frames of a connection before its HELLO is agreed on"),
  UNGREETED_OF_ADDRESS(
      16, 16, 16, Fate.OLDEST_CLOSED, "connections of one address that have not said who they are"),
  UNGREETED_STRANGERS(
      64,
      64,
      64,
      Fate.OLDEST_CLOSED,
      "connections of all addresses but the peers' that have not said who they are"),
  UNSETTLED_CONNECTIONS(
      16,
      16,
      16,
      Fate.OLDEST_CLOSED,
      "connections of one peer, link and kind that are not agreed on"),
  HELLO_MS(2_000, 2_000, 2_000, Fate.CLOSED, "until a connection's HELLO is agreed on");

  /** What follows beyond a limit. */
  public enum Fate {
    /** The frame is bad: it is counted, and the connection closes. */
    BAD_FRAME("the frame is bad: `FRAMES_REJECTED` counts it, the connection closes"),
    /** A HELLO is refused, another frame is bad. */
    NOT_BELIEVED("a HELLO is refused (`HELLO_REFUSED`), another frame is bad (`FRAMES_REJECTED`)"),
    /** A HELLO is refused, a heartbeat's clock is passed over, a frame of records is bad. */
    CLOCK_NOT_BELIEVED(
        "a HELLO is refused (`HELLO_REFUSED`), in a heartbeat it is passed over (`CLOCKS_NOT_BELIEVED`), another frame is bad (`FRAMES_REJECTED`)"),
    /** What is too much is left out. */
    CUT("the rest is left out"),
    /** It is counted, and told with the next line. */
    COUNTED("counted, and told with the next line"),
    /** The connection closes. */
    CLOSED("the connection closes"),
    /** One of those before it closes; one that was agreed on never does. */
    OLDEST_CLOSED("the oldest of them closes");

    private final String sentence;

    Fate(String sentence) {
      this.sentence = sentence;
    }

    /** For the reference page. */
    public String sentence() {
      return sentence;
    }
  }

  private final long low;
  private final long standard;
  private final long high;
  private final Fate fate;
  private final String what;

  InputLimit(long low, long standard, long high, Fate fate, String what) {
    this.low = low;
    this.standard = standard;
    this.high = high;
    this.fate = fate;
    this.what = what;
  }

  /** The lowest value that is accepted. */
  public long low() {
    return low;
  }

  /** What counts where nothing is said. */
  public long standard() {
    return standard;
  }

  /** The highest value that is accepted. */
  public long high() {
    return high;
  }

  /** What follows beyond it. */
  public Fate fate() {
    return fate;
  }

  /** What is bounded. */
  public String what() {
    return what;
  }

  /** Refuses what is outside. */
  public void check(long value) throws WireFormatException {
    if (value < low || value > high) {
      throw outside(value);
    }
  }

  /** Refuses what is outside; fields of 32 bits have no sign. */
  public void check(int value) throws WireFormatException {
    check(Integer.toUnsignedLong(value));
  }

  private WireFormatException outside(long value) {
    return new WireFormatException(
        what + ": " + Long.toUnsignedString(value) + " is outside " + low + ".." + high);
  }
}
