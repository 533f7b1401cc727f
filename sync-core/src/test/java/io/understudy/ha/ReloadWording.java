package io.understudy.ha;

/** Wordings of how a reload changes D that were tried and fell. */
enum ReloadWording {
  /** The rule as it stands. */
  RULE,
  /** A lower D is told at once, the own right follows when it was echoed. */
  LOWER_WHEN_ECHOED,
  /** A lower D holds for the next right, the present one is left as it is. */
  LEAVE_UNTIL,
  /** A higher D counts as soon as every path has it in its kernel, or is full. */
  RAISE_AT_ONCE,
  /** A higher D counts when the same value was echoed, whichever reload set it. */
  ECHO_OF_VALUE,
  /** The claimant uses the D that it read last. */
  LAST_READ;

  ClaimTime claimTime(long detectionNs) {
    return new ClaimTime(detectionNs) {
      @Override
      boolean change(long nextNs) {
        long before = usedNs();
        boolean lower = super.change(nextNs);
        if (lower && ReloadWording.this == LOWER_WHEN_ECHOED) {
          fields(new Setting("usedNs", before));
          return false;
        }
        return lower;
      }
    };
  }

  DecisionRight right(RightSettings settings, ClaimTime own, PeerLine... lines) {
    return new DecisionRight(settings, own, lines) {
      @Override
      void shorten(long nowNs) {
        if (ReloadWording.this != LEAVE_UNTIL) {
          super.shorten(nowNs);
        }
      }
    };
  }

  PeerLine line(RightSettings settings, ClaimTime own, int paths) {
    return new PeerLine(settings, own, paths) {
      @Override
      void toldDetection(long itsReload, long itsDetectionNs) {
        super.toldDetection(itsReload, itsDetectionNs);
        if (ReloadWording.this == LAST_READ) {
          fields(new Setting("detectionNs", itsDetectionNs));
        }
      }
    };
  }

  /** Sets one length and leaves everything else as it is. */
  private static final class Setting extends Unchanged {
    private final String field;
    private final long to;

    Setting(String field, long to) {
      this.field = field;
      this.to = to;
    }

    @Override
    public long length(String name, long value) {
      return name.equals(field) ? to : value;
    }
  }
}
