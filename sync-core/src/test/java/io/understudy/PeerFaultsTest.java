package io.understudy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.Fault.Kind;
import io.understudy.metrics.CounterSet;
import io.understudy.transport.DialFailure;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which links to a peer fail, and whether it is refused. */
class PeerFaultsTest {
  private static final long MS = 1_000_000;
  private static final long DETECTION_NS = 500 * MS;
  private static final int LINKS = 2;

  private final NotedLog log = new NotedLog();
  private final Callbacks callbacks =
      new Callbacks(
          new SyncListener() {},
          Runnable::run,
          List.of(),
          Set.of(),
          new CounterSet(),
          log.logger());
  private final Faults faults = new Faults(log.logger(), callbacks, () -> {});
  private final Peer peer = new Peer(2, null, null, null, null);
  private final PeerFaults peers = new PeerFaults(faults, List.of(peer), LINKS, DETECTION_NS);
  private long nowNs = -5 * MS; // a clock begins anywhere

  @BeforeEach
  void start() {
    peers.start(nowNs);
  }

  @Test
  void linkFailsUntilEveryKindThatFailedIsUp() {
    dialFails(0, LinkKind.DATA);
    dialFails(0, LinkKind.HEARTBEAT);
    assertTrue(isUnreachable(0));

    up(0, LinkKind.HEARTBEAT);
    assertTrue(isUnreachable(0));
    up(0, LinkKind.DATA);
    assertFalse(isUnreachable(0));
    assertEquals(1, log.lines("warn").size(), log.lines().toString());
    assertEquals(1, log.lines("info").size(), log.lines().toString());
  }

  @Test
  void linksFailOneByOne() {
    up(0, LinkKind.HEARTBEAT);
    up(0, LinkKind.DATA);

    dialFails(1, LinkKind.HEARTBEAT);

    assertFalse(isUnreachable(0));
    assertTrue(isUnreachable(1));
    assertTrue(log.lines("warn").get(0).contains("link 1"), log.lines().toString());
  }

  @Test
  void dialThatFailsBesideAConnectionOfItsKindIsNoFault() {
    up(0, LinkKind.DATA); // the peer dialled it meanwhile

    dialFails(0, LinkKind.DATA);

    assertFalse(isUnreachable(0));
  }

  /** The other side has no file descriptor left for it, or nobody agrees on it: heartbeats come, and no entry does. */
  @Test
  void connectionOfOneKindThatNeverComesFailsAfterATime() {
    up(0, LinkKind.HEARTBEAT);
    up(1, LinkKind.HEARTBEAT);
    up(1, LinkKind.DATA);
    waitFor(1_900);
    assertFalse(isUnreachable(0));

    waitFor(1_200);
    assertTrue(isUnreachable(0));
    assertFalse(isUnreachable(1));
    assertTrue(log.lines("warn").get(0).contains("no DATA connection"), log.lines().toString());

    up(0, LinkKind.DATA);
    assertFalse(isUnreachable(0));
  }

  @Test
  void linkThatIsNotDialledFailsAfterATime() {
    waitFor(1_900);
    assertFalse(isUnreachable(0));

    waitFor(1_200);
    assertTrue(isUnreachable(0));
    assertTrue(isUnreachable(1));

    up(1, LinkKind.HEARTBEAT);
    up(1, LinkKind.DATA);
    assertTrue(isUnreachable(0));
    assertFalse(isUnreachable(1));
  }

  /** A second process with a peer's number is refused again and again beside the one that is connected. */
  @Test
  void refusalBesideAConnectionEndsWhenItIsNotRepeated() {
    up(0, LinkKind.HEARTBEAT);
    up(0, LinkKind.DATA);
    for (int i = 0; i < 300; i++) {
      refuse();
      waitFor(100);
    }
    assertTrue(isRefused());

    waitFor(9_000);
    assertTrue(isRefused());
    waitFor(2_000);
    assertFalse(isRefused());
    assertEquals(1, count("refuses node 2"));
  }

  @Test
  void refusalWithoutAConnectionGoesOnUntilTheHostRefusesDialsOrTheyAgree() {
    refuse();
    waitFor(60_000);
    assertTrue(isRefused(), "the next attempt may be a long way off");
    assertFalse(isUnreachable(0), "it answers, so it is reached");

    dialFails(0, LinkKind.HEARTBEAT);
    waitFor(1_100);
    assertFalse(isRefused());
    assertTrue(isUnreachable(0));

    refuse();
    up(0, LinkKind.HEARTBEAT);
    assertFalse(isRefused());
  }

  /** It is not dialled, so no dial says that its process is no more. */
  @Test
  void refusalOfAPeerThatDialsAloneEndsWhenItIsGoneForLong() {
    refuse();
    waitFor(600_000);
    assertTrue(isRefused());

    waitFor(70_000);
    assertFalse(isRefused());
    assertTrue(isUnreachable(0));
  }

  private long count(String text) {
    return log.lines("warn").stream().filter(line -> line.contains(text)).count();
  }

  private boolean isUnreachable(int link) {
    return faults.isOpen(Kind.UNREACHABLE, 2, link);
  }

  private boolean isRefused() {
    return faults.isOpen(Kind.REFUSED, 2, 0);
  }

  private void refuse() {
    peer.refused("a second process", false, nowNs);
    peers.refused(peer, nowNs);
  }

  private void dialFails(int link, LinkKind kind) {
    peers.dialFailed(
        peer, link, kind, DialFailure.REFUSED, "192.0.2.1:9000: connection refused", nowNs);
  }

  private void up(int link, LinkKind kind) {
    Connection connection = new Connection(socket(link, kind), nowNs);
    connection.up = true;
    peer.connections.add(connection);
    peers.up(peer, connection, nowNs);
  }

  private void waitFor(int ms) {
    for (int i = 0; i < ms; i += 50) {
      nowNs += 50 * MS;
      peers.run(nowNs);
    }
  }

  /** Nothing else is asked of it. */
  private static Link socket(int index, LinkKind kind) {
    return (Link)
        Proxy.newProxyInstance(
            Link.class.getClassLoader(),
            new Class<?>[] {Link.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "index" -> index;
                  case "kind" -> kind;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
