package io.understudy.testkit.firewall;

import io.understudy.tables.session.ParkResult;
import io.understudy.tables.session.ParkedPackets;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.packet.LinkType;
import io.understudy.testkit.packet.Packet;
import io.understudy.testkit.packet.PacketReader;

/**
 * The packets of one address family that wait for their sessions.
 *
 * <p>A capture's buffer is written again with the next packet, so a parked packet is copied, from its IP header on.
 */
final class ParkingLot {
  private final ParkedPackets<Waiting> parked;

  /** A copy of a packet, and how it came. */
  record Waiting(Packet packet, int vsys, Zone ingress) {}

  ParkingLot(SessionTable table, ParkedPackets.Listener<Waiting> listener) {
    parked = new ParkedPackets<>(table, listener);
  }

  ParkedPackets<Waiting> packets() {
    return parked;
  }

  ParkResult park(SessionRecord key, Packet packet, int vsys, Zone ingress, long nowNs) {
    return parked.park(key, new Waiting(copy(packet), vsys, ingress), nowNs);
  }

  private static Packet copy(Packet packet) {
    int from = packet.ipOffset();
    byte[] bytes = new byte[packet.capturedLength() - from];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) packet.byteAt(from + i);
    }
    Packet copy = new Packet();
    copy.wrap(bytes, 0, bytes.length, packet.originalLength() - from, packet.timestampNs());
    PacketReader.read(LinkType.RAW, copy);
    return copy;
  }
}
