package io.understudy.track;

/**
 * What a tracker found out about one packet; reused from packet to packet.
 *
 * <p>Thread: one at a time, like the facts it is filled beside.
 */
public final class TrackResult {
  private Verdict verdict = Verdict.IGNORE;
  private SessionEvent event = SessionEvent.NONE;
  private InvalidReason invalidReason = InvalidReason.NONE;
  private SessionState oldState = TcpState.NONE;
  private SessionState newState = TcpState.NONE;
  private boolean changed;
  private boolean turned;

  public Verdict verdict() {
    return verdict;
  }

  public SessionEvent event() {
    return event;
  }

  /** Other than {@link InvalidReason#NONE} only with {@link Verdict#INVALID}. */
  public InvalidReason invalidReason() {
    return invalidReason;
  }

  /**
   * The state before the packet; after a {@link Verdict#NEW_GENERATION} that of the session which
   * it ended.
   */
  public SessionState oldState() {
    return oldState;
  }

  public SessionState newState() {
    return newState;
  }

  /** The facts are not what they were: the session is to be published. */
  public boolean isChanged() {
    return changed;
  }

  /**
   * The new generation's forward direction is the old one's reverse: its opening came against the
   * old direction. The facts are those of the new one, so the record's originator has to change with
   * them.
   */
  public boolean isTurned() {
    return turned;
  }

  void begin(SessionState state) {
    verdict = Verdict.ACCEPT;
    event = SessionEvent.NONE;
    invalidReason = InvalidReason.NONE;
    oldState = state;
    newState = state;
    changed = false;
    turned = false;
  }

  Verdict answer(Verdict answer) {
    verdict = answer;
    return answer;
  }

  Verdict invalid(InvalidReason reason) {
    invalidReason = reason;
    return answer(Verdict.INVALID);
  }

  /** The facts have changed. */
  void change(SessionEvent what) {
    changed = true;
    event = what;
  }

  Verdict newGeneration(SessionEvent what, boolean turn) {
    change(what);
    turned = turn;
    return answer(Verdict.NEW_GENERATION);
  }

  /** Something worth telling happened that changed no fact. */
  void note(SessionEvent what) {
    event = what;
  }

  void newState(SessionState state) {
    newState = state;
  }
}
