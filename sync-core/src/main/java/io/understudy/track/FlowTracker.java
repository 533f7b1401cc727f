package io.understudy.track;

import io.understudy.model.Direction;

/**
 * Tracks UDP, and every protocol that is not tracked by name, by the first two packets of each
 * direction.
 */
final class FlowTracker {
  private FlowTracker() {}

  static Verdict track(Direction direction, SessionFacts facts, boolean isUdp, TrackResult result) {
    if (facts.isEmpty()) {
      facts.add(Direction.FORWARD, FlowState.SEEN);
      result.change(SessionEvent.FIRST_FORWARD);
      return result.answer(Verdict.CREATE);
    }
    boolean forward = direction == Direction.FORWARD;
    if (!facts.has(direction, FlowState.SEEN)) {
      facts.add(direction, FlowState.SEEN);
      result.change(forward ? SessionEvent.FIRST_FORWARD : SessionEvent.FIRST_REPLY);
    } else if (!facts.has(direction, FlowState.SECOND)) {
      facts.add(direction, FlowState.SECOND);
      result.change(forward ? SessionEvent.SECOND_FORWARD : SessionEvent.SECOND_REPLY);
    }
    if (isUdp
        && forward
        && facts.has(Direction.REVERSE, FlowState.SEEN)
        && facts.add(Direction.FORWARD, FlowState.AFTER_REPLY)) {
      result.change(SessionEvent.SECOND_FORWARD);
    }
    return result.answer(Verdict.ACCEPT);
  }
}
