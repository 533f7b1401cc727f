package io.understudy.testkit.sim;

import io.understudy.transport.LinkKind;
import java.util.ArrayList;
import java.util.List;

/** One direction of one link between two members: its settings, its faults and what went over it. */
final class SimPath {
  final int from;
  final int to;
  final int link;

  /** In force now: the normal ones, or those of a fault. */
  PathSettings settings;

  /** Directions of connections that run here, for faults that hit them all. */
  final List<Wire> wires = new ArrayList<>();

  /** Until when the cable is taken by what was put on it. */
  long busyUntilNs = Long.MIN_VALUE;

  boolean isCut;

  /** Rises with each cut, so that a timer knows whether the cut it was set for still lasts. */
  long cutNumber;

  long cutSinceNs;
  long stalledUntilNs = Long.MIN_VALUE;
  long refusedUntilNs = Long.MIN_VALUE;

  private PathSettings normalSettings;
  private long slowNumber;
  private final PathTraffic heartbeats = new PathTraffic();
  private final PathTraffic data = new PathTraffic();

  SimPath(int from, int to, int link, PathSettings settings) {
    this.from = from;
    this.to = to;
    this.link = link;
    setNormal(settings);
  }

  void setNormal(PathSettings settings) {
    this.settings = settings;
    normalSettings = settings;
  }

  /** Changes the settings until {@link #endSlowness(long)} with the returned number; the latest change wins. */
  long slowDown(PathSettings slow) {
    settings = slow;
    return ++slowNumber;
  }

  void endSlowness(long number) {
    if (number == slowNumber) {
      endSlowness();
    }
  }

  void endSlowness() {
    settings = normalSettings;
  }

  /** Nothing arrives at the moment. */
  boolean isFrozen(long nowNs) {
    return isCut || stalledUntilNs > nowNs;
  }

  PathTraffic traffic(LinkKind kind) {
    return kind == LinkKind.DATA ? data : heartbeats;
  }

  @Override
  public String toString() {
    return from + "->" + to + " link " + link;
  }
}
