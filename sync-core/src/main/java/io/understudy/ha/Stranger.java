package io.understudy.ha;

import io.understudy.proto.v1.GroupStatus;

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
  private final HeardStatuses statuses = new HeardStatuses();
  private boolean heardNow = true;
  private long silentNs;
  private long countedNs = DecisionRight.NEVER;

  /** @param mostTurnNs what one of this member's turns adds to a silence at most */
  Stranger(StrangerHello hello, long mostTurnNs) {
    this.hello = hello;
    this.mostTurnNs = mostTurnNs;
    detectionNs = hello.detectionNs();
  }

  /** A process that was refused, and spoke in the peer's place until another life of the peer came up: what it holds it may still hold. */
  static Stranger of(StrangerHello hello, HeardStatuses said, long mostTurnNs, long silentNs) {
    Stranger stranger = new Stranger(hello, mostTurnNs);
    stranger.heardNow = false;
    stranger.silentNs = silentNs;
    stranger.statuses.said(said.sequence(), said.all());
    return stranger;
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

  long detectionNs() {
    return detectionNs;
  }

  /** That set its claim time; 0: none did. */
  long reload() {
    return reload;
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

  HeardStatuses statuses() {
    return statuses;
  }

  /** {@code null}: it said nothing of the group, or was silent for D + M. */
  GroupStatus status(int group) {
    return isSilent() ? null : statuses.of(group);
  }

  /** Nothing of it for D + M, whether its connections are open or not. */
  boolean isSilent() {
    return silentNs >= detectionNs + detectionNs / MARGIN_SHARE;
  }
}
