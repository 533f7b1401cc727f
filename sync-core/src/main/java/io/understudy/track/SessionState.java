package io.understudy.track;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;

/**
 * The named state of a session: a pure function of its facts, so it is never stored, sent or
 * merged.
 *
 * <p>{@code NONE} of each protocol means that nothing was seen.
 */
public sealed interface SessionState permits TcpState, SctpState, IcmpState, FlowState {
  /** How long a session in this state may be idle. */
  TimeoutClass timeoutClass();

  /**
   * What the protocol calls its set-up is complete; where there is none, the first packet was seen.
   */
  boolean isEstablished();

  /**
   * The session has ended and only waits to be forgotten; a new opening on its key is a new
   * session.
   */
  boolean isClosed();

  /** The state that follows from the facts. */
  static SessionState of(int protocol, SessionFacts facts) {
    return of(protocol, facts.bits(Direction.FORWARD), facts.bits(Direction.REVERSE));
  }

  /** The state that follows from the facts at {@code words[at]}. */
  static SessionState of(int protocol, long[] words, int at) {
    return of(protocol, FactWords.forwardBits(words, at), FactWords.reverseBits(words, at));
  }

  /**
   * The state that follows from the bits of both directions; numbers and options have no say in it.
   */
  static SessionState of(int protocol, int forwardBits, int reverseBits) {
    switch (protocol) {
      case IpProtocol.TCP:
        return TcpState.of(forwardBits, reverseBits);
      case IpProtocol.SCTP:
        return SctpState.of(forwardBits, reverseBits);
      case IpProtocol.ICMP:
      case IpProtocol.ICMPV6:
        return IcmpState.of(forwardBits, reverseBits);
      case IpProtocol.UDP:
        return FlowState.ofUdp(forwardBits, reverseBits);
      default:
        return FlowState.ofOther(forwardBits, reverseBits);
    }
  }
}
