package io.understudy.ha;

import java.util.Set;

/**
 * A reload changes D of a holder three times; D travels in heartbeats on two paths to a claimant. The holder may stop between any two
 * steps, the claimant reads when it likes, a path is full when the claimant left its frame unread. An echo names the reload that the
 * claimant knows and takes any time. The claimant claims in one step: how that may be interrupted is the matter of {@link PairModel}.
 */
final class ReloadModel implements StateWalk.Model {
  private static final int STAMP = 0;
  private static final int SETTLE = 3; // after a step for each path

  private static final long[] DETECTION = {6, 3, 6, 3};
  private static final int DELAY = 1;

  /** What nothing here asks for: the holder hears nobody, nothing closes. */
  private static final Set<String> HOLDER =
      Set.of(
          "readNs",
          "silentNs",
          "countedNs",
          "chainFirstNs",
          "chainLastNs",
          "judgedNs",
          "countsFromNs",
          "gaveUpNs",
          "creditNs",
          "echoedNs",
          "dropped",
          "taken");

  private static final Set<String> CLAIMANT = Set.of("readNs");

  private final ReloadWording wording;
  private final Ages ages = new Ages(12);
  private final ClaimTime own;
  private final PeerLine line;
  private final DecisionRight right;
  private final PeerLine heard;
  private final long[] frames = new long[2]; // its reload, -1: there is none
  private final long[] sent = new long[2];
  private long step;
  private boolean mayStamp;
  private long stamp;
  private long actsUntil;
  private long echo;
  private boolean claimed;

  ReloadModel(ReloadWording wording) {
    this.wording = wording;
    RightSettings settings = new RightSettings(1, 0, 1, DETECTION[0], 1);
    own = wording.claimTime(DETECTION[0]);
    line = new PeerLine(settings, own, 2);
    right = wording.right(settings, own, line);
    heard = wording.line(settings, new ClaimTime(DETECTION[0]), 2);
  }

  @Override
  public byte[] start() {
    line.begin(0, Ages.NOW);
    line.toldDetection(0, DETECTION[0]);
    heard.begin(0, Ages.NOW);
    heard.toldDetection(0, DETECTION[0]);
    for (int path = 0; path < 2; path++) {
      line.opened(path);
      frames[path] = -1;
      sent[path] = Ages.NOW;
    }
    right.judge(Ages.NOW);
    right.claim(0);
    line.settle(Ages.NOW, Ages.NOW, Ages.NOW);
    right.settle(Ages.NOW, Ages.NOW);
    stamp = DecisionRight.NEVER;
    echo = -1;
    actsUntil = right.untilNs();
    return save();
  }

  private void fields(RightFields f) {
    ages.blank(HOLDER);
    own.fields(f);
    line.fields(f);
    right.fields(f);
    ages.blank(CLAIMANT);
    heard.fields(f);
    ages.blank(Set.of());
    step = f.number("step", step);
    mayStamp = f.flag("mayStamp", mayStamp);
    stamp = f.time("stamp", stamp);
    actsUntil = f.time("actsUntil", actsUntil);
    echo = f.number("echo", echo);
    claimed = f.flag("claimed", claimed);
    for (int path = 0; path < 2; path++) {
      frames[path] = f.number("frame", frames[path]);
      sent[path] = f.time("sent", sent[path]);
    }
  }

  private byte[] save() {
    for (int path = 0; path < 2; path++) {
      boolean isOld = frames[path] < 0 || Ages.NOW - sent[path] >= DELAY;
      sent[path] = isOld ? Ages.NOW - DELAY : sent[path];
    }
    ages.beginSave();
    fields(ages);
    return ages.saved();
  }

  private void load(byte[] state) {
    ages.beginLoad(state);
    fields(ages);
  }

  @Override
  public String bad(byte[] state) {
    load(state);
    return claimed && actsUntil > Ages.NOW ? "both decide" : "";
  }

  @Override
  public void next(byte[] state, StateWalk.Out out) {
    load(state);
    if (claimed || !right.mayDecide(Ages.NOW)) {
      return; // how a right that ran out comes back is the matter of PairModel
    }
    tick(out);
    holder(state, out);
    claimant(state, out);
  }

  private void tick(StateWalk.Out out) {
    fields(Ages.TICK);
    heard.judge(Ages.NOW);
    mayStamp |= step == STAMP;
    out.to(save(), "tick");
  }

  private void holder(byte[] state, StateWalk.Out out) {
    load(state);
    if (step == SETTLE) {
      line.settle(stamp, stamp, Ages.NOW);
      if (wording == ReloadWording.RAISE_AT_ONCE) {
        own.echoed(own.reload());
      }
      right.settle(stamp, Ages.NOW);
      stamp = DecisionRight.NEVER;
      step = STAMP;
      actsUntil = right.untilNs();
      out.to(save(), "A settles");
      return;
    }
    if (step > STAMP) {
      int path = (int) step++ - 1;
      if (frames[path] < 0) {
        frames[path] = own.reload();
        sent[path] = Ages.NOW;
      }
      out.to(save(), "A writes to path " + path);
      return;
    }
    if (mayStamp) {
      mayStamp = false;
      right.judge(Ages.NOW);
      stamp = Ages.NOW;
      line.stamped();
      step = 1;
      out.to(save(), "A stamps");
      load(state);
    }
    int next = (int) own.reload() + 1;
    if (next < DETECTION.length) {
      if (own.change(DETECTION[next])) {
        right.shorten(Ages.NOW);
      }
      actsUntil = right.untilNs();
      out.to(save(), "A changes D to " + DETECTION[next]);
      load(state);
    }
    if (echo >= 0) {
      boolean isSame = DETECTION[(int) echo] == own.toldNs();
      boolean byValue = wording == ReloadWording.ECHO_OF_VALUE && isSame;
      own.echoed(byValue ? own.reload() : echo);
      echo = -1;
      out.to(save(), "A reads an echo");
    }
  }

  private void claimant(byte[] state, StateWalk.Out out) {
    boolean isDrained = true;
    for (int path = 0; path < 2; path++) {
      load(state);
      isDrained &= frames[path] < 0 || Ages.NOW - sent[path] < DELAY;
      if (frames[path] >= 0) {
        heard.read(0, Ages.NOW);
        heard.toldDetection(frames[path], DETECTION[(int) frames[path]]);
        frames[path] = -1;
        out.to(save(), "B reads path " + path);
      }
    }
    load(state);
    if (echo < 0) {
      echo = heard.reload();
      out.to(save(), "B echoes");
      load(state);
    }
    if (isDrained && heard.isSilent()) {
      claimed = true;
      out.to(save(), "B CLAIMS");
    }
  }
}
