package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.understudy.model.NodeId;
import io.understudy.runtime.Entropy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever starts a link that anybody can read is told so, in the log of an operator. */
@Timeout(60)
class PlaintextWarningTest {
  private static final List<String> WARNING =
      List.of("node 2 sends its tables in plaintext: insecurePlaintext is set");

  private final NotingLog noted = new NotingLog();

  @Test
  void startInPlaintextWarnsOnce() {
    try (NettyTransport transport = open()) {
      assertEquals(List.of(), noted.lines("warn"), "nothing has left yet");

      transport.start(new NotingListener());

      assertEquals(WARNING, noted.lines("warn"));
      assertThrows(IllegalStateException.class, () -> transport.start(new NotingListener()));
    }
    assertEquals(WARNING, noted.lines("warn"));
  }

  @Test
  void eachTransportThatStartsWarns() {
    try (NettyTransport first = open();
        NettyTransport second = open()) {
      first.start(new NotingListener());
      second.start(new NotingListener());
    }

    assertEquals(List.of(WARNING.get(0), WARNING.get(0)), noted.lines("warn"));
  }

  private NettyTransport open() {
    NettyTransportConfig config =
        NettyTransportConfig.builder(new NodeId(2))
            .link(NettyFixture.loopback(0), Map.of(new NodeId(1), NettyFixture.loopback(1)))
            .insecurePlaintext(true)
            .build();
    return NettyTransport.open(config, Entropy.secure(), false, noted.logger());
  }
}
