package io.understudy.demos.replay;

import io.understudy.backup.BackupReason;
import io.understudy.testkit.firewall.ProtocolClass;
import java.util.Map;

/**
 * What came of one file.
 *
 * @param file as it was named
 * @param mode normal or quick
 * @param packets in the file
 * @param malformed packets that were counted and skipped
 * @param undecoded packets that may carry IP in a way that is not decoded, by what names it
 * @param truncation where the file ends inside a record; empty: it does not
 * @param sessions that began here, each pair of endpoints once
 * @param backedUp of these, sessions that the standby received at any time
 * @param excluded sessions of TCP, UDP, ICMP and SCTP that were never backed up, by reason
 * @param excludedOther the same of other protocols, which the table of expected counts leaves out
 * @param identical both members have the same at the end; {@code null} after a takeover
 * @param link what went over the link
 * @param explanation what is here and not there, in one line
 * @param paths with {@code --paths}, otherwise {@code null}
 * @param takeover with {@code --takeover-at}, otherwise {@code null}
 * @param settleTimeouts how often waiting for acknowledgements took too long
 * @param unprotected sessions that found no room in the table
 */
record FileReport(
    String file,
    String mode,
    long packets,
    long malformed,
    Map<String, Long> undecoded,
    String truncation,
    Map<ProtocolClass, Long> sessions,
    Map<ProtocolClass, Long> backedUp,
    Map<BackupReason, Long> excluded,
    Map<BackupReason, Long> excludedOther,
    Boolean identical,
    LinkUse link,
    String explanation,
    PathsUse paths,
    TakeoverResult takeover,
    long settleTimeouts,
    long unprotected) {

  /** Packets that may carry IP in a way that is not decoded. */
  long undecodedPackets() {
    return undecoded.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Records and bytes on the link, of both directions.
   *
   * @param creates introductions, also of new generations
   * @param updates other than introductions
   * @param deletes of sessions that ended
   * @param payloadBytes of the frames that carried them
   */
  record LinkUse(long creates, long updates, long deletes, long payloadBytes) {
    LinkUse minus(LinkUse before) {
      return new LinkUse(
          creates - before.creates,
          updates - before.updates,
          deletes - before.deletes,
          payloadBytes - before.payloadBytes);
    }

    long records() {
      return creates + updates + deletes;
    }
  }

  /**
   * What became of return packets at the other member; all of them are matched or dropped in the end.
   *
   * @param returnPackets that met member b
   * @param matched found their session, at once or after they were parked
   * @param parked waited for it
   * @param dropped found none, by protocol
   */
  record PathsUse(
      long returnPackets, long matched, long parked, Map<ProtocolClass, Long> dropped) {}

  /**
   * What the cut cost.
   *
   * @param atPacket the number of packets before it
   * @param micros from the moment the standby knew that the active is gone to the first packet that found its session
   *     there; without such a packet, to the moment it may decide
   * @param unacknowledged entries that the standby had not acknowledged
   * @param sessionsTaken backed-up sessions that are there after it
   * @param sessionsLost backed-up sessions that are not
   * @param packetsMatched packets of backed-up sessions that found theirs
   * @param packetsLost packets of backed-up sessions that did not
   * @param packetsUnprotected packets of sessions that were kept back and are not there, by reason
   */
  record TakeoverResult(
      long atPacket,
      long micros,
      long unacknowledged,
      long sessionsTaken,
      long sessionsLost,
      long packetsMatched,
      long packetsLost,
      Map<BackupReason, Long> packetsUnprotected) {}
}
