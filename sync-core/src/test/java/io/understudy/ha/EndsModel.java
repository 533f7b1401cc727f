package io.understudy.ha;

import java.util.Set;

/**
 * How a life ends: a holder on two paths to a claimant. The holder may be killed, end in order, close a connection and go on, have
 * connections reset by a third party, dial again (which takes up to two ticks), stop its loop, and come back in a second life. One
 * path may be cut for good. The holder's turn is one step here and nothing is echoed ({@link PairModel} has the steps and the echoes), the
 * claimant reads and claims when it likes.
 */
final class EndsModel implements StateWalk.Model {
  private static final int PATHS = 2;
  private static final long DETECTION = 3;
  private static final long BATCH = 1;
  private static final int DELAY = 1;
  private static final int DIALLING = 2;

  /** So long after its end a holder is replaced, if the claimant reads in time. */
  private static final long LATE = DETECTION + DELAY + 2;

  private static final long NONE = DecisionRight.NEVER;

  /** What this world does not ask for. */
  private static final Set<String> HOLDER =
      Set.of(
          "readNs",
          "silentNs",
          "countedNs",
          "chainFirstNs",
          "chainLastNs",
          "judgedNs",
          "gaveUpNs",
          "countsFromNs",
          "taken",
          "missed",
          "dropped");

  private static final Set<String> CLAIMANT =
      Set.of("readNs", "chainFirstNs", "chainLastNs", "judgedNs");

  /** What a process that is gone has no more. */
  private static final Set<String> ALL =
      Set.of(
          "readNs",
          "silentNs",
          "countedNs",
          "chainFirstNs",
          "chainLastNs",
          "refusedNs",
          "missed",
          "taken",
          "dropped",
          "leaves",
          "up",
          "closedNs",
          "closedByPeer",
          "untilNs",
          "holds",
          "lapsed",
          "lapsedNs",
          "judgedNs",
          "claimNs",
          "returnNs",
          "countsFromNs",
          "gaveUpNs",
          "answerNs",
          "echoedNs",
          "creditNs",
          "consentNs");

  /** What is as good as something older: a confirmed close, with the refusal that came after it, a silence of D, a batch that is over. */
  private static final RightFields CONFIRMED =
      new Unchanged() {
        @Override
        public long time(String name, long value) {
          if (name.equals("answerNs") && value <= Ages.NOW) {
            return NONE;
          }
          boolean isAge = name.equals("closedNs") || name.equals("refusedNs");
          return isAge && value != NONE ? Math.max(value, Ages.NOW - 2) : value;
        }

        @Override
        public long length(String name, long value) {
          return name.equals("silentNs") ? Math.min(value, DETECTION) : value;
        }
      };

  private enum Life {
    LIVES,
    ENDING,
    GONE
  }

  private enum Close {
    NONE,
    BROKEN,
    ENDED
  }

  private final EndsWording wording;
  private final Ages ages = new Ages((int) LATE);
  private final PeerLine line;
  private final DecisionRight right;
  private final PeerLine heard;
  private final DecisionRight claim;
  private final boolean[] up = new boolean[PATHS];
  private final long[] dialled = new long[PATHS];
  private final boolean[] frame = new boolean[PATHS];
  private final long[] close = new long[PATHS];
  private final long[] sent = new long[PATHS]; // the frame, or else the close
  private long life;
  private boolean secondLife;
  private boolean cut;
  private boolean mayTurn;
  private boolean ended;
  private boolean claimed;
  private long goneNs;
  private long actsUntil;

  EndsModel(EndsWording wording) {
    this.wording = wording;
    RightSettings settings = new RightSettings(1, BATCH, 1, DETECTION, 1);
    ClaimTime own = new ClaimTime(DETECTION);
    line = wording.line(settings, own, PATHS);
    right = new DecisionRight(settings, own, line);
    heard = wording.line(settings, own, PATHS);
    claim = new DecisionRight(settings, own, heard);
  }

  @Override
  public byte[] start() {
    line.begin(0, Ages.NOW);
    heard.begin(0, Ages.NOW);
    for (int path = 0; path < PATHS; path++) {
      up[path] = true;
      line.opened(path);
      heard.opened(path);
      dialled[path] = NONE;
      sent[path] = NONE;
    }
    right.judge(Ages.NOW);
    right.claim(0);
    line.settle(Ages.NOW, Ages.NOW, Ages.NOW);
    right.settle(Ages.NOW, Ages.NOW);
    goneNs = NONE;
    follow();
    return save();
  }

  private void fields(RightFields f) {
    life = f.number("life", life);
    ages.blank(is(Life.GONE) ? ALL : HOLDER);
    line.fields(f);
    right.fields(f);
    ages.blank(CLAIMANT);
    heard.fields(f);
    ages.blank(Set.of());
    for (int path = 0; path < PATHS; path++) {
      up[path] = f.flag("up", up[path]);
      dialled[path] = f.time("dialled", dialled[path]);
      frame[path] = f.flag("frame", frame[path]);
      close[path] = f.number("close", close[path]);
      sent[path] = f.time("sent", sent[path]);
    }
    secondLife = f.flag("secondLife", secondLife);
    cut = f.flag("cut", cut);
    mayTurn = f.flag("mayTurn", mayTurn);
    ended = f.flag("ended", ended);
    claimed = f.flag("claimed", claimed);
    goneNs = f.time("goneNs", goneNs);
    actsUntil = f.time("actsUntil", actsUntil);
  }

  private void follow() {
    boolean may = right.mayDecide(Ages.NOW);
    long batchEnds = Math.min(actsUntil, Ages.NOW + BATCH);
    actsUntil = may ? right.untilNs() + BATCH : batchEnds;
    actsUntil = actsUntil <= Ages.NOW ? NONE : actsUntil;
  }

  private byte[] save() {
    for (int path = 0; path < PATHS; path++) {
      sent[path] = sent[path] == NONE ? NONE : Math.max(sent[path], Ages.NOW - DELAY);
    }
    heard.fields(CONFIRMED);
    right.fields(CONFIRMED);
    mayTurn &= is(Life.LIVES);
    ages.beginSave();
    fields(ages);
    return ages.saved();
  }

  private void load(byte[] state) {
    ages.beginLoad(state);
    fields(ages);
  }

  private boolean is(Life wanted) {
    return life == wanted.ordinal();
  }

  @Override
  public String bad(byte[] state) {
    load(state);
    if (claimed) {
      return actsUntil > Ages.NOW ? "both decide" : "";
    }
    return goneNs != NONE && Ages.NOW - goneNs >= LATE ? "a dead holder is not replaced" : "";
  }

  @Override
  public void next(byte[] state, StateWalk.Out out) {
    load(state);
    if (claimed || actsUntil == NONE && is(Life.LIVES)) {
      return;
    }
    if (!mustActFirst()) {
      fields(Ages.TICK);
      mayTurn = true;
      heard.judge(Ages.NOW); // its turns follow each other
      if (secondLife && !cut) {
        heard.read(1, Ages.NOW);
      }
      follow();
      out.to(save(), "tick");
      load(state);
    }
    if (!cut) {
      cut = true;
      out.to(save(), "path 0 is cut");
      load(state);
    }
    process(state, out);
    for (int path = 0; path < PATHS; path++) {
      path(state, path, out);
    }
    load(state);
    if (mayClaim()) {
      claimed = true;
      out.to(save(), "B CLAIMS");
    }
  }

  /** Dials are answered in time; once the holder is gone the claimant reads in time, and claims when it may. */
  private boolean mustActFirst() {
    for (int path = 0; path < PATHS; path++) {
      if (isCut(path)) {
        continue;
      }
      boolean waits = frame[path] || close[path] != Close.NONE.ordinal();
      if (is(Life.GONE) && waits && Ages.NOW - sent[path] >= DELAY
          || dialled[path] != NONE && Ages.NOW - dialled[path] >= DIALLING) {
        return true;
      }
    }
    return is(Life.GONE) && mayClaim();
  }

  private boolean isCut(int path) {
    return path == 0 && cut;
  }

  private void process(byte[] state, StateWalk.Out out) {
    if (is(Life.LIVES)) {
      if (mayTurn) {
        turn();
        out.to(save(), "A turns");
        load(state);
      }
      closeAll(Close.BROKEN);
      gone();
      actsUntil = NONE;
      out.to(save(), "A is KILLED");
      load(state);
      life = Life.ENDING.ordinal();
      if (wording == EndsWording.SOCKETS_FIRST) {
        closeAll(Close.BROKEN);
      } else {
        right.end(Ages.NOW);
      }
      follow();
      out.to(save(), "A ends");
    } else if (is(Life.ENDING) && actsUntil == NONE) {
      closeAll(Close.ENDED);
      gone();
      out.to(save(), "A has ended, closes");
    } else if (is(Life.GONE) && !secondLife) {
      secondLife = true;
      out.to(save(), "A's second life answers");
    }
    load(state);
  }

  private void gone() {
    life = Life.GONE.ordinal();
    goneNs = Ages.NOW;
    right.end(Ages.NOW);
  }

  /** All that the process had open closes. */
  private void closeAll(Close how) {
    for (int path = 0; path < PATHS; path++) {
      if (up[path]) {
        closes(path, how);
      }
      dialled[path] = NONE;
    }
  }

  private void closes(int path, Close how) {
    up[path] = false;
    close[path] = how.ordinal();
    sent[path] = frame[path] ? sent[path] : Ages.NOW;
    line.closed(path, how == Close.BROKEN, Ages.NOW);
  }

  private void turn() {
    mayTurn = false;
    right.judge(Ages.NOW);
    line.stamped();
    for (int path = 0; path < PATHS; path++) {
      if (up[path] && !frame[path]) { // otherwise there is no room, which is as good
        frame[path] = true;
        sent[path] = Ages.NOW;
      } else if (!up[path] && dialled[path] == NONE) {
        dialled[path] = Ages.NOW;
      }
    }
    line.settle(Ages.NOW, Ages.NOW, Ages.NOW);
    right.settle(Ages.NOW, Ages.NOW);
    right.judge(NONE);
    follow();
  }

  private void path(byte[] state, int path, StateWalk.Out out) {
    load(state);
    if (is(Life.LIVES) && up[path]) {
      closes(path, Close.BROKEN);
      dialled[path] = Ages.NOW;
      out.to(save(), "A says GOODBYE and redials on path " + path);
      load(state);
      if (wording != EndsWording.GOODBYE_COUNTS) {
        frame[path] &= wording != EndsWording.RESET_LOSES;
        closes(path, Close.BROKEN);
        out.to(save(), "a third party resets path " + path);
        load(state);
      }
    }
    if (isCut(path)) {
      return;
    }
    if (frame[path]) {
      heard.read(0, Ages.NOW);
      frame[path] = false;
      sent[path] = close[path] == Close.NONE.ordinal() ? NONE : sent[path];
      out.to(save(), "B reads a heartbeat on path " + path);
    } else if (close[path] != Close.NONE.ordinal()) {
      ended |= close[path] == Close.ENDED.ordinal();
      close[path] = Close.NONE.ordinal();
      sent[path] = NONE;
      heard.closed(path, true, Ages.NOW);
      out.to(save(), "B reads a close on path " + path);
    } else if (dialled[path] != NONE) {
      dialled[path] = NONE;
      up[path] = true;
      line.opened(path);
      heard.opened(path);
      heard.read(0, Ages.NOW);
      out.to(save(), "A's dial is answered on path " + path);
    }
    load(state);
    boolean isDialled = path == 1 && !heard.isUp();
    if (isDialled && !isListening() && !heard.isClosed(Ages.NOW + 1)) {
      heard.refused(path, Ages.NOW);
      out.to(save(), "B's dial is refused");
    }
  }

  private boolean isListening() {
    return is(Life.LIVES) || is(Life.ENDING) && !wording.endsListeningFirst() || secondLife;
  }

  private boolean mayClaim() {
    for (int path = 0; path < PATHS; path++) {
      if (!isCut(path) && frame[path] && Ages.NOW - sent[path] >= DELAY) {
        return false;
      }
    }
    heard.judge(Ages.NOW);
    claim.judge(Ages.NOW);
    return claim.mayClaim(0, ended, false, false);
  }
}
