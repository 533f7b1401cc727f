package io.understudy.ha;

/** Wordings of how a life ends that were tried and fell. */
enum EndsWording {
  /** The rule as it stands. */
  RULE,
  /** Closed connections mean an end, whatever a dial meets. */
  CLOSED_IS_ENOUGH,
  /** The same, and nobody resets connections: a close that the other side announced. */
  GOODBYE_COUNTS,
  /** A closed connection does not hold the right back, though the peer may count on it. */
  CLOSED_IS_FREE,
  /** All sockets close before the right ends. */
  SOCKETS_FIRST,
  /** The right ends first, and the listening socket closes before its last batch is over. */
  LISTENER_FIRST,
  /** Whatever has the node id is heard, in whatever life. */
  ANY_LIFE,
  /** A third party's reset takes a heartbeat away that a kernel had: what no rule covers. */
  RESET_LOSES;

  boolean endsListeningFirst() {
    return this == SOCKETS_FIRST || this == LISTENER_FIRST;
  }

  PeerLine line(RightSettings settings, ClaimTime own, int paths) {
    return new PeerLine(settings, own, paths) {
      @Override
      boolean isRefused(long sinceNs) {
        boolean isEnough =
            EndsWording.this == CLOSED_IS_ENOUGH || EndsWording.this == GOODBYE_COUNTS;
        return isEnough || super.isRefused(sinceNs);
      }

      @Override
      boolean isCountedOn(int path, long nowNs) {
        return EndsWording.this != CLOSED_IS_FREE && super.isCountedOn(path, nowNs);
      }

      @Override
      boolean isOfLife(long ofLife) {
        return EndsWording.this == ANY_LIFE || super.isOfLife(ofLife);
      }
    };
  }
}
