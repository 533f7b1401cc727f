package io.understudy.track;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;

/**
 * Tracks ICMP and ICMPv6 queries; errors, neighbour discovery and everything else count for
 * nothing.
 */
final class IcmpTracker {
  private static final int ECHO_REQUEST = 8;
  private static final int ECHO_REQUEST6 = 128;

  private IcmpTracker() {}

  static Verdict track(
      PacketView packet, Direction direction, SessionFacts facts, TrackResult result) {
    int request = IcmpPorts.requestType(packet.protocol(), packet.icmpType());
    if (request == IcmpPorts.NO_QUERY) {
      return result.answer(Verdict.IGNORE);
    }
    boolean echo = request == (packet.protocol() == IpProtocol.ICMP ? ECHO_REQUEST : ECHO_REQUEST6);
    if (packet.icmpType() != request) {
      return onReply(echo, direction, facts, result);
    }
    if (!facts.isEmpty()) {
      return result.answer(Verdict.ACCEPT);
    }
    facts.add(Direction.FORWARD, echo ? IcmpState.ALL : IcmpState.SEEN);
    result.change(echo ? SessionEvent.ECHO_REQUEST : SessionEvent.QUERY);
    return result.answer(Verdict.CREATE);
  }

  private static Verdict onReply(
      boolean echo, Direction direction, SessionFacts facts, TrackResult result) {
    if (facts.isEmpty()) {
      return result.answer(Verdict.NO_SESSION);
    }
    if (direction == Direction.REVERSE && !facts.has(direction, IcmpState.SEEN)) {
      facts.add(direction, IcmpState.SEEN);
      result.change(echo ? SessionEvent.ECHO_REPLY : SessionEvent.QUERY_REPLY);
    }
    return result.answer(Verdict.ACCEPT);
  }
}
