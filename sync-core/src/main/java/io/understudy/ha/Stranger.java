package io.understudy.ha;

import io.understudy.proto.v1.GroupStatus;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A process that is refused and speaks in a peer's place while connections of another life of that peer are open. If it holds a group, that
 * holds claims back. Anything else that it says counts if it is certain that it is no other cluster's, or when that life echoes nothing any
 * more: a connection of the dead stays open for as long as its host's answer is on its way.
 *
 * <p>Thread: the duty cycle.
 */
final class Stranger {
  private static final int MARGIN_SHARE = 4;

  private final StrangerHello hello;
  private final long mostTurnNs;
  private boolean isCertain;
  private long detectionNs;
  private long reload;
  private final Map<Integer, GroupStatus> statuses = new HashMap<>();
  private long saidSequence;
  private boolean heardNow = true;
  private long silentNs;
  private long countedNs = DecisionRight.NEVER;

  /** @param mostTurnNs what one of this member's turns adds to a silence at most */
  Stranger(StrangerHello hello, long mostTurnNs) {
    this.hello = hello;
    this.mostTurnNs = mostTurnNs;
    detectionNs = hello.detectionNs();
  }

  StrangerHello hello() {
    return hello;
  }

  /** On one of its connections it was. */
  boolean isCertain() {
    return isCertain;
  }

  void met(StrangerHello again) {
    isCertain |= again.isCertain();
    heardNow = true;
  }

  /** It said its claim time. */
  void toldDetection(long itsReload, long itsDetectionNs) {
    if (itsReload > reload) {
      reload = itsReload;
      detectionNs = itsDetectionNs;
    }
  }

  /** As {@link PeerLine} counts silence. */
  void turn(long judgedNs) {
    if (heardNow) {
      silentNs = 0;
      heardNow = false;
    } else if (countedNs != DecisionRight.NEVER && judgedNs > countedNs) {
      silentNs += Math.min(judgedNs - countedNs, mostTurnNs);
    }
    countedNs = Math.max(countedNs, judgedNs);
  }

  /** It said this; of two heartbeats that overtook each other the later counts. */
  void said(long sequence, List<GroupStatus> said) {
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

  /** {@code null}: it said nothing of the group, or was silent for D + M. */
  GroupStatus status(int group) {
    return silentNs < detectionNs + detectionNs / MARGIN_SHARE ? statuses.get(group) : null;
  }
}
