package io.understudy.config;

import java.time.Duration;

/**
 * How the streams batch and what they keep for peers that are away.
 *
 * @param windowBytes frames in flight to one peer, 128 KiB to 64 MiB, default 1 MiB. More hides a longer round trip; what is in
 *     flight is sent again when a connection ends
 * @param frameBytes bytes of a frame with records, 8 KiB to 64 KiB, default 64 KiB. Shorter ones let an acknowledgement leave sooner where a
 *     link is slow; each costs a call of the kernel
 * @param batching how long a change that is not urgent may wait for company, 0 to 100 ms, default 5 ms
 * @param usageInterval how often counters and last-seen times of an entry are sent at most, 100 ms to 60 s, default 1 s
 * @param outageMemory how long deletes are kept for a peer that is away, 1 s to 1 h, default 60 s. After that it gets everything
 *     again when it returns
 */
public record StreamConfig(
    int windowBytes,
    int frameBytes,
    Duration batching,
    Duration usageInterval,
    Duration outageMemory) {
  /** 1 MiB, 64 KiB, 5 ms, 1 s, 60 s. */
  public static final StreamConfig DEFAULT =
      new StreamConfig(
          1 << 20, 1 << 16, Duration.ofMillis(5), Duration.ofSeconds(1), Duration.ofSeconds(60));

  public StreamConfig {
    Ranges.check("stream.windowBytes", windowBytes, 1 << 17, 1 << 26);
    Ranges.check("stream.frameBytes", frameBytes, 1 << 13, 1 << 16);
    Ranges.check("stream.batching", batching, Duration.ZERO, Duration.ofMillis(100));
    Ranges.check(
        "stream.usageInterval", usageInterval, Duration.ofMillis(100), Duration.ofSeconds(60));
    Ranges.check("stream.outageMemory", outageMemory, Duration.ofSeconds(1), Duration.ofHours(1));
  }
}
