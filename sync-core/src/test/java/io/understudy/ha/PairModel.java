package io.understudy.ha;

import java.util.Set;

/**
 * Two members, one connection that stays up; a frame takes 0..delay ticks to the peer's kernel and lies there for any time. Either loop
 * may stop between any two of its steps for any time, while the dataplane asks all the time.
 */
final class PairModel implements StateWalk.Model {
  private static final int CLOCK = 0;
  private static final int READ = 1;
  private static final int STAMP = 3;
  private static final int WRITE = 4;
  private static final int SETTLE = 5;

  private static final Set<String> FOLLOWER =
      Set.of(
          "readNs",
          "chainFirstNs",
          "chainLastNs",
          "missed",
          "taken",
          "dropped",
          "countsFromNs",
          "untilNs",
          "echoedNs",
          "creditNs");
  private static final Set<String> LATE =
      Set.of("silentNs", "countedNs", "countsFromNs", "creditNs");
  private static final Set<String> STANDING =
      Set.of(
          "silentNs",
          "countedNs",
          "countsFromNs",
          "creditNs",
          "readNs",
          "chainFirstNs",
          "echoedNs",
          "dropped",
          "heard");
  private static final Set<String> LAPSED =
      Set.of("silentNs", "countedNs", "countsFromNs", "creditNs", "untilNs", "dropped", "heard");

  private final Wording wording;
  private final RightSettings settings;
  private final int detection;
  private final int delay;
  private final int slots;
  private final int topTerm;
  private final Ages ages;
  private final Member[] members = new Member[2];
  private final Frame[][] frames;
  private final int[] queued = new int[2];

  private final class Member {
    final ClaimTime own = new ClaimTime(detection);
    final PeerLine line = wording.line(settings, own, 1);
    final DecisionRight right = wording.right(settings, own, line);
    int term;
    int step;
    boolean mayTurn;
    long clock;
    long stamp;
    long heard; // the newest number read of the other
    long actsUntil;

    /** What no rule asks for in this state. */
    Set<String> blank() {
      if (!right.holds()) {
        return FOLLOWER;
      }
      return right.isLapsed() ? LAPSED : right.mayDecide(Ages.NOW) ? STANDING : LATE;
    }

    void fields(RightFields f) {
      line.fields(f);
      right.fields(f);
      term = (int) f.number("term", term);
      step = (int) f.number("step", step);
      mayTurn = f.flag("mayTurn", mayTurn);
      clock = f.time("clock", clock);
      stamp = f.time("stamp", stamp);
      heard = f.time("heard", heard);
      actsUntil = f.time("actsUntil", actsUntil);
    }

    /** What a batch that was allowed to begin may still do. */
    void follow() {
      boolean may = right.mayDecide(Ages.NOW);
      long end = Ages.NOW + settings.batchNs();
      actsUntil = may ? right.untilNs() + settings.batchNs() : Math.min(actsUntil, end);
      actsUntil = actsUntil <= Ages.NOW ? DecisionRight.NEVER : actsUntil;
    }
  }

  private static final class Frame {
    int term;
    long number;
    long echo;
    long sent;
    boolean holds;

    void fields(RightFields f) {
      term = (int) f.number("term", term);
      number = f.time("number", number);
      echo = f.time("echo", echo);
      sent = f.time("sent", sent);
      holds = f.flag("holds", holds);
    }
  }

  PairModel(Wording wording, RightSettings settings, int detection, int delay, int slots, int top) {
    this.wording = wording;
    this.settings = settings;
    this.detection = detection;
    this.delay = delay;
    this.slots = slots;
    topTerm = top;
    ages = new Ages(detection + (int) settings.marginNs(detection));
    frames = new Frame[2][slots];
    for (int m = 0; m < 2; m++) {
      members[m] = new Member();
      for (int i = 0; i < slots; i++) {
        frames[m][i] = new Frame();
      }
    }
  }

  @Override
  public byte[] start() {
    for (Member member : members) {
      member.term = 2;
      member.line.begin(0, Ages.NOW);
      member.line.toldDetection(0, detection);
      member.line.opened(0);
      member.clock = DecisionRight.NEVER;
      member.stamp = DecisionRight.NEVER;
      member.heard = DecisionRight.NEVER;
      member.actsUntil = DecisionRight.NEVER;
    }
    DecisionRight a = members[0].right;
    a.judge(Ages.NOW);
    a.claim(0);
    members[0].line.settle(Ages.NOW, Ages.NOW, Ages.NOW);
    a.settle(Ages.NOW, Ages.NOW);
    a.judge(DecisionRight.NEVER);
    members[0].follow();
    return save();
  }

  private void fields(RightFields f) {
    for (int m = 0; m < 2; m++) {
      ages.blank(members[m].blank());
      members[m].fields(f);
      ages.blank(Set.of());
      queued[m] = (int) f.number("queued", queued[m]);
      for (int i = 0; i < queued[m]; i++) {
        frames[m][i].fields(f);
      }
    }
  }

  private byte[] save() {
    for (int m = 0; m < 2; m++) {
      members[m].heard = useful(members[m].heard);
      for (int i = 0; i < queued[m]; i++) {
        frames[m][i].number = useful(frames[m][i].number);
        frames[m][i].echo = useful(frames[m][i].echo);
        frames[m][i].sent = Math.max(frames[m][i].sent, Ages.NOW - delay);
      }
    }
    ages.beginSave();
    fields(ages);
    return ages.saved();
  }

  /** A number gives nothing once V has passed. */
  private long useful(long number) {
    return Ages.NOW - number >= settings.rightNs(detection) ? DecisionRight.NEVER : number;
  }

  private void load(byte[] state) {
    ages.beginLoad(state);
    fields(ages);
  }

  @Override
  public String bad(byte[] state) {
    load(state);
    return members[0].actsUntil > Ages.NOW && members[1].actsUntil > Ages.NOW ? "both decide" : "";
  }

  @Override
  public void next(byte[] state, StateWalk.Out out) {
    load(state);
    if (!members[0].right.holds() && members[0].actsUntil <= Ages.NOW) {
      return; // A follows: as at the start, with the names exchanged
    }
    fields(Ages.TICK);
    for (Member member : members) {
      member.mayTurn = member.step == CLOCK;
      member.follow();
    }
    out.to(save(), "tick");
    for (int m = 0; m < 2; m++) {
      step(state, m, out);
    }
  }

  private void step(byte[] state, int m, StateWalk.Out out) {
    load(state);
    Member own = members[m];
    String who = m == 0 ? "A " : "B ";
    if (!own.right.mayAnswer(Ages.NOW)) {
      return; // END: B passes before anything else is said
    }
    switch (own.step) {
      case CLOCK -> {
        if (own.mayTurn) {
          own.mayTurn = false;
          own.clock = Ages.NOW;
          own.step = READ;
          out.to(save(), who + "reads the clock");
        }
      }
      case READ -> {
        boolean isDrained =
            queued[m] == 0
                || Ages.NOW - frames[m][0].sent < delay
                || wording == Wording.NOT_DRAINED;
        if (queued[m] > 0) {
          read(m);
          out.to(save(), who + "reads a frame");
          load(state);
        }
        if (isDrained) {
          judge(m, out);
        }
      }
      case STAMP -> {
        own.stamp = Ages.NOW;
        own.step = WRITE;
        out.to(save(), who + "stamps");
      }
      case WRITE -> {
        write(m);
        own.step = SETTLE;
        out.to(save(), who + "writes");
      }
      default -> {
        own.line.settle(own.right.judgedNs(), own.stamp, Ages.NOW);
        own.right.settle(own.stamp, Ages.NOW);
        own.clock = DecisionRight.NEVER;
        own.stamp = DecisionRight.NEVER;
        own.right.judge(DecisionRight.NEVER);
        own.step = CLOCK;
        own.follow();
        out.to(save(), who + "settles");
      }
    }
  }

  private void read(int m) {
    Member own = members[m];
    Frame frame = frames[m][0];
    own.line.read(0, Ages.NOW);
    own.heard = Math.max(own.heard, frame.number);
    if (frame.term > own.term) {
      own.right.end(Ages.NOW);
      own.term = frame.term;
      own.follow();
    } else if (!frame.holds) {
      own.right.echoed(0, frame.echo, Ages.NOW);
      own.follow();
    }
    frames[m][0] = frames[m][queued[m] - 1];
    System.arraycopy(frames[m], 1, frames[m], 0, queued[m] - 1);
    frames[m][queued[m] - 1] = frame;
    queued[m]--;
  }

  private void judge(int m, StateWalk.Out out) {
    Member own = members[m];
    own.line.judge(own.clock);
    own.right.judge(own.clock);
    own.clock = DecisionRight.NEVER; // kept there
    boolean claims = own.right.mayClaim(0, false, false, false);
    if (claims) {
      int number = own.term / 2 + 1;
      if (number > topTerm) {
        return; // the walk ends here
      }
      own.term = number * 2 + m;
      own.right.claim(0);
    }
    own.stamp = claims ? DecisionRight.NEVER : Ages.NOW;
    own.step = claims ? STAMP : WRITE;
    own.follow();
    out.to(save(), (m == 0 ? "A " : "B ") + (claims ? "CLAIMS" : "judges"));
  }

  private void write(int m) {
    Member own = members[m];
    own.line.stamped();
    int to = 1 - m;
    if (queued[to] == slots) {
      return; // no room: as good as taken
    }
    Frame frame = frames[to][queued[to]++];
    frame.term = own.term;
    frame.holds = own.right.holds();
    frame.number = frame.holds ? own.stamp : DecisionRight.NEVER; // only a holder's matter here
    frame.echo = frame.holds ? DecisionRight.NEVER : own.heard;
    frame.sent = Ages.NOW;
  }
}
