package io.understudy.demos.replay;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.tables.session.SessionView;
import io.understudy.testkit.firewall.SessionName;
import io.understudy.testkit.packet.Packet;
import java.util.HashMap;
import java.util.Map;

/** The SCTP associations of a member by their tags: whose packet it is on whatever path. */
final class AssociationNames {
  private final Map<Announced, SessionName> names = new HashMap<>();

  /** A tag, and the ports of the end that announced it and of the other one. */
  private record Announced(int vsys, int announcerPort, int otherPort, int tag) {}

  void add(SessionView session) {
    if (session.protocol() == IpProtocol.SCTP) {
      int originator = session.originatorPort();
      int responder = session.responderPort();
      add(session, originator, responder, session.isn(Direction.FORWARD));
      add(session, responder, originator, session.isn(Direction.REVERSE));
    }
  }

  private void add(SessionView session, int announcerPort, int otherPort, int tag) {
    if (tag != 0) {
      Announced announced = new Announced(session.vsys(), announcerPort, otherPort, tag);
      if (session.exclusion() == 0) { // of two openings with one tag the one that was answered
        names.put(announced, SessionName.of(session));
      } else {
        names.putIfAbsent(announced, SessionName.of(session));
      }
    }
  }

  /** The association of a packet by its tag; {@code null}: it carries none that is known. */
  SessionName of(Packet packet, int vsys) {
    if (!packet.sctp().isPresent()) {
      return null;
    }
    int from = packet.sourcePort();
    int to = packet.destinationPort();
    int tag = packet.sctp().verificationTag();
    SessionName name = names.get(new Announced(vsys, to, from, tag));
    return name != null ? name : names.get(new Announced(vsys, from, to, tag)); // it came back
  }
}
