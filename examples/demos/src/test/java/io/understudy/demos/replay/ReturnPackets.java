package io.understudy.demos.replay;

import io.understudy.demos.Captures;
import io.understudy.testkit.firewall.Paths;
import io.understudy.testkit.firewall.ProtocolClass;
import io.understudy.testkit.firewall.SessionName;
import io.understudy.testkit.packet.CaptureReader;
import io.understudy.testkit.packet.Packet;
import io.understudy.testkit.packet.SctpChunks;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Counts, from the packets alone, the return packets that must find a session in quick mode. */
final class ReturnPackets {
  private ReturnPackets() {}

  /** Return packets of pairs of which member a saw a SYN, INIT, echo request or UDP packet before. */
  static long withASession(String file) throws IOException {
    Paths paths = new Paths();
    Packet packet = new Packet();
    Set<SessionName> begun = new HashSet<>();
    long count = 0;
    try (CaptureReader reader = CaptureReader.open(Captures.folder().resolve(file))) {
      while (reader.next(packet)) {
        boolean forB = paths.isForB(packet, 0);
        if (!SessionName.has(packet)) {
          continue;
        }
        SessionName name = SessionName.of(packet, 0);
        if (!forB && begins(packet)) {
          begun.add(name);
        }
        count += paths.isReturn() && begun.contains(name) ? 1 : 0;
      }
    }
    return count;
  }

  private static boolean begins(Packet packet) {
    return switch (ProtocolClass.of(packet.protocol())) {
      case TCP -> packet.tcp().isSyn() && !packet.tcp().isAck();
      case UDP -> true;
      case ICMP -> packet.icmp().isEchoRequest();
      case SCTP -> hasInit(packet.sctp());
      case OTHER -> false;
    };
  }

  private static boolean hasInit(SctpChunks chunks) {
    for (int i = 0; i < chunks.count(); i++) {
      if (chunks.type(i) == SctpChunks.INIT) {
        return true;
      }
    }
    return false;
  }
}
