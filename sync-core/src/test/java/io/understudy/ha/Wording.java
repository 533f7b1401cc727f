package io.understudy.ha;

/** Wordings of the right to decide that were tried and fell, each as the rule with one clause changed. */
enum Wording {
  /** The rule as it stands. */
  RULE,
  RENEW_WHEN_READ,
  RENEW_AFTER_THE_LAPSE,
  RIGHT_FROM_READING_AN_ECHO,
  SILENCE_FROM_BEFORE_THE_LAPSE,
  NOT_DRAINED,
  /** Falls where an interval is two ticks of four: a turn may stop for longer than M. */
  CLOCK_BEFORE_THE_KERNEL;

  DecisionRight right(RightSettings settings, ClaimTime own, PeerLine... lines) {
    return new Right(settings, own, lines);
  }

  PeerLine line(RightSettings settings, ClaimTime own, int paths) {
    return new PeerLine(settings, own, paths);
  }

  private final class Right extends DecisionRight {
    private final RightSettings settings;
    private final ClaimTime own;

    Right(RightSettings settings, ClaimTime own, PeerLine... lines) {
      super(settings, own, lines);
      this.settings = settings;
      this.own = own;
    }

    @Override
    void echoed(int peer, long number, long nowNs) {
      super.echoed(peer, number, nowNs);
      if (Wording.this == RENEW_WHEN_READ && holds() && !isLapsed()) {
        renew(nowNs);
      }
    }

    @Override
    long creditOfEcho(long number, long nowNs) {
      return Wording.this == RIGHT_FROM_READING_AN_ECHO ? nowNs : number;
    }

    @Override
    boolean stands(long stampNs, long nowNs) {
      return Wording.this == RENEW_AFTER_THE_LAPSE
          || super.stands(stampNs, Wording.this == CLOCK_BEFORE_THE_KERNEL ? stampNs : nowNs);
    }

    @Override
    boolean isOut(int peer, long clockNs) {
      long waitNs = own.usedNs() + settings.marginNs(own.usedNs());
      return Wording.this == SILENCE_FROM_BEFORE_THE_LAPSE
          ? clockNs - line(peer).readNs() >= waitNs
          : super.isOut(peer, clockNs);
    }

    @Override
    boolean isReturnTaken(long nowNs) {
      return Wording.this == SILENCE_FROM_BEFORE_THE_LAPSE || super.isReturnTaken(nowNs);
    }
  }
}
