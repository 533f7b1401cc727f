package io.understudy.testkit;

import io.understudy.testkit.sim.PathSettings;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * The shape of a simulated cluster: members 1 to n, groups 1 to g; group i is first held by member i.
 *
 * @param members 2 or 3
 * @param groups at most as many as members
 * @param links between each two members
 * @param capacities of both session tables, for each member
 * @param windowBytes frames in flight between two members
 * @param bootHold how long a member without history waits for others
 * @param path how every path behaves while nothing is wrong
 * @param own what each member has of its own
 */
public record SimSettings(
    int members,
    int groups,
    int links,
    List<Integer> capacities,
    int windowBytes,
    Duration bootHold,
    PathSettings path,
    List<MemberSettings> own) {
  private static final int WINDOW_BYTES = 1 << 20;

  /** D with the heartbeats of {@link MemberSettings#DEFAULT} on one link. */
  private static final long USUAL_CLAIM_NS = 500_000_000;

  public SimSettings {
    if (members < 2
        || groups < 1
        || groups > members
        || capacities.size() != members
        || own.size() != members) {
      throw new IllegalArgumentException(
          members
              + " members with "
              + groups
              + " groups and "
              + capacities.size()
              + " capacities are no cluster");
    }
  }

  /** Members that have nothing of their own. */
  public SimSettings(
      int members,
      int groups,
      int links,
      List<Integer> capacities,
      int windowBytes,
      Duration bootHold,
      PathSettings path) {
    this(
        members,
        groups,
        links,
        capacities,
        windowBytes,
        bootHold,
        path,
        Collections.nCopies(members, MemberSettings.DEFAULT));
  }

  /** Everything else as a node has it by default. */
  public static SimSettings of(int members, int groups, int links, int capacity) {
    return new SimSettings(
        members,
        groups,
        links,
        Collections.nCopies(members, capacity),
        WINDOW_BYTES,
        Duration.ofSeconds(10),
        PathSettings.DEFAULT);
  }

  /** The longest claim time D of a member. */
  public long longestClaimNs() {
    return own.stream()
        .mapToLong(member -> member.heartbeat().claimTime(links).toNanos())
        .max()
        .orElseThrow();
  }

  /** The shortest claim time D of a member: silence after which others take what it held. */
  public long shortestClaimNs() {
    return own.stream()
        .mapToLong(member -> member.heartbeat().claimTime(links).toNanos())
        .min()
        .orElseThrow();
  }

  /** As long to the slowest member as this is with the usual heartbeats; never shorter. */
  public long paced(long ns) {
    return (long) (ns * Math.max(1, longestClaimNs() / (double) USUAL_CLAIM_NS));
  }

  /** The longest interval between heartbeats of a member. */
  public long longestIntervalNs() {
    return own.stream()
        .mapToLong(member -> member.heartbeat().interval().toNanos())
        .max()
        .orElseThrow();
  }

  /** The longest time that a counter waits to be sent. */
  public long longestUsageNs() {
    return own.stream().mapToLong(member -> member.usageInterval().toNanos()).max().orElse(0);
  }
}
