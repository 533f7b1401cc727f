package io.understudy.testkit.sim;

import io.understudy.transport.LinkKind;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * One fault of one link between two members, known before it happens.
 *
 * @param kind what happens
 * @param from the side that it begins at, where that matters
 * @param to the other side
 * @param link its number
 * @param connection which connection, for faults of one
 * @param forNs how long it lasts, or within what time both ends learn of it
 * @param delayNs of {@link Kind#SLOW}: on the way, and as much again at random
 * @param bytesPerSecond of {@link Kind#SLOW}; 0: no limit
 */
public record LinkFault(
    Kind kind,
    int from,
    int to,
    int link,
    LinkKind connection,
    long forNs,
    long delayNs,
    long bytesPerSecond) {
  private static final long SLOWEST_NS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int LEAST_BYTES_PER_SECOND = 10_000;
  private static final long MORE_BYTES_PER_SECOND = 10_000_000;

  /** Chance takes one of those before {@link #CLOSE_LINK}; a stall may be that of one connection. */
  public enum Kind {
    CUT,
    CUT_ONE_WAY,
    STALL,
    STALL_ONE_WAY,
    BREAK_LINK,
    BREAK_CONNECTION,
    BREAK_END,
    MOVE,
    REFUSE,
    SLOW,
    CLOSE_LINK,
    FULL_SOCKETS,
    STALL_CONNECTION
  }

  /** Silence of a link. */
  public static LinkFault cut(int a, int b, int link, long forNs) {
    return new LinkFault(Kind.CUT, a, b, link, LinkKind.DATA, forNs, 0, 0);
  }

  /** The sockets of one direction take one frame and no more, on every connection. */
  public static LinkFault fullSockets(int from, int to, int link, long forNs) {
    return new LinkFault(Kind.FULL_SOCKETS, from, to, link, LinkKind.DATA, forNs, 0, 0);
  }

  /** Any fault, over after at most this time. */
  public static LinkFault draw(SplittableRandom random, int a, int b, int link, long forAtMostNs) {
    long forNs = 1 + random.nextLong(forAtMostNs);
    int from = random.nextBoolean() ? a : b;
    LinkKind connection = random.nextBoolean() ? LinkKind.DATA : LinkKind.HEARTBEAT;
    Kind kind = Kind.values()[random.nextInt(Kind.CLOSE_LINK.ordinal())];
    boolean isSlow = kind == Kind.SLOW;
    long delayNs = isSlow ? random.nextLong(SLOWEST_NS) : 0;
    long bandwidth = isSlow ? LEAST_BYTES_PER_SECOND + random.nextLong(MORE_BYTES_PER_SECOND) : 0;
    if (kind == Kind.STALL && random.nextInt(3) == 0) {
      kind = Kind.STALL_CONNECTION;
    }
    return new LinkFault(
        kind, from, from == a ? b : a, link, connection, forNs, delayNs, bandwidth);
  }

  /** A third party ends the link's heartbeat connection, and what it carries may be lost. */
  public boolean resetsHeartbeats() {
    return switch (kind) {
      case BREAK_LINK, MOVE -> true;
      case BREAK_CONNECTION, BREAK_END -> connection == LinkKind.HEARTBEAT;
      default -> false;
    };
  }

  /** The same link, ended so that what was sent before arrives. */
  public LinkFault inOrder() {
    return new LinkFault(Kind.CLOSE_LINK, from, to, link, connection, forNs, 0, 0);
  }

  /** The same, slow by no more than this in all. */
  public LinkFault slowBy(long mostNs) {
    return new LinkFault(kind, from, to, link, connection, forNs, Math.min(delayNs, mostNs / 2), 0);
  }

  @Override
  public String toString() {
    String slow =
        kind == Kind.SLOW ? ", " + delayNs + " ns, " + bytesPerSecond + " bytes a second" : "";
    return kind
        + " "
        + from
        + "->"
        + to
        + " link "
        + link
        + " "
        + connection
        + " for "
        + forNs
        + " ns"
        + slow;
  }
}
