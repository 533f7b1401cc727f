package io.understudy.demos.replay;

import io.understudy.testkit.firewall.Disposition;
import io.understudy.testkit.firewall.ProtocolClass;
import io.understudy.testkit.packet.Packet;
import java.util.EnumMap;
import java.util.Map;

/** Counts what became of return packets at member b. */
final class PathsWatch {
  private final Map<ProtocolClass, Long> dropped = new EnumMap<>(ProtocolClass.class);
  private long returnPackets;
  private long matched;
  private long parked;

  /** A return packet was handled; those parked are settled later. */
  void handled(Packet packet, Disposition disposition, boolean found) {
    returnPackets++;
    if (disposition == Disposition.PARKED) {
      parked++;
    } else {
      settled(packet, found);
    }
  }

  /** A return packet went its way. */
  void settled(Packet packet, boolean found) {
    if (found) {
      matched++;
    } else {
      dropped.merge(ProtocolClass.of(packet.protocol()), 1L, Long::sum);
    }
  }

  FileReport.PathsUse result() {
    return new FileReport.PathsUse(returnPackets, matched, parked, dropped);
  }
}
