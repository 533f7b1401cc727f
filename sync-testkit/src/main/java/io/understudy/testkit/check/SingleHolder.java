package io.understudy.testkit.check;

import io.understudy.config.HeartbeatConfig;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import io.understudy.testkit.sim.PathTraffic;
import io.understudy.transport.LinkKind;
import java.util.List;

/**
 * Promise P6: no two members decide for one group. Looked at after every step.
 *
 * <p>Two may only (a) when no path delivered a heartbeat of the one that decided before within M/2 of its sending for D, before the other
 * began to decide, or (b) when a third party reset the heartbeat connections of every path within that D; and in each case only until
 * one round trip and 50 ms after both have read, on one path, a heartbeat that the other sent while both decided and since that path was cut
 * last: what a path held back from before says nothing of it. That a process was paused, stalled, ended or refused excuses nothing. A dataplane decides as long as its last batch may last.
 */
public final class SingleHolder implements StepCheck {
  private static final long MARGIN_NS = 50_000_000;
  private static final int MARGIN_SHARE = 8; // M/2 of D
  private static final long NEVER = Long.MIN_VALUE;

  private final Talks talks;

  /** How many claim times before an overlap a heartbeat counts as in time: 1. */
  private final int claims;

  /** How long before an overlap two may have met: 0. */
  private final long metBeforeNs;

  /** By group and member. */
  private Deciding[][] deciding = {};

  /** By group and members, the one with the lower id first. */
  private Overlap[][][] overlaps = {};

  private int splits;
  private int resets;

  private static final class Deciding {
    final long batchNs;
    int life;
    long sinceNs = NEVER;
    long untilNs = NEVER;

    Deciding(long batchNs) {
      this.batchNs = batchNs;
    }
  }

  /** Two that decide at one time, and why they may. */
  private static final class Overlap {
    final long sinceNs;
    long contactNs = NEVER;

    Overlap(long sinceNs) {
      this.sinceNs = sinceNs;
    }
  }

  public SingleHolder(Talks talks) {
    this(talks, 1, 0);
  }

  /** One that is stricter than the promise, so that what a right engine does can break it. */
  SingleHolder(Talks talks, int claims, long metBeforeNs) {
    this.talks = talks;
    this.claims = claims;
    this.metBeforeNs = metBeforeNs;
  }

  /** How often two decided since no path delivered in time. */
  public int splits() {
    return splits;
  }

  /** How often two decided since a third party had reset every path. */
  public int resets() {
    return resets;
  }

  @Override
  public void afterStep(SimCluster sim) {
    if (deciding.length == 0) {
      prepare(sim);
    }
    List<SimNode> nodes = sim.nodes();
    for (int group = 1; group < deciding.length; group++) {
      for (int i = 0; i < nodes.size(); i++) {
        look(sim, nodes.get(i), group);
      }
      for (int i = 0; i < nodes.size(); i++) {
        for (int j = i + 1; j < nodes.size(); j++) {
          lookAtPair(sim, nodes.get(i), nodes.get(j), group);
        }
      }
    }
  }

  /** What in time means depends on the sender's D. */
  private void prepare(SimCluster sim) {
    int members = sim.settings().members() + 1;
    int groups = sim.settings().groups() + 1;
    deciding = new Deciding[groups][members];
    overlaps = new Overlap[groups][members][members];
    for (Deciding[] ofGroup : deciding) {
      for (SimNode node : sim.nodes()) {
        ofGroup[node.id()] = new Deciding(heartbeat(sim, node).batch().toNanos());
      }
    }
    for (SimNode from : sim.nodes()) {
      for (SimNode to : sim.nodes()) {
        for (int link = 0; from != to && link < sim.settings().links(); link++) {
          traffic(sim, from, to, link).promptWithin(claimNs(sim, from) / MARGIN_SHARE);
        }
      }
    }
  }

  private static long claimNs(SimCluster sim, SimNode node) {
    return heartbeat(sim, node).claimTime(sim.settings().links()).toNanos();
  }

  private void look(SimCluster sim, SimNode node, int group) {
    Deciding state = deciding[group][node.id()];
    if (state.life != node.life()) {
      state.life = node.life(); // with the process its dataplane died
      state.sinceNs = NEVER;
    }
    if (node.mayDecide(group)) {
      state.sinceNs = state.sinceNs == NEVER ? sim.nowNs() : state.sinceNs;
      state.untilNs = sim.nowNs() + state.batchNs;
    } else if (state.untilNs <= sim.nowNs() || !node.isProcessAlive()) {
      state.sinceNs = NEVER;
    }
  }

  /** How long a time is that this member measures: its clock may be fast. */
  private static long onClockOf(SimCluster sim, SimNode node, long ns) {
    return ns
        - ns / 1_000_000 * Math.max(0, sim.settings().own().get(node.id() - 1).clockPpm() + 1);
  }

  /** As drawn: a member that did not start yet has no node. */
  private static HeartbeatConfig heartbeat(SimCluster sim, SimNode node) {
    return sim.settings().own().get(node.id() - 1).heartbeat();
  }

  private void lookAtPair(SimCluster sim, SimNode a, SimNode b, int group) {
    Deciding ofA = deciding[group][a.id()];
    Deciding ofB = deciding[group][b.id()];
    Overlap[] ofPair = overlaps[group][a.id()];
    if (ofA.sinceNs == NEVER || ofB.sinceNs == NEVER) {
      ofPair[b.id()] = null;
      return;
    }
    Overlap overlap = ofPair[b.id()];
    if (overlap == null) {
      overlap = new Overlap(Math.max(ofA.sinceNs, ofB.sinceNs));
      ofPair[b.id()] = overlap;
      boolean isLaterB = ofB.sinceNs >= ofA.sinceNs;
      excuse(sim, isLaterB ? a : b, isLaterB ? b : a, group, overlap.sinceNs);
    }
    checkContact(sim, a, b, group, overlap);
  }

  /** Whether the later one had to take the earlier one for silent. */
  private void excuse(SimCluster sim, SimNode earlier, SimNode later, int group, long sinceNs) {
    long claimNs =
        claims * onClockOf(sim, later, claimNs(sim, earlier)); // a claimant waits for the holder's
    long promptNs = NEVER;
    boolean allReset = true;
    for (int link = 0; link < sim.settings().links(); link++) {
      PathTraffic traffic = traffic(sim, earlier, later, link);
      promptNs = Math.max(promptNs, traffic.lastPromptNs());
      // the last heartbeats were in it: none came in time since
      allReset &=
          traffic.lastBrokenNs() != NEVER
              && traffic.lastBrokenNs() > sinceNs - claimNs
              && traffic.lastPromptNs() <= traffic.lastBrokenNs();
    }
    if (promptNs == NEVER || promptNs <= sinceNs - claimNs) {
      splits++;
    } else if (allReset) {
      resets++;
    } else {
      throw failure(
          earlier,
          later,
          group,
          "though a heartbeat of node "
              + earlier.id()
              + " had arrived in time "
              + (sinceNs - promptNs) / 1_000
              + " us before");
    }
  }

  private static PathTraffic traffic(SimCluster sim, SimNode from, SimNode to, int link) {
    return sim.network().traffic(from.id(), to.id(), link, LinkKind.HEARTBEAT);
  }

  private void checkContact(SimCluster sim, SimNode a, SimNode b, int group, Overlap overlap) {
    boolean isContact = false;
    for (int link = 0; link < sim.settings().links(); link++) {
      PathTraffic there = traffic(sim, a, b, link);
      PathTraffic back = traffic(sim, b, a, link);
      long sinceNs = Math.max(there.lastCutNs(), back.lastCutNs());
      sinceNs = Math.max(sinceNs, overlap.sinceNs) - metBeforeNs;
      isContact |= Math.min(there.lastReadSentNs(), back.lastReadSentNs()) > sinceNs;
    }
    if (!isContact) {
      overlap.contactNs = NEVER;
    } else if (overlap.contactNs == NEVER) {
      overlap.contactNs = sim.nowNs();
    }
    long allowedNs = talks.roundTripNs(a.id(), b.id()) + MARGIN_NS;
    if (overlap.contactNs != NEVER && sim.nowNs() - overlap.contactNs > allowedNs) {
      throw failure(
          a,
          b,
          group,
          "though each read a heartbeat of the other "
              + (sim.nowNs() - overlap.contactNs) / 1_000
              + " us ago");
    }
  }

  private static SimFailure failure(SimNode a, SimNode b, int group, String why) {
    return new SimFailure(
        "SingleHolder",
        "group "
            + group
            + ": node "
            + a.id()
            + " decides in term "
            + a.node().term(group)
            + " and node "
            + b.id()
            + " in term "
            + b.node().term(group)
            + ", "
            + why);
  }
}
