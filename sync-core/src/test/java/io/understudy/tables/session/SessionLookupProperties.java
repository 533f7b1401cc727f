package io.understudy.tables.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SessionLookupProperties {
  /** Whatever was translated to whatever, also to equal addresses: both tuples lead to the session, in both directions. */
  @Property(seed = "4801", tries = 400)
  void aSessionWithABindingIsFoundByBothTuples(@ForAll long seed, @ForAll boolean ipv6) {
    Random random = new Random(seed);
    Sessions sessions = new Sessions(ipv6);
    long[] address = random.longs(4, 0, 6).toArray();
    int[] port = distinct(random);
    SessionRecord session =
        sessions.packet(IpProtocol.UDP, address[0], port[0], address[1], port[1]);
    sessions.nat(session, address[2], port[2], address[3], port[3]).policy(4_711);
    sessions.publish(session);

    // the original tuple
    assertFound(sessions, Direction.FORWARD, address[0], port[0], address[1], port[1]);
    assertFound(sessions, Direction.REVERSE, address[1], port[1], address[0], port[0]);
    // the reply tuple
    assertFound(sessions, Direction.REVERSE, address[3], port[3], address[2], port[2]);
    assertFound(sessions, Direction.FORWARD, address[2], port[2], address[3], port[3]);
    // half of each is no tuple of it
    assertNull(sessions.find(IpProtocol.UDP, address[2], port[0], address[3], port[3]));
    assertNull(sessions.find(IpProtocol.TCP, address[3], port[3], address[2], port[2]));
    SessionRecord otherVsys = sessions.record();
    sessions.key(otherVsys, 1, IpProtocol.UDP, address[3], port[3], address[2], port[2]);
    assertTrue(!sessions.table.lookup(otherVsys));
  }

  /** What a look-up left in the record leads to the same session and direction when it is looked up again. */
  @Property(seed = "4802", tries = 300)
  void lookingUpAgainAnswersTheSame(@ForAll long seed, @ForAll boolean ipv6) {
    Random random = new Random(seed);
    Sessions sessions = new Sessions(ipv6);
    long[] address = random.longs(4, 0, 6).toArray();
    int[] port = distinct(random);
    SessionRecord session =
        sessions.packet(IpProtocol.UDP, address[0], port[0], address[1], port[1]);
    sessions.publish(sessions.nat(session, address[2], port[2], address[3], port[3]));
    boolean reverse = random.nextBoolean();
    int a = reverse ? 3 : 2;
    int b = reverse ? 2 : 3;
    SessionRecord packet =
        sessions.packet(IpProtocol.UDP, address[a], port[a], address[b], port[b]);

    for (int i = 0; i < 2; i++) {
      assertTrue(sessions.table.lookup(packet));
      assertEquals(reverse ? Direction.REVERSE : Direction.FORWARD, packet.direction());
      assertEquals(port[0], packet.originatorPort());
      assertTrue(sessions.table.touch(packet, packet.direction(), 1, 1, 5));
    }
    assertTrue(sessions.table.lookup(packet));
    assertEquals(2, sessions.table.packets(packet, packet.direction()));
  }

  private static void assertFound(
      Sessions sessions, Direction expected, long from, int fromPort, long to, int toPort) {
    SessionRecord packet = sessions.packet(IpProtocol.UDP, from, fromPort, to, toPort);
    assertTrue(sessions.table.lookup(packet));
    assertEquals(expected, packet.direction());
    assertEquals(4_711, packet.policy());
  }

  /** Four different ports in any order, so that no tuple is another's. */
  private static int[] distinct(Random random) {
    int[] ports = new int[4];
    int step = 1 + random.nextInt(1_000);
    int first = random.nextInt(60_000);
    boolean down = random.nextBoolean();
    for (int i = 0; i < ports.length; i++) {
      ports[i] = first + step * (down ? 3 - i : i);
    }
    return ports;
  }
}
