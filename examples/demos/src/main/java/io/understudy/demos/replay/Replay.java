package io.understudy.demos.replay;

import io.understudy.backup.BackupReason;
import io.understudy.demos.DemoFailure;
import io.understudy.metrics.SyncCounter;
import io.understudy.testkit.firewall.Disposition;
import io.understudy.testkit.firewall.FirewallCounters;
import io.understudy.testkit.firewall.Paths;
import io.understudy.testkit.firewall.ProtocolClass;
import io.understudy.testkit.firewall.SessionName;
import io.understudy.testkit.firewall.Zone;
import io.understudy.testkit.packet.CaptureReader;
import io.understudy.testkit.packet.Packet;
import io.understudy.testkit.packet.Undecoded;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Takes one capture through one pair of firewalls.
 *
 * <p>Packets go in file order, each to the member that its path meets. Between packets for different members everything
 * published is acknowledged first, because replay time is the capture's and the link belongs to it.
 *
 * <p>Thread: the caller's, for one file.
 */
final class Replay {
  private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

  private final ReplayOptions options;
  private final Pair pair;
  private final String file;
  private final Paths paths = new Paths();
  private final PathsWatch pathsWatch = new PathsWatch();
  private final Packet packet = new Packet();
  private Member present;
  private long owedBefore;
  private TakeoverWatch takeover;
  private long settleTimeouts;
  private long handled;
  private final Consumer<PacketReport> told;
  private final Map<Long, Long> undecoded = new HashMap<>();
  private final FileReport.LinkUse linkAtStart; // what joining took is not the capture's

  /** Where the bytes of a capture come from, more than once if need be. */
  interface Source {
    InputStream open() throws IOException;

    /** How many there are; 0: not many. */
    default long bytes() throws IOException {
      return 0;
    }
  }

  private Replay(String file, ReplayOptions options, Pair pair, Consumer<PacketReport> told) {
    this.file = file;
    this.told = told;
    this.options = options;
    this.pair = pair;
    present = pair.a();
    linkAtStart = linkUse();
    pair.b()
        .onUnparked(
            (waiting, vsys, matched) -> {
              if (paths.isCounted(SessionName.of(waiting, vsys))) {
                pathsWatch.settled(waiting, matched);
              }
            });
  }

  /** Members are ended on purpose, and their peers miss them: that is no news. The user may want to read of it all the same. */
  static void logNothing() {
    if (System.getProperty(LOG_LEVEL) == null) {
      System.setProperty(LOG_LEVEL, "off");
    }
  }

  /**
   * Replays a capture.
   *
   * @throws IOException if it cannot be read or is none
   */
  static FileReport run(String file, Source source, ReplayOptions options) throws IOException {
    return run(file, source, options, packet -> {});
  }

  /**
   * The same.
   *
   * @param told of each packet, if the options ask for that
   */
  static FileReport run(
      String file, Source source, ReplayOptions options, Consumer<PacketReport> told)
      throws IOException {
    long cutAfter = options.hasTakeover() ? count(file, source) * options.takeoverAt() / 100 : -1;
    try (CaptureReader reader = CaptureReader.open(source.open(), file);
        Pair pair = pair(options, Member.capacityFor(source.bytes()))) {
      return new Replay(file, options, pair, told).feed(reader, cutAfter);
    }
  }

  private static Pair pair(ReplayOptions options, int capacity) {
    return options.isSimulated()
        ? new SimPair(options, capacity)
        : new NettyPair(options, capacity);
  }

  private static long count(String file, Source source) throws IOException {
    Packet packet = new Packet();
    try (CaptureReader reader = CaptureReader.open(source.open(), file)) {
      while (reader.next(packet)) {
        // only the number is wanted
      }
      return reader.packetCount();
    }
  }

  private FileReport feed(CaptureReader reader, long cutAfter) throws IOException {
    while (true) {
      if (reader.packetCount() == cutAfter && takeover == null) {
        takeOver(cutAfter);
      }
      if (!reader.next(packet)) {
        break;
      }
      pair.advanceTo(packet.timestampNs());
      if (options.paths()) {
        handleOnPath();
      } else {
        handle(present, Zone.INSIDE);
      }
    }
    return report(reader);
  }

  private Disposition handle(Member member, Zone ingress) {
    Disposition disposition = member.firewall().handle(packet, ingress, pair.nowNs());
    boolean matched = member.firewall().isMatched();
    boolean created = member.takeCreated();
    handled++;
    if (options.packets()) {
      told.accept(PacketReport.of(handled, packet, disposition, member));
    }
    if (packet.kind() == Packet.Kind.UNDECODED) {
      long kind =
          (long) packet.undecoded().ordinal() << 32 | packet.undecodedNumber() & 0xFFFFFFFFL;
      undecoded.merge(kind, 1L, Long::sum);
    }
    if (takeover != null) {
      takeover.handled(packet, member.firewall().vsys(packet), matched && !created, created);
    }
    pair.handled(member);
    return disposition;
  }

  private void handleOnPath() {
    boolean forB = paths.isForB(packet, pair.a().firewall().vsys(packet));
    Member member = forB ? pair.b() : pair.a();
    if (member != present) {
      settle();
      present = member;
      owedBefore = owed(member);
    }
    Disposition disposition = handle(member, forB ? Zone.OUTSIDE : Zone.INSIDE);
    if (paths.isReturn()) {
      pathsWatch.handled(packet, disposition, member.firewall().isMatched());
    }
  }

  private static long owed(Member member) {
    return member.firewall().counters().get(FirewallCounters.Total.OWED);
  }

  private void settle() {
    if (owed(present) != owedBefore && !pair.settle(present)) {
      settleTimeouts++;
    }
  }

  private void takeOver(long atPacket) {
    long unacknowledged = pair.cutOff(options.settle());
    Map<SessionName, Integer> active = pair.a().sessions();
    AssociationNames associations = pair.a().associations();
    if (!pair.awaitTakeover()) {
      throw new DemoFailure("the standby did not take over within the limit; giving up");
    }
    present = pair.b();
    takeover =
        new TakeoverWatch(
            atPacket, unacknowledged, active, associations, present, options.ageing());
  }

  private FileReport report(CaptureReader reader) {
    boolean quiet = takeover != null || pair.finish();
    settleTimeouts += quiet ? 0 : 1;
    Set<SessionName> created = new HashSet<>(pair.a().created());
    created.addAll(pair.b().created());
    Set<SessionName> received = new HashSet<>(pair.b().received());
    if (options.paths()) {
      received.addAll(pair.a().received());
    }
    Map<SessionName, Integer> here = pair.a().sessions();
    Map<SessionName, Integer> there = pair.b().sessions();
    Map<SessionName, Integer> atEnd = new HashMap<>(here);
    if (takeover != null) {
      atEnd.putAll(there); // what the new active says of a session counts
    }
    Map<SessionName, Integer> kept = keptBack(atEnd, received);
    return new FileReport(
        file,
        options.mode(),
        reader.packetCount(),
        total(FirewallCounters.Total.MALFORMED),
        undecodedByName(),
        reader.truncation(),
        byProtocol(created),
        byProtocol(received),
        byReason(kept, name -> name.protocolClass() != ProtocolClass.OTHER),
        byReason(kept, name -> name.protocolClass() == ProtocolClass.OTHER),
        takeover == null ? isIdentical(quiet) : null,
        linkUse().minus(linkAtStart),
        takeover == null ? Explanation.of(here, there) : "",
        options.paths() ? pathsWatch.result() : null,
        takeover == null ? null : takeover.result(),
        settleTimeouts,
        total(FirewallCounters.Total.TABLE_FULL));
  }

  private Map<String, Long> undecodedByName() {
    Map<String, Long> named = new TreeMap<>();
    undecoded.forEach(
        (kind, count) -> {
          Undecoded layer = Undecoded.values()[(int) (kind >>> 32)];
          named.merge(layer.name(kind.intValue()), count, Long::sum);
        });
    return named;
  }

  private long total(FirewallCounters.Total which) {
    return pair.a().firewall().counters().get(which) + pair.b().firewall().counters().get(which);
  }

  private boolean isIdentical(boolean quiet) {
    return quiet && pair.a().dump().equals(pair.b().dump());
  }

  private static Map<SessionName, Integer> keptBack(
      Map<SessionName, Integer> sessions, Set<SessionName> received) {
    Map<SessionName, Integer> kept = new HashMap<>(sessions);
    kept.values().removeIf(code -> code == 0);
    kept.keySet().removeAll(received);
    return kept;
  }

  private static Map<ProtocolClass, Long> byProtocol(Collection<SessionName> names) {
    Map<ProtocolClass, Long> counts = new EnumMap<>(ProtocolClass.class);
    names.forEach(name -> counts.merge(name.protocolClass(), 1L, Long::sum));
    return counts;
  }

  private static Map<BackupReason, Long> byReason(
      Map<SessionName, Integer> kept, Function<SessionName, Boolean> counts) {
    Map<BackupReason, Long> reasons = new EnumMap<>(BackupReason.class);
    kept.forEach(
        (name, code) -> {
          if (counts.apply(name)) {
            reasons.merge(BackupReason.ofCode(code), 1L, Long::sum);
          }
        });
    return reasons;
  }

  private FileReport.LinkUse linkUse() {
    return new FileReport.LinkUse(
        sent(SyncCounter.CREATES_SENT),
        sent(SyncCounter.UPDATES_SENT),
        sent(SyncCounter.DELETES_SENT),
        sent(SyncCounter.PAYLOAD_BYTES_SENT));
  }

  private long sent(SyncCounter counter) {
    return pair.a().node().counters().get(counter) + pair.b().node().counters().get(counter);
  }
}
