package io.understudy.demos.replay;

import io.understudy.backup.BackupReason;
import io.understudy.testkit.firewall.SessionName;
import io.understudy.testkit.packet.Packet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Counts what a takeover kept: from what the active had at the cut, and what the packets after it find. */
final class TakeoverWatch {
  private final long atPacket;
  private final long unacknowledged;
  private final long knownNs;
  private final long decidingNs;
  private final boolean ageing;
  private final Set<SessionName> backedUp = new HashSet<>();
  private final Map<SessionName, BackupReason> keptBack = new HashMap<>();
  private final Map<BackupReason, Long> unprotected = new EnumMap<>(BackupReason.class);
  private final Set<SessionName> taken = new HashSet<>();
  private final AssociationNames associations;
  private final long lost;
  private long firstMatchNs;
  private long packetsMatched;
  private long packetsLost;

  /**
   * After the takeover, before the next packet.
   *
   * @param active the sessions of the member that is gone, by name, with the code of the reason why each was kept back
   * @param associations the SCTP associations of that member: their packets count on every path
   * @param standby has taken over
   * @param ageing the standby ends sessions that are idle: one that it took and has no more is not lost
   */
  TakeoverWatch(
      long atPacket,
      long unacknowledged,
      Map<SessionName, Integer> active,
      AssociationNames associations,
      Member standby,
      boolean ageing) {
    this.ageing = ageing;
    this.associations = associations;
    this.atPacket = atPacket;
    this.unacknowledged = unacknowledged;
    knownNs = standby.takeoverBeganNs();
    decidingNs = System.nanoTime();
    active.forEach(
        (name, code) -> {
          if (code == 0) {
            backedUp.add(name);
          } else {
            keptBack.put(name, BackupReason.ofCode(code));
          }
        });
    Set<SessionName> there = standby.sessions().keySet();
    backedUp.stream().filter(there::contains).forEach(taken::add);
    lost = backedUp.size() - taken.size();
  }

  /**
   * A packet was handled by the new active.
   *
   * @param matched it found a session that was there before
   * @param created it began one
   */
  void handled(Packet packet, int vsys, boolean matched, boolean created) {
    if (matched && firstMatchNs == 0) {
      firstMatchNs = System.nanoTime();
    }
    if (!SessionName.has(packet)) {
      return;
    }
    SessionName name = name(packet, vsys);
    BackupReason reason = keptBack.get(name);
    if (ageing && !matched && taken.contains(name)) {
      backedUp.remove(name); // it was idle too long since
    }
    if (backedUp.contains(name)) {
      packetsMatched += matched ? 1 : 0;
      packetsLost += matched ? 0 : 1;
    } else if (reason != null && !matched) {
      unprotected.merge(reason, 1L, Long::sum);
    }
    if (created) { // what follows belongs to the new session
      backedUp.remove(name);
      keptBack.remove(name);
    }
  }

  private SessionName name(Packet packet, int vsys) {
    SessionName own = SessionName.of(packet, vsys);
    if (backedUp.contains(own)) {
      return own;
    }
    SessionName association = associations.of(packet, vsys);
    if (association != null && backedUp.contains(association)) {
      return association; // an opening on a path of its own may be kept back
    }
    return association == null || keptBack.containsKey(own) ? own : association;
  }

  FileReport.TakeoverResult result() {
    long endNs = firstMatchNs == 0 ? decidingNs : firstMatchNs;
    return new FileReport.TakeoverResult(
        atPacket,
        Math.max(0, endNs - knownNs) / 1_000,
        unacknowledged,
        taken.size(),
        lost,
        packetsMatched,
        packetsLost,
        unprotected);
  }
}
