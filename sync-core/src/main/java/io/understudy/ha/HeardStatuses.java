package io.understudy.ha;

import io.understudy.proto.v1.GroupStatus;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one process said last of every group; of two heartbeats that overtook each other the later counts.
 *
 * <p>Thread: the duty cycle.
 */
final class HeardStatuses {
  private final Map<Integer, GroupStatus> statuses = new HashMap<>();
  private long sequence;

  /** Answers false if something newer was said already. */
  boolean said(long itsSequence, Collection<GroupStatus> said) {
    if (itsSequence <= sequence || said.isEmpty()) {
      return false; // nothing is said of the groups while a packet batch may still decide
    }
    sequence = itsSequence;
    for (GroupStatus status : said) {
      statuses.put(status.getGroup(), status);
    }
    return true;
  }

  /** It says, for the first time, that it ended this term of its own. */
  boolean hasEndedSince(long itsSequence, GroupStatus status) {
    GroupStatus before = statuses.get(status.getGroup());
    long endedBefore = before == null ? 0 : before.getEnded();
    return itsSequence > sequence && status.getEnded() > endedBefore;
  }

  /** The number of what was said last. */
  long sequence() {
    return sequence;
  }

  boolean isEmpty() {
    return statuses.isEmpty();
  }

  /** {@code null}: nothing was said of the group. */
  GroupStatus of(int group) {
    return statuses.get(group);
  }

  List<GroupStatus> all() {
    return List.copyOf(statuses.values());
  }

  /** What was said is void. */
  void clear() {
    statuses.clear();
    sequence = 0;
  }
}
