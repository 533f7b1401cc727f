package io.understudy.transport.netty;

import static io.understudy.transport.netty.TurnedNode.FIRST;
import static io.understudy.transport.netty.TurnedNode.SECOND;
import static io.understudy.transport.netty.TurnedNode.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.Fault;
import io.understudy.SyncListener;
import io.understudy.SyncNode;
import io.understudy.model.Role;
import io.understudy.runtime.DutyCycle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a member over real sockets says of faults, and of calls that are one. */
@Timeout(120)
class FaultNewsTest {
  private final int firstPort = FreePorts.next();
  private final int secondPort = FreePorts.next();
  private final Noting news = new Noting();
  private TurnedNode first;
  private TurnedNode second;

  @BeforeEach
  void begin() {
    first = new TurnedNode(1, firstPort, secondPort, news, null);
  }

  @AfterEach
  void close() {
    first.close();
    if (second != null) {
      second.close();
    }
  }

  private void beginSecond() {
    second = new TurnedNode(2, secondPort, firstPort, new SyncListener() {}, null);
    await("roles", () -> first.is(FIRST, Role.ACTIVE) && second.is(SECOND, Role.ACTIVE));
  }

  @Test
  void peerThatCannotBeReachedIsNamedWithItsAddressOnceAndOnceWhenItIsThere() {
    await("the fault", () -> first.transport.stats().failedDials() > 10);
    assertEquals(List.of("began UNREACHABLE 2"), news.lines);
    Fault fault = news.faults.get(0);
    assertTrue(fault.cause().contains("127.0.0.1:" + secondPort), fault.cause());
    assertTrue(fault.cause().contains("REFUSED"), fault.cause());
    await("the status", () -> first.node.status().faults().size() == 1);

    beginSecond();
    await("its end", () -> news.lines.size() == 2);
    assertEquals("ended UNREACHABLE 2", news.lines.get(1));
    await("the status", () -> first.node.status().faults().isEmpty());

    second.close();
    await("the next one", () -> news.lines.size() == 3);
    assertEquals("began UNREACHABLE 2", news.lines.get(2));
  }

  @Test
  void nodeWhoseLoopIsStoppedByOthersSaysThatItFailed() {
    beginSecond();

    first.transport.close(); // and not the node

    await("the failure", () -> news.lines.contains("began FAILED 1"));
    assertEquals(Role.FAILED, first.node.role(FIRST));
    await("the takeover", () -> second.decides(FIRST));
  }

  @Test
  void nodeThatIsClosedInOrderHasNotFailed() {
    beginSecond();

    first.node.close();
    first.transport.close();

    assertEquals(Role.CLOSED, first.node.role(FIRST));
    assertEquals(List.of(), first.node.status().faults());
    assertFalse(news.lines.contains("began FAILED 1"));
  }

  @Test
  void secondDutyCycleOfATransportIsRefusedInTheCall() {
    beginSecond();

    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> first.transport.turn(new NoCycle()));

    assertTrue(refusal.getMessage().contains("another duty cycle"), refusal.getMessage());
    first.publish(FIRST, 1);
    await("the session", () -> second.has(1));
  }

  @Test
  void secondNodeOfATransportIsRefusedInTheCall() {
    beginSecond();
    SyncNode other = first.builder(new SyncListener() {}, null).build();

    assertThrows(IllegalStateException.class, () -> other.start(System.nanoTime()));

    first.publish(FIRST, 1);
    await("the session", () -> second.has(1));
    assertTrue(first.decides(FIRST));
  }

  private static final class NoCycle implements DutyCycle {
    @Override
    public int run(long nowNs) {
      return 0;
    }

    @Override
    public long nextDueNs() {
      return Long.MAX_VALUE;
    }
  }

  private static final class Noting implements SyncListener {
    final List<String> lines = new CopyOnWriteArrayList<>();
    final List<Fault> faults = new CopyOnWriteArrayList<>();

    @Override
    public void onFaultBegan(Fault fault) {
      faults.add(fault);
      lines.add("began " + fault.kind() + " " + fault.node());
    }

    @Override
    public void onFaultEnded(Fault fault) {
      lines.add("ended " + fault.kind() + " " + fault.node());
    }
  }
}
