package io.understudy.demos.replay;

import io.understudy.tables.session.SessionView;
import io.understudy.testkit.firewall.Disposition;
import io.understudy.testkit.firewall.ReferenceFirewall;
import io.understudy.testkit.packet.Packet;

/**
 * What became of one packet.
 *
 * @param packet its number in the file, from 1
 * @param member who handled it: a or b
 * @param disposition what became of it
 * @param reason why it was dropped, or what is malformed; {@code null}: neither
 * @param session the session it belongs to, as its first packet had it; {@code null}: none
 * @param state of that session after the packet; {@code null} without one
 * @param backedUp that session is backed up
 */
record PacketReport(
    long packet,
    String member,
    Disposition disposition,
    String reason,
    String session,
    String state,
    boolean backedUp) {

  /** The packet that this member's firewall has just handled. */
  static PacketReport of(long number, Packet packet, Disposition disposition, Member member) {
    ReferenceFirewall firewall = member.firewall();
    SessionView session = firewall.session();
    return new PacketReport(
        number,
        member.id() == 1 ? "a" : "b",
        disposition,
        reason(packet, disposition, firewall),
        session == null ? null : SessionText.of(session),
        session == null ? null : session.state().toString(),
        session != null && session.exclusion() == 0);
  }

  private static String reason(Packet packet, Disposition disposition, ReferenceFirewall firewall) {
    if (disposition == Disposition.DROPPED) {
      return firewall.dropReason().name();
    }
    return packet.kind() == Packet.Kind.MALFORMED ? packet.malformedReason().name() : null;
  }
}
