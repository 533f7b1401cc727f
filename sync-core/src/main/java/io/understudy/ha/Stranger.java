package io.understudy.ha;

import io.understudy.proto.v1.GroupStatus;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A process that is refused and speaks in a peer's place while connections of another life of that peer are open. If it holds a group, that
 * holds claims back. Anything else that it says counts only when that life echoes nothing any more: a connection of the dead stays open for as
 * long as its host's answer is on its way.
 *
 * <p>Thread: the duty cycle.
 */
final class Stranger {
  private final int callsItself;
  private final long incarnation;
  private final long detectionNs;
  private final Map<Integer, GroupStatus> statuses = new HashMap<>();
  private long saidSequence;
  private long heardNs;

  /**
   * Begins when it is heard.
   *
   * @param callsItself the node id that it has for itself
   * @param detectionNs its claim time as its HELLO says
   */
  Stranger(int callsItself, long incarnation, long detectionNs) {
    this.callsItself = callsItself;
    this.incarnation = incarnation;
    this.detectionNs = detectionNs;
  }

  int callsItself() {
    return callsItself;
  }

  long incarnation() {
    return incarnation;
  }

  /** It said this; of two heartbeats that overtook each other the later counts. */
  void said(long sequence, List<GroupStatus> said, long nowNs) {
    heardNs = nowNs;
    if (sequence > saidSequence && !said.isEmpty()) {
      saidSequence = sequence;
      for (GroupStatus status : said) {
        statuses.put(status.getGroup(), status);
      }
    }
  }

  /** It says, for the first time, that it ended this term of its own. */
  boolean hasEndedSince(long sequence, GroupStatus status) {
    GroupStatus before = statuses.get(status.getGroup());
    long endedBefore = before == null ? 0 : before.getEnded();
    return sequence > saidSequence && status.getEnded() > endedBefore;
  }

  /** The number of what it said last. */
  long saidSequence() {
    return saidSequence;
  }

  /** What it said last of every group. */
  Collection<GroupStatus> statuses() {
    return statuses.values();
  }

  /** {@code null}: it said nothing of the group, or is not heard any more. */
  GroupStatus status(int group, long nowNs) {
    return nowNs - heardNs < detectionNs ? statuses.get(group) : null;
  }
}
