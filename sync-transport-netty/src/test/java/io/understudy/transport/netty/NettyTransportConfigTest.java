package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.config.SyncConfig;
import io.understudy.model.NodeId;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class NettyTransportConfigTest {
  private static final InetSocketAddress LOCAL = NettyFixture.loopback(0);
  private static final Map<NodeId, InetSocketAddress> PEERS =
      Map.of(new NodeId(2), NettyFixture.loopback(7000));

  @Test
  void plaintextMustBeAskedForAndTheRefusalSaysHow() {
    String expected =
        "insecurePlaintext is false, but this transport cannot encrypt yet: set insecurePlaintext(true) where the"
            + " link is a cable or a network that nobody else reaches";
    NettyTransportConfig.Builder silent =
        NettyTransportConfig.builder(new NodeId(1)).link(LOCAL, PEERS);

    assertEquals(expected, refusal(builder -> builder.insecurePlaintext(false)));
    assertEquals(
        expected, assertThrows(IllegalArgumentException.class, silent::build).getMessage());
  }

  @Test
  void valueOutsideItsRangeIsNamedWithTheRange() {
    assertEquals(
        "dataBufferBytes 1000 is outside 131072..1073741824",
        refusal(builder -> builder.buffers(1000, 1 << 20)));
    assertEquals(
        "backOffMax PT0.01S is outside PT0.05S..PT10M",
        refusal(builder -> builder.backOff(Duration.ofMillis(50), Duration.ofMillis(10))));
    assertEquals(
        "connectTimeout PT0S is outside PT0.01S..PT1M",
        refusal(builder -> builder.connectTimeout(Duration.ZERO)));
  }

  /** A node numbers the paths to a peer from 0. */
  @Test
  void peerThatALinkLeavesOutIsRefused() {
    assertEquals(
        "link 1 leads to node 3, but link 0 does not; a peer is on link 0 and on each that follows, up to its last",
        refusal(builder -> builder.link(LOCAL, Map.of(new NodeId(3), NettyFixture.loopback(1)))));
  }

  @Test
  void twoPeersOfOneAddressAreRefused() {
    InetSocketAddress there = new InetSocketAddress("127.0.0.1", 7400);
    Map<NodeId, InetSocketAddress> peers = Map.of(new NodeId(2), there, new NodeId(3), there);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new NettyLinkConfig(new InetSocketAddress("127.0.0.1", 0), peers))
            .getMessage();

    assertTrue(message.startsWith("nodes 2 and 3 both have address /127.0.0.1:7400"), message);
  }

  @Test
  void peersThatCannotBeAreRefused() {
    assertEquals(
        "link 1 names node 1 as its own peer",
        refusal(builder -> builder.link(LOCAL, Map.of(new NodeId(1), NettyFixture.loopback(1)))));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new NettyLinkConfig(
                LOCAL, Map.of(new NodeId(3), InetSocketAddress.createUnresolved("peer", 1))));
  }

  @Test
  void thereAreAsManyLinksAsANodeMayHave() {
    NettyTransportConfig.Builder builder =
        NettyTransportConfig.builder(new NodeId(1)).insecurePlaintext(true);

    assertEquals("links 0 is outside 1..4", refusal(builder));
    for (int link = 1; link <= SyncConfig.MAX_LINKS; link++) {
      assertEquals(link, builder.link(LOCAL, PEERS).build().links().size());
    }
    assertEquals("links 5 is outside 1..4", refusal(builder.link(LOCAL, PEERS)));
  }

  private static String refusal(UnaryOperator<NettyTransportConfig.Builder> change) {
    NettyTransportConfig.Builder builder =
        NettyTransportConfig.builder(new NodeId(1)).link(LOCAL, PEERS).insecurePlaintext(true);
    return refusal(change.apply(builder));
  }

  private static String refusal(NettyTransportConfig.Builder builder) {
    return assertThrows(IllegalArgumentException.class, builder::build).getMessage();
  }
}
