package io.understudy.ha;

import java.util.Collection;

/**
 * Keeps a process that slept from acting on what it knew before. After a pause longer than a holder decides without a turn it
 * first reads everything the peers sent, and hears each of them or waits one detection time: one of them may have taken over.
 *
 * <p>Thread: the duty cycle.
 */
final class SleepFence {
  private final RoleSettings settings;
  private final Collection<PeerMonitor> peers;
  private final RoleActions actions;
  private long startedNs;
  private long lastRunNs;
  private long sinceNs = Long.MIN_VALUE;
  private boolean started;

  SleepFence(RoleSettings settings, Collection<PeerMonitor> peers, RoleActions actions) {
    this.settings = settings;
    this.peers = peers;
    this.actions = actions;
  }

  /** The first turn. */
  long startedNs() {
    return startedNs;
  }

  long lastRunNs() {
    return lastRunNs;
  }

  /** A turn begins; answers whether what is known of the peers is good enough to act on. */
  boolean mayTrust(long nowNs) {
    if (!started) {
      started = true;
      startedNs = nowNs;
      lastRunNs = nowNs;
    }
    if (nowNs - lastRunNs > settings.decideNs()) {
      fall(nowNs);
    }
    lastRunNs = Math.max(lastRunNs, nowNs);
    return sinceNs == Long.MIN_VALUE || mayTrustAgain(nowNs);
  }

  /** The process slept: what it knows of its peers is old, and they may have given it up. */
  private void fall(long nowNs) {
    sinceNs = nowNs;
    for (PeerMonitor peer : peers) {
      if (peer.hasAnswered() && peer.lastHeardNs() >= lastRunNs - settings.detectionNs()) {
        peer.heard(nowNs); // its silence is ours
      }
    }
  }

  private boolean mayTrustAgain(long nowNs) {
    if (!actions.isReadUp(sinceNs)) {
      return false;
    }
    boolean heardAll = true;
    for (PeerMonitor peer : peers) {
      heardAll &= !peer.hasAnswered() || peer.lastHeardNs() > sinceNs;
    }
    if (!heardAll && nowNs - sinceNs < settings.detectionNs()) {
      return false;
    }
    sinceNs = Long.MIN_VALUE;
    return true;
  }
}
