package io.understudy.config;

import java.time.Duration;

/**
 * How often two peers show that they are alive, and how much silence means failure.
 *
 * <p>The claim time D is the interval times the misses allowed. A holder's right to decide ends a quarter of D before its peers may claim,
 * and half of that quarter is all that a heartbeat may take: with 2 misses one late turn fences the holder.
 *
 * @param interval 10 ms to 10 s, default 100 ms. Shorter finds a dead peer sooner; keep it well above the longest pause of the
 *     process and the link
 * @param missesAllowed heartbeats that may go missing in a row on all of two or more links, 2 to 20, default 4
 * @param missesAllowedAlone heartbeats that may go missing in a row on a single link, 2 to 40, default 5
 * @param batch how long a packet batch acts on one answer of {@code mayDecide}, 0 to an eighth of the claim time or one interval, default 5 ms
 * @param confirmation how long all connections to a peer must be closed before that means that its process ended: from batch to interval,
 *     default 20 ms
 */
public record HeartbeatConfig(
    Duration interval,
    int missesAllowed,
    int missesAllowedAlone,
    Duration batch,
    Duration confirmation) {
  private static final Duration LEAST = Duration.ofMillis(10);
  private static final Duration MOST = Duration.ofSeconds(10);
  private static final Duration BATCH = Duration.ofMillis(5);
  private static final Duration CONFIRMATION = Duration.ofMillis(20);

  /** 100 ms, 4 misses (5 on a single link), batches of 5 ms, 20 ms of confirmation. */
  public static final HeartbeatConfig DEFAULT =
      new HeartbeatConfig(Duration.ofMillis(100), 4, 5, BATCH, CONFIRMATION);

  public HeartbeatConfig {
    Ranges.check("heartbeat.interval", interval, LEAST, MOST);
    Ranges.check("heartbeat.missesAllowed", missesAllowed, 2, 20);
    Ranges.check("heartbeat.missesAllowedAlone", missesAllowedAlone, 2, 40);
    Duration eighth =
        interval.multipliedBy(Math.min(missesAllowed, missesAllowedAlone)).dividedBy(8);
    Duration mostBatch = eighth.compareTo(interval) < 0 ? eighth : interval;
    Ranges.check("heartbeat.batch", batch, Duration.ZERO, mostBatch);
    Ranges.check("heartbeat.confirmation", confirmation, batch, interval);
  }

  /** With this many misses allowed, on whatever number of links, and the default batch and confirmation, or as much as the claim time allows. */
  public static HeartbeatConfig of(Duration interval, int missesAllowed) {
    Ranges.check("heartbeat.interval", interval, LEAST, MOST);
    Duration mostBatch = interval.multipliedBy(missesAllowed).dividedBy(8);
    return new HeartbeatConfig(
        interval,
        missesAllowed,
        missesAllowed,
        BATCH.compareTo(mostBatch) < 0 ? BATCH : mostBatch,
        CONFIRMATION.compareTo(interval) < 0 ? CONFIRMATION : interval);
  }

  /** D on so many links: silence of a holder that means failure. */
  public Duration claimTime(int links) {
    return interval.multipliedBy(links > 1 ? missesAllowed : missesAllowedAlone);
  }
}
