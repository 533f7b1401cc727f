package io.understudy.track;

import static io.understudy.model.Direction.FORWARD;
import static io.understudy.model.Direction.REVERSE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.model.Direction;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The look-up of a table that knows associations by port of the announcer, other port and tag. */
class SctpPathsTest {
  private static final int ORIGINATOR = 40_002;
  private static final int RESPONDER = 36_412;
  private static final int F = 0x4004D;
  private static final int R = 0x5005E;

  private final Map<String, Direction> index =
      new HashMap<>(
          Map.of(
              key(ORIGINATOR, RESPONDER, F), FORWARD,
              key(RESPONDER, ORIGINATOR, R), REVERSE));

  @Test
  void heartbeatOnAnotherPathIsFoundByItsReceiversTag() {
    assertEquals(FORWARD, directionOf(packet(R, SctpTracker.INIT_ACK + 2, 0), true));
    assertEquals(REVERSE, directionOf(packet(F, SctpTracker.INIT_ACK + 2, 0), false));
  }

  @Test
  void initAckOnAnotherPathIsFoundByTheInitiatorsTag() {
    index.remove(key(RESPONDER, ORIGINATOR, R));

    assertEquals(REVERSE, directionOf(packet(F, SctpTracker.INIT_ACK, 0), false));
  }

  @Test
  void abortWithTheTagOfItsSenderIsFoundToo() {
    assertEquals(REVERSE, directionOf(packet(R, SctpTracker.ABORT, 1), false));
    assertEquals(FORWARD, directionOf(packet(F, SctpTracker.ABORT, 1), true));
    assertEquals(REVERSE, directionOf(packet(F, SctpTracker.ABORT, 0), false));
  }

  @Test
  void initHasNoTagToLookFor() {
    assertEquals(0, SctpPaths.tag(packet(0, SctpTracker.INIT, 0)));
  }

  @Test
  void packetThatWasCutBeforeItsFirstChunkIsFoundByItsTag() {
    assertEquals(R, SctpPaths.tag(new PacketView().begin(132).sctp(R)));
  }

  @Test
  void tagsOfTheTwoEndsAreNotMistakenWhenPortsAreEqual() {
    index.clear();
    index.put(key(2905, 2905, F), FORWARD);
    index.put(key(2905, 2905, R), REVERSE);
    PacketView toResponder = packet(R, 0, 0);

    int port = SctpPaths.announcerPort(toResponder, 2905, 2905);
    Direction announced = index.get(key(port, 2905, SctpPaths.tag(toResponder)));

    assertEquals(FORWARD, SctpPaths.direction(toResponder, announced));
  }

  private Direction directionOf(PacketView packet, boolean fromOriginator) {
    int source = fromOriginator ? ORIGINATOR : RESPONDER;
    int destination = fromOriginator ? RESPONDER : ORIGINATOR;
    int port = SctpPaths.announcerPort(packet, source, destination);
    int other = port == source ? destination : source;
    return SctpPaths.direction(packet, index.get(key(port, other, SctpPaths.tag(packet))));
  }

  private static PacketView packet(int tag, int type, int flags) {
    return new PacketView().begin(132).sctp(tag).chunk(type, flags, 0);
  }

  private static String key(int announcerPort, int otherPort, int tag) {
    return announcerPort + "/" + otherPort + "/" + tag;
  }
}
