package io.understudy.demos.faults;

/** What a stranger tries against a member, without any secret. */
enum AttackKind {
  CONNECTIONS("200,000 connections", 200_000) {
    @Override
    void run(Stranger stranger, int count) {
      stranger.connect(count);
    }
  },
  LONG_NAMES("HELLO with names of 65,000 characters", 1_000) {
    @Override
    void run(Stranger stranger, int count) {
      stranger.sayLongNames(count);
    }
  },
  FORGED_CLOCKS("HELLO with a clock of 2^62", 1_000) {
    @Override
    void run(Stranger stranger, int count) {
      stranger.sayForgedClocks(count);
    }
  },
  PREAMBLES("preambles at 50/s", 500) {
    @Override
    void run(Stranger stranger, int count) {
      stranger.greet(count, 50);
    }
  },
  NOISE("bytes that are no frames", 2_000) {
    @Override
    void run(Stranger stranger, int count) {
      stranger.sayNoise(count, count);
    }
  };

  final String title;
  final int count;

  AttackKind(String title, int count) {
    this.title = title;
    this.count = count;
  }

  abstract void run(Stranger stranger, int count);
}
