package io.understudy.config;

import java.time.Duration;

/**
 * How often two peers show that they are alive, and how much silence means failure.
 *
 * @param interval 10 ms to 10 s, default 100 ms. Shorter finds a dead peer sooner; keep it well above the longest pause of the
 *     process and the link
 * @param missesAllowed heartbeats that may go missing in a row on all of two or more links, 2 to 20, default 4; on a single link
 *     twice as many
 */
public record HeartbeatConfig(Duration interval, int missesAllowed) {
  /** 100 ms, 4 misses (8 on a single link). */
  public static final HeartbeatConfig DEFAULT = new HeartbeatConfig(Duration.ofMillis(100), 4);

  public HeartbeatConfig {
    Ranges.check("heartbeat.interval", interval, Duration.ofMillis(10), Duration.ofSeconds(10));
    Ranges.check("heartbeat.missesAllowed", missesAllowed, 2, 20);
  }
}
