package io.understudy.testkit;

import io.understudy.config.HeartbeatConfig;
import io.understudy.config.StreamConfig;
import java.time.Duration;

/**
 * What one member of a simulated cluster has of its own.
 *
 * @param clockOffsetNs what its clock is ahead of the simulation's
 * @param clockPpm how much faster its clock runs, in millionths, -1,000 to 1,000
 * @param startNs when it starts, after the cluster does
 * @param heartbeat how it sends and counts heartbeats
 * @param frameBytes bytes of a frame with records at most
 * @param batching how long a change may wait for company
 * @param usageInterval how often counters are sent at most
 * @param outageMemory how long deletes are kept for a peer that is away
 */
public record MemberSettings(
    long clockOffsetNs,
    int clockPpm,
    long startNs,
    HeartbeatConfig heartbeat,
    int frameBytes,
    Duration batching,
    Duration usageInterval,
    Duration outageMemory) {
  /** The simulation's clock, started with the cluster, everything else as a node has it by default. */
  public static final MemberSettings DEFAULT =
      new MemberSettings(
          0,
          0,
          0,
          HeartbeatConfig.DEFAULT,
          StreamConfig.DEFAULT.frameBytes(),
          StreamConfig.DEFAULT.batching(),
          StreamConfig.DEFAULT.usageInterval(),
          StreamConfig.DEFAULT.outageMemory());

  /** The same with other heartbeats. */
  public MemberSettings withHeartbeat(HeartbeatConfig other) {
    return new MemberSettings(
        clockOffsetNs, clockPpm, startNs, other, frameBytes, batching, usageInterval, outageMemory);
  }

  /** The same with changes that may wait for so long. */
  public MemberSettings withBatching(Duration other) {
    return new MemberSettings(
        clockOffsetNs,
        clockPpm,
        startNs,
        heartbeat,
        frameBytes,
        other,
        usageInterval,
        outageMemory);
  }
}
