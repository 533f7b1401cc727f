package io.understudy.testkit.firewall;

/** What became of a packet. */
public enum Disposition {
  /** It passes; {@link ReferenceFirewall#isMatched} says whether it found a session or began one. */
  PASSED,
  /** It does not pass; {@link ReferenceFirewall#dropReason} says why. */
  DROPPED,
  /** It waits for its session; {@link FirewallListener#onUnparked} follows. */
  PARKED,
  /** It is none of a session: malformed, a later fragment, not IP, ICMP other than queries and errors. */
  IGNORED
}
