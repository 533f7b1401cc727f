package io.understudy.ha;

import io.understudy.proto.v1.GroupStatus;
import java.util.List;

/**
 * Who else holds a group that this member holds, or may have until a moment ago: when that is over, whoever forwards is told again.
 *
 * <p>Thread: the duty cycle.
 */
final class OtherHolders {
  private final GroupState[] groups;

  /** @param groups by number; {@code null} where nobody here has heard of the group */
  OtherHolders(GroupState[] groups) {
    this.groups = groups;
  }

  /** A peer is heard whose former life may have held any group, unheard. */
  void noteUnheard() {
    for (GroupState state : groups) {
      if (state != null && state.holds()) {
        state.mayHaveMissedOther = true;
      }
    }
  }

  /** What a stranger says is not noted while the peer's other life echoes: it may have held a group until a moment ago. */
  void noteStrangerOver(PeerMonitor peer) {
    if (peer.stranger() != null) {
      for (GroupStatus status : peer.stranger().statuses().all()) {
        noteMet(status, status.getHolds() || status.getEnded() > 0);
      }
    }
  }

  /** One that is refused holds what this member holds: when that is over, others are told again. */
  void noteHolds(List<GroupStatus> statuses) {
    for (GroupStatus status : statuses) {
      noteMet(status, status.getHolds());
    }
  }

  /** It held the group until a moment ago: whoever forwards may have learnt the way to it after the way to this member. */
  void noteEnded(PeerMonitor peer, long sequence, List<GroupStatus> statuses) {
    for (GroupStatus status : statuses) {
      noteMet(status, peer.statuses().hasEndedSince(sequence, status));
    }
  }

  /** Somebody else holds the group too, or did. */
  void noteMet(GroupStatus status, boolean isMet) {
    int group = status.getGroup(); // of somebody who is refused it may be any
    GroupState state = group >= 0 && group < groups.length ? groups[group] : null;
    if (state != null) {
      state.hasMetOther |= state.holds() && isMet;
    }
  }
}
