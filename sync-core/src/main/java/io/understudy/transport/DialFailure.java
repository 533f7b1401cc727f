package io.understudy.transport;

/** Why a dial ended without a connection. */
public enum DialFailure {
  /** The host answered that nobody listens there: no process has this port. */
  REFUSED,
  /** No way leads to the host, as its network or a router says. */
  UNREACHABLE,
  /** Nothing was answered. */
  TIMED_OUT,
  /** The host connected, but no member answered: its process sleeps, has just ended, or is another service. */
  UNANSWERED,
  /** Anything else, as its detail says. */
  OTHER
}
