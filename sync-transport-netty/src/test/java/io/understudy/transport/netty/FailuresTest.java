package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.ConnectTimeoutException;
import io.understudy.transport.CloseCause;
import io.understudy.transport.DialFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import org.junit.jupiter.api.Test;

/** Texts as epoll and NIO have them. */
class FailuresTest {
  @Test
  void aDialIsRefusedOnlyWhenTheHostSaysSo() {
    assertEquals(
        DialFailure.REFUSED,
        Failures.ofDial(
            new ConnectException("finishConnect(..) failed with error(-111): Connection refused")));
    assertEquals(
        DialFailure.REFUSED,
        Failures.ofDial(
            new ConnectException(
                "finishConnect(..) failed with error(-111): Verbindung verweigert")));
    assertEquals(
        DialFailure.REFUSED,
        Failures.ofDial(new ConnectException("Connection refused: /10.0.0.1")));
    assertEquals(
        DialFailure.TIMED_OUT, Failures.ofDial(new ConnectTimeoutException("after 200 ms")));
    assertEquals(
        DialFailure.TIMED_OUT, Failures.ofDial(new ConnectException("Connection timed out")));
    assertEquals(
        DialFailure.UNREACHABLE, Failures.ofDial(new NoRouteToHostException("No route to host")));
    assertEquals(
        DialFailure.UNREACHABLE,
        Failures.ofDial(new ConnectException("connect(..) failed with error(-113): No route")));
    assertEquals(
        DialFailure.OTHER,
        Failures.ofDial(new IOException("bind(..) failed with error(-99): Cannot assign")));
  }

  @Test
  void aResetIsToldFromSilence() {
    assertEquals(
        CloseCause.BROKEN,
        Failures.ofClose(
            new IOException("recvAddress(..) failed with error(-104): Connection reset by peer")));
    assertEquals(CloseCause.BROKEN, Failures.ofClose(new IOException("Broken pipe")));
    assertEquals(
        CloseCause.TIMED_OUT,
        Failures.ofClose(
            new IOException("recvAddress(..) failed with error(-110): Connection timed out")));
    assertEquals(
        CloseCause.TIMED_OUT,
        Failures.ofClose(
            new IOException(
                "output shut down", new IOException("writev failed with error(-113): No route"))));
    assertEquals(CloseCause.TIMED_OUT, Failures.ofClose(new IOException("No route to host")));
  }
}
