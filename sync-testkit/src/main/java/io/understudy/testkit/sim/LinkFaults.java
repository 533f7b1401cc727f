package io.understudy.testkit.sim;

import io.understudy.transport.CloseCause;
import io.understudy.transport.LinkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * What can go wrong between members, by explicit calls or as a {@link LinkFault}.
 *
 * <p>A *cut* or *stalled* path is silent: nothing arrives, nothing is lost, both ends believe in the connection until the
 * node closes it, the path heals (what waited then arrives as TCP would send it again), or the kernels' silence timeout
 * passes. A *stalled connection* is silent alone. A *broken* connection ends: of what was under way a prefix arrives, whole frames only.
 */
public final class LinkFaults {
  private static final long RESEND_MAX_NS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long NEVER = Long.MAX_VALUE;

  private final SimNetwork network;

  LinkFaults(SimNetwork network) {
    this.network = network;
  }

  /** Silences both directions of a link. */
  public void cut(int a, int b, int link) {
    cutOneWay(a, b, link);
    cutOneWay(b, a, link);
  }

  /** Silences every link between two members. */
  public void cutAll(int a, int b) {
    linksBetween(a, b).forEach(link -> cut(a, b, link));
  }

  /** Silences one direction of a link. Acknowledgements are silent with it, so in time the other direction stops too. */
  public void cutOneWay(int from, int to, int link) {
    SimPath path = network.path(from, to, link);
    if (path.isCut) {
      return;
    }
    network.trace(path, "cut");
    path.isCut = true;
    path.traffic(LinkKind.HEARTBEAT).cut(network.nowNs());
    path.cutSinceNs = network.nowNs();
    long number = ++path.cutNumber;
    for (Wire wire : path.wires) {
      network.clock().after(silenceNs(), () -> timeOut(wire.from(), path, number));
      network.clock().after(silenceNs(), () -> timeOut(wire.to(), path, number));
    }
  }

  /** Ends cuts and refusals of both directions. */
  public void heal(int a, int b, int link) {
    healOneWay(a, b, link);
    healOneWay(b, a, link);
  }

  /** Ends cut and refusal of one direction. */
  public void healOneWay(int from, int to, int link) {
    SimPath path = network.path(from, to, link);
    path.refusedUntilNs = Long.MIN_VALUE;
    if (path.isCut) {
      network.trace(path, "healed");
      path.isCut = false;
      path.traffic(LinkKind.HEARTBEAT).cut(network.nowNs());
      thaw(path, network.nowNs() - path.cutSinceNs);
    }
  }

  /** Ends every cut, stall, slowness and refusal; broken connections come back by being dialled again. */
  public void healAll() {
    for (SimPath path : List.copyOf(network.paths())) {
      path.stalledUntilNs = Long.MIN_VALUE;
      path.wires.forEach(Wire::endStall);
      path.endSlowness();
      healOneWay(path.from, path.to, path.link);
      thaw(path, 0);
    }
  }

  /** Holds back both directions of a link for a time; then everything arrives. */
  public void stall(int a, int b, int link, long forNs) {
    stallOneWay(a, b, link, forNs);
    stallOneWay(b, a, link, forNs);
  }

  public void stallOneWay(int from, int to, int link, long forNs) {
    SimPath path = network.path(from, to, link);
    long untilNs = network.nowNs() + forNs;
    network.trace(path, "stalled for " + forNs);
    path.stalledUntilNs = Math.max(path.stalledUntilNs, untilNs);
    network.clock().at(untilNs, () -> thaw(path, 0));
  }

  /** Holds back the connection of one kind for a time, both ways, as somebody between the ends that has forgotten it; the kernels give it up. */
  public void stallConnection(int a, int b, int link, LinkKind kind, long forNs) {
    for (Wire wire : network.path(a, b, link).wires) {
      if (wire.from().kind() == kind) {
        network.trace(wire, "stalls for " + forNs);
        stall(wire, forNs);
        stall(wire.from().incoming(), forNs);
      }
    }
  }

  private void stall(Wire wire, long forNs) {
    wire.stall(network.nowNs() + forNs);
    network.clock().after(forNs, () -> wire.thaw(0));
    network
        .clock()
        .after(
            silenceNs(),
            () -> {
              if (wire.isStalled()) {
                wire.from().fail(CloseCause.TIMED_OUT, "timed out");
              }
            });
  }

  /** Changes how a direction behaves for a time. */
  public void slow(int from, int to, int link, PathSettings settings, long forNs) {
    SimPath path = network.path(from, to, link);
    network.trace(path, "slow for " + forNs + ": " + settings);
    long number = path.slowDown(settings);
    network.clock().after(forNs, () -> path.endSlowness(number));
  }

  /** Lets dials on a link be refused for a time; connections that stand are left alone. */
  public void refuse(int a, int b, int link, long forNs) {
    long untilNs = network.nowNs() + forNs;
    SimPath path = network.path(Math.min(a, b), Math.max(a, b), link);
    network.trace(path, "refuses for " + forNs);
    path.refusedUntilNs = Math.max(path.refusedUntilNs, untilNs);
  }

  /** Breaks both connections of a link; the ends learn of it at once or up to this much later. */
  public void breakLink(int a, int b, int link, long withinNs) {
    breakWhere(a, b, link, wire -> true, withinNs, withinNs);
  }

  /** Somebody between the two ends both connections of a link in order: what was sent before arrives. */
  public void closeLink(int a, int b, int link) {
    for (Wire wire : List.copyOf(network.path(a, b, link).wires)) {
      network.trace(wire, "is closed between its ends");
      wire.closeBetween();
      wire.from().incoming().closeBetween();
    }
  }

  /** Breaks the connection of one kind. */
  public void breakConnection(int a, int b, int link, LinkKind kind, long withinNs) {
    breakWhere(a, b, link, wire -> wire.from().kind() == kind, withinNs, withinNs);
  }

  /** Breaks the connection of one kind at one end only; the other end learns of it when it sends, or by silence. */
  public void breakEnd(int at, int peer, int link, LinkKind kind) {
    breakWhere(at, peer, link, wire -> wire.from().kind() == kind, 0, NEVER);
  }

  /** Breaks the connections of a link and refuses new ones for a time, so that their streams move to another link. */
  public void move(int a, int b, int fromLink, long forNs) {
    refuse(a, b, fromLink, forNs);
    breakLink(a, b, fromLink, TimeUnit.MILLISECONDS.toNanos(5));
  }

  /** Does one fault, which ends by itself. */
  public void begin(LinkFault fault) {
    int from = fault.from();
    int to = fault.to();
    int link = fault.link();
    long forNs = fault.forNs();
    switch (fault.kind()) {
      case CUT -> {
        cut(from, to, link);
        network.clock().after(forNs, () -> heal(from, to, link));
      }
      case CUT_ONE_WAY -> {
        cutOneWay(from, to, link);
        network.clock().after(forNs, () -> healOneWay(from, to, link));
      }
      case STALL -> stall(from, to, link, forNs);
      case STALL_ONE_WAY -> stallOneWay(from, to, link, forNs);
      case STALL_CONNECTION -> stallConnection(from, to, link, fault.connection(), forNs);
      case BREAK_LINK -> breakLink(from, to, link, forNs);
      case BREAK_CONNECTION -> breakConnection(from, to, link, fault.connection(), forNs);
      case BREAK_END -> breakEnd(from, to, link, fault.connection());
      case MOVE -> move(from, to, link, forNs);
      case REFUSE -> refuse(from, to, link, forNs);
      case SLOW -> slow(from, to, link, slower(fault), forNs);
      case CLOSE_LINK -> closeLink(from, to, link);
      case FULL_SOCKETS -> {
        PathSettings settings = network.settings(from, to, link);
        slow(from, to, link, settings.withBuffers(1, 1), forNs);
      }
      default -> throw new AssertionError(fault);
    }
  }

  private PathSettings slower(LinkFault fault) {
    return network
        .settings(fault.from(), fault.to(), fault.link())
        .withDelay(fault.delayNs(), fault.delayNs())
        .withBandwidth(fault.bytesPerSecond());
  }

  /** Lets an end that nobody answers any more break when its kernel gives up. */
  void failAfterSilence(SimEnd end) {
    network.clock().after(silenceNs(), () -> end.fail(CloseCause.TIMED_OUT, "timed out"));
  }

  private void breakWhere(
      int a, int b, int link, Predicate<Wire> chosen, long firstWithinNs, long secondWithinNs) {
    List<Wire> wires = new ArrayList<>(network.path(a, b, link).wires);
    wires.removeIf(chosen.negate());
    for (Wire wire : wires) {
      network.trace(wire, "breaks");
      wire.traffic().broken(network.nowNs());
      wire.from().incoming().traffic().broken(network.nowNs());
      wire.lose();
      wire.from().incoming().lose();
      failWithin(wire.from(), firstWithinNs);
      failWithin(wire.to(), secondWithinNs);
    }
  }

  private void failWithin(SimEnd end, long withinNs) {
    if (withinNs == NEVER) {
      failAfterSilence(end);
    } else {
      network
          .clock()
          .after(network.jitterNs(withinNs), () -> end.fail(CloseCause.BROKEN, "broken"));
    }
  }

  private void timeOut(SimEnd end, SimPath path, long cutNumber) {
    if (path.isCut && path.cutNumber == cutNumber) {
      end.fail(CloseCause.TIMED_OUT, "timed out");
    }
  }

  private long silenceNs() {
    long ns = network.dialSettings().silenceTimeoutNs();
    return ns + network.jitterNs(ns / 4);
  }

  private void thaw(SimPath path, long silentForNs) {
    if (path.isFrozen(network.nowNs())) {
      return; // cut and stalled, and one of them goes on
    }
    for (Wire wire : path.wires) {
      wire.thaw(network.jitterNs(Math.min(silentForNs, RESEND_MAX_NS)));
    }
    for (Wire wire : network.path(path.to, path.from, path.link).wires) {
      wire.acknowledgeWithheld();
    }
  }

  private List<Integer> linksBetween(int a, int b) {
    List<Integer> links = new ArrayList<>();
    for (SimPath path : network.paths()) {
      if (path.from == a && path.to == b) {
        links.add(path.link);
      }
    }
    return links;
  }
}
