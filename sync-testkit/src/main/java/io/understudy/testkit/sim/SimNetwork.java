package io.understudy.testkit.sim;

import io.understudy.transport.DialFailure;
import io.understudy.transport.LinkKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * The simulated network between members: TCP-like connections over numbered links, with faults.
 *
 * <p>Shape: each pair of members makes, for each link both were given, one heartbeat and one data connection; both dial. A *path* is one direction of a link between two members and has {@link PathSettings}.
 * <p>Thread: the simulation's. A node is called from the clock's events only, never from within its own calls. Two
 * networks with the same seed and the same calls do the same.
 */
public final class SimNetwork {
  /** Paths with numbers below these are found without hashing: nearly all, and the checkers ask for each at every step. */
  private static final int NEAR_NODES = 8;

  private static final int NEAR_LINKS = 4;

  private final SimClock clock;
  private final SplittableRandom random;
  private final Map<Long, SimPath> paths = new LinkedHashMap<>();
  private final SimPath[] near = new SimPath[NEAR_NODES * NEAR_NODES * NEAR_LINKS];
  private final Map<Integer, List<SimTransport>> lives = new HashMap<>();
  private final Set<Integer> downMachines = new HashSet<>();
  private final LinkFaults faults = new LinkFaults(this);

  private PathSettings pathSettings = PathSettings.DEFAULT;
  private DialSettings dialSettings = DialSettings.DEFAULT;
  private Consumer<String> tracer = line -> {};
  private boolean isTracing;
  private long connectionIds;
  private long lastDataSentNs = Long.MIN_VALUE;
  private long lastHeartbeatSentNs = Long.MIN_VALUE;

  public SimNetwork(SimClock clock, long seed) {
    this.clock = clock;
    random = new SplittableRandom(seed);
  }

  /** Settings of every path, those that exist and those to come. */
  public SimNetwork settings(PathSettings settings) {
    pathSettings = settings;
    paths.values().forEach(path -> path.setNormal(settings));
    return this;
  }

  /** Settings of one path. */
  public SimNetwork settings(int from, int to, int link, PathSettings settings) {
    path(from, to, link).setNormal(settings);
    return this;
  }

  public PathSettings settings(int from, int to, int link) {
    return path(from, to, link).settings;
  }

  public SimNetwork dialSettings(DialSettings settings) {
    dialSettings = settings;
    return this;
  }

  /** Tells each event of the network in one line. */
  public SimNetwork trace(Consumer<String> tracer) {
    this.tracer = tracer;
    isTracing = true;
    return this;
  }

  /**
   * A transport for a new process life of a member. An earlier life should be dead by then; if it is not, both live, and
   * what dials this node reaches the newer one.
   */
  public SimTransport transport(int node, Collection<Integer> peers, Collection<Integer> links) {
    Map<Integer, Integer> addresses = new LinkedHashMap<>();
    peers.forEach(peer -> addresses.put(peer, peer));
    return transport(node, node, addresses, links);
  }

  /**
   * The same for a member that was given the wrong node id, or wrong addresses; paths and machines have the numbers of addresses.
   *
   * @param address where it is; a member's own node id where nothing is wrong
   * @param peers by node id, the address at which it dials each
   */
  public SimTransport transport(
      int address, int node, Map<Integer, Integer> peers, Collection<Integer> links) {
    if (peers.containsKey(node)) {
      throw new IllegalArgumentException("node " + node + " cannot be its own peer");
    }
    SimTransport transport = new SimTransport(this, address, node, peers, links);
    lives.computeIfAbsent(address, key -> new ArrayList<>()).add(transport);
    downMachines.remove(address);
    return transport;
  }

  public LinkFaults faults() {
    return faults;
  }

  /** What went over one direction of a link on connections of one kind. */
  public PathTraffic traffic(int from, int to, int link, LinkKind kind) {
    return path(from, to, link).traffic(kind);
  }

  /** When a byte of this kind last left a machine, on any path; {@link Long#MIN_VALUE}: never. */
  public long lastSentNs(LinkKind kind) {
    return kind == LinkKind.DATA ? lastDataSentNs : lastHeartbeatSentNs;
  }

  /** When something from this member, of either kind and on any path, was last given to that one. */
  public long lastDeliveredNs(int from, int to) {
    long lastNs = Long.MIN_VALUE;
    for (SimPath path : paths.values()) {
      if (path.from == from && path.to == to) {
        for (LinkKind kind : LinkKind.values()) {
          lastNs = Math.max(lastNs, path.traffic(kind).lastDeliveredNs());
        }
      }
    }
    return lastNs;
  }

  /** Whether at least one path from this member to that one carries at the moment. */
  public boolean isCarrying(int from, int to) {
    for (SimPath path : paths.values()) {
      if (path.from == from && path.to == to && !path.isFrozen(nowNs())) {
        return true;
      }
    }
    return false;
  }

  // What the parts of the network ask for.

  SimClock clock() {
    return clock;
  }

  long nowNs() {
    return clock.nanoTime();
  }

  SplittableRandom random() {
    return random;
  }

  DialSettings dialSettings() {
    return dialSettings;
  }

  long nextConnectionId() {
    return ++connectionIds;
  }

  long jitterNs(long maxNs) {
    return maxNs == 0 ? 0 : random.nextLong(maxNs + 1);
  }

  SimPath path(int from, int to, int link) {
    boolean isNear = (from | to) < NEAR_NODES && link < NEAR_LINKS;
    int at = isNear ? (from * NEAR_NODES + to) * NEAR_LINKS + link : 0;
    if (isNear && near[at] != null) {
      return near[at];
    }
    long key = (long) from << 40 | (long) to << 16 | link;
    SimPath path = paths.computeIfAbsent(key, absent -> new SimPath(from, to, link, pathSettings));
    if (isNear) {
      near[at] = path;
    }
    return path;
  }

  Collection<SimPath> paths() {
    return paths.values();
  }

  boolean isMachineUp(int node) {
    return !downMachines.contains(node);
  }

  void countSent(LinkKind kind) {
    if (kind == LinkKind.DATA) {
      lastDataSentNs = nowNs();
    } else {
      lastHeartbeatSentNs = nowNs();
    }
  }

  void trace(Object who, String what) {
    if (isTracing) {
      tracer.accept(nowNs() + " " + who + ": " + what);
    }
  }

  void connect(SimDial dial, long attempt) {
    SimPath out = path(dial.owner().address(), dial.address(), dial.link());
    SimPath back = path(dial.address(), dial.owner().address(), dial.link());
    long roundTripNs =
        out.settings.delayNs() + back.settings.delayNs() + jitterNs(out.settings.jitterNs());
    boolean isHeard = !out.isFrozen(nowNs());
    long timeoutNs = dialSettings.connectTimeoutNs();
    clock.after(timeoutNs, () -> dial.failed(attempt, DialFailure.TIMED_OUT));
    if (isHeard && roundTripNs < timeoutNs) {
      clock.after(roundTripNs, () -> answer(dial, attempt, out, back));
    }
  }

  private void answer(SimDial dial, long attempt, SimPath out, SimPath back) {
    boolean isSilent =
        out.isFrozen(nowNs()) || back.isFrozen(nowNs()) || !isMachineUp(dial.address());
    if (!dial.isConnecting(attempt) || isSilent) {
      return;
    }
    if (Math.max(out.refusedUntilNs, back.refusedUntilNs) > nowNs()) {
      dial.failed(
          attempt,
          DialFailure
              .UNREACHABLE); // something in between: the host itself refuses only for the dead
      return;
    }
    List<SimTransport> candidates = lives.getOrDefault(dial.address(), List.of());
    for (int i = candidates.size() - 1; i >= 0; i--) {
      if (candidates.get(i).accepts(dial.owner().node(), dial.link())) {
        join(dial, candidates.get(i), out, back);
        return;
      }
    }
    dial.failed(attempt, DialFailure.REFUSED);
  }

  private void join(SimDial dial, SimTransport acceptor, SimPath out, SimPath back) {
    SimEnd dialled = SimEnd.dialled(this, dial);
    SimEnd accepted = SimEnd.accepted(this, acceptor, dial);
    Wire there = new Wire(this, out, dialled, accepted);
    Wire here = new Wire(this, back, accepted, dialled);
    dialled.attach(there, here);
    accepted.attach(here, there);
    dial.owner().add(dialled);
    acceptor.add(accepted);
    dial.succeeded(dialled);
    trace(dialled, "connected");
    there.sendOpening();
    dialled.arrived(Wire.Item.opening());
  }

  void ended(SimTransport transport, Death death) {
    List<SimTransport> ofNode = lives.get(transport.address());
    ofNode.remove(transport);
    if (death == Death.SILENT && ofNode.isEmpty()) {
      downMachines.add(transport.address());
      for (SimPath path : paths.values()) {
        if (path.to == transport.address()) {
          path.wires.forEach(wire -> faults.failAfterSilence(wire.from()));
        }
      }
    }
  }

  /** Forgets a connection of which neither end can hear any more. */
  void removeIfOver(Wire one, Wire other) {
    if (!one.to().isReceiving() && !other.to().isReceiving()) {
      one.remove();
      other.remove();
    }
  }
}
