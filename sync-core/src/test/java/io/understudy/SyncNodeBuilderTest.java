package io.understudy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.config.StreamConfig;
import io.understudy.config.SyncConfig;
import io.understudy.delta.OutFrame;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.runtime.FileStore;
import io.understudy.runtime.MemoryStore;
import io.understudy.table.Row;
import io.understudy.table.TableSpec;
import io.understudy.tables.session.SessionTable;
import io.understudy.transport.CloseCause;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.LinkListener;
import io.understudy.transport.SendResult;
import io.understudy.transport.Transport;
import io.understudy.wire.Column;
import io.understudy.wire.ColumnEncoding;
import io.understudy.wire.ColumnGroup;
import io.understudy.wire.InputLimit;
import io.understudy.wire.RecordSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncNodeBuilderTest {
  private static final Map<Integer, Integer> BOTH = Map.of(2, 1, 3, 1);

  @Test
  void asManyLinksAsTheTransportHasAreAccepted() {
    assertDoesNotThrow(() -> builder(1, Map.of(2, 1, 3, 1)).build());
    assertDoesNotThrow(() -> builder(2, Map.of(2, 2, 3, 2)).build());
  }

  /** A silence of 400 ms on two links is a failure, on the only one it is not yet. */
  @Test
  void anotherNumberOfLinksThanTheTransportHasIsRefused() {
    assertRefused("links is 2, but the transport has 1 to node 2;", 2, Map.of(2, 1, 3, 1));
    assertRefused("links is 1, but the transport has 2 to node 3;", 1, Map.of(2, 1, 3, 2));
    assertRefused("links is 1, but the transport has 0 to node 3;", 1, Map.of(2, 1));
  }

  @Test
  void aStoreThatCannotBeWrittenIsFoundInBuild(@TempDir Path folder) {
    Path file = folder.resolve("missing").resolve("one.state");
    SyncNodeBuilder builder = builder(1, Map.of(2, 1, 3, 1)).store(new FileStore(file));

    String refusal = assertThrows(UncheckedIOException.class, builder::build).getMessage();

    assertTrue(refusal.startsWith("store " + file + " cannot be written"), refusal);
  }

  @Test
  void aDamagedStoreIsFoundInBuildAndStaysAsItIs(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("one.state");
    builder(1, Map.of(2, 1, 3, 1)).store(new FileStore(file)).build();
    byte[] damaged = Files.readAllBytes(file);
    damaged[15] ^= 4;
    Files.write(file, damaged);
    SyncNodeBuilder builder = builder(1, Map.of(2, 1, 3, 1)).store(new FileStore(file));

    String refusal = assertThrows(IllegalStateException.class, builder::build).getMessage();

    assertTrue(refusal.startsWith("store " + file + " holds a record with checksum"), refusal);
    assertArrayEquals(damaged, Files.readAllBytes(file));
  }

  private static void assertRefused(String expected, int links, Map<Integer, Integer> linksTo) {
    SyncNodeBuilder builder = builder(links, linksTo);

    String refusal = assertThrows(IllegalArgumentException.class, builder::build).getMessage();

    assertEquals(
        expected + " give every peer as many links in the transport as SyncConfig names", refusal);
  }

  private static SyncNodeBuilder builder(int links, Map<Integer, Integer> linksTo) {
    SyncConfig config =
        SyncConfig.builder("one", new NodeId(1))
            .peer(new NodeId(2))
            .peer(new NodeId(3))
            .group(new GroupId(1), 100)
            .links(links)
            .build();
    return SyncNode.builder(config)
        .transport(new Cables(1, linksTo))
        .store(new MemoryStore())
        .table(SessionTable.spec4(1_024, 2));
  }

  @Test
  void aTransportThatKnowsAMemberMoreIsRefused() {
    assertEquals(
        "the transport knows node 4, which is no peer in SyncConfig; its peers are [2, 3]. Name it in both or in neither",
        refusal(builder(1, Map.of(2, 1, 3, 1, 4, 1))));
  }

  @Test
  void aTransportOfAnotherNodeIsRefused() {
    assertEquals(
        "the transport is node 2's, but SyncConfig is node 1's; peers would take it for the other",
        refusal(builder(1, BOTH).transport(new Cables(2, BOTH))));
  }

  @Test
  void aTableWithMoreOrFewerPeerSlotsThanPeersIsRefused() {
    for (int slots : new int[] {1, 3}) {
      assertEquals(
          "table session-ipv6 has peerSlots "
              + slots
              + ", but SyncConfig names 2 peers; a row has a place for each of them and for no other",
          refusal(builder(1, BOTH).table(SessionTable.spec6(1_024, slots))));
    }
  }

  @Test
  void aTableWhoseBatchDoesNotFitTheFramesIsRefused() {
    List<Column> columns = new ArrayList<>();
    for (int word = 8; word < 108; word++) {
      columns.add(
          new Column(word, "c" + word, ColumnGroup.FACTS, word, 0, 64, ColumnEncoding.VARINT));
    }
    TableSpec wide =
        new TableSpec(
            new RecordSchema(98, "wide", 108 + Row.COUNTER_WORDS, 200, columns),
            1,
            100,
            SessionTable.spec4(1_024, 2).rules(),
            1_024,
            2);
    StreamConfig usual = StreamConfig.DEFAULT;
    SyncConfig config =
        SyncConfig.builder("one", new NodeId(1))
            .peer(new NodeId(2))
            .peer(new NodeId(3))
            .group(new GroupId(1), 100)
            .stream(
                new StreamConfig(
                    usual.windowBytes(),
                    1 << 13,
                    usual.batching(),
                    usual.usageInterval(),
                    usual.outageMemory()))
            .build();
    SyncNodeBuilder builder =
        SyncNode.builder(config)
            .transport(new Cables(1, BOTH))
            .store(new MemoryStore())
            .table(wide);

    int least = OutFrame.leastFrameBytes(wide.schema());
    assertEquals(
        "stream.frameBytes is 8192, but a batch of table wide needs "
            + least
            + "; its records would never leave",
        refusal(builder));
    assertTrue(least > 8_192 && least <= 65_536, "it needs " + least);
  }

  @Test
  void aTableThatIsNotThereIsNotFound() {
    SyncNode node = builder(1, BOTH).build();

    assertEquals(
        "table 9 was not given to this node's builder; given were [session-ipv4 (1)]",
        assertThrows(IllegalArgumentException.class, () -> node.table(9)).getMessage());
  }

  @Test
  void aGroupThatDoesNotExistHasNoRoleAndNoTerm() {
    SyncNode node = builder(1, BOTH).build();

    for (int group : new int[] {-1, 0, 2, 64, 65}) {
      String refusal =
          "group " + group + " is none of node 1's groups [1]; name it with group or groupOfOthers";
      assertEquals(
          refusal,
          assertThrows(IllegalArgumentException.class, () -> node.role(group)).getMessage());
      assertEquals(
          refusal,
          assertThrows(IllegalArgumentException.class, () -> node.term(group)).getMessage());
    }
  }

  @Test
  void aNodeHasOneLife() {
    SyncNode node = builder(1, BOTH).build();

    assertEquals(
        "node 1 is turned and not started; call start(now) first. Nothing was done",
        assertThrows(IllegalStateException.class, () -> node.run(1)).getMessage());
    assertThrows(IllegalStateException.class, node::nextDueNs);
    node.start(1);
    assertEquals(
        "node 1 is started already; a node has one life: build another",
        assertThrows(IllegalStateException.class, () -> node.start(1)).getMessage());
    node.close();
    assertEquals(
        "node 1 is closed; a node has one life: build another",
        assertThrows(IllegalStateException.class, () -> node.start(1)).getMessage());
    assertEquals(0, node.run(2));
    assertEquals(Long.MAX_VALUE, node.nextDueNs());
  }

  /** Without a peer of that number the node would have nobody to greet. */
  @Test
  void aLinkToNobodyIsClosed() {
    Cables cables = new Cables(1, BOTH);
    SyncNode node = builder(1, BOTH).transport(cables).build();
    node.start(1);
    AtomicBoolean isClosed = new AtomicBoolean();
    Link link = link(7, isClosed);

    cables.listener.get().onOpened(link);

    assertTrue(isClosed.get());
    cables.listener.get().onClosed(link, CloseCause.LOCAL, "");
    assertEquals(0, node.run(2));
  }

  @Test
  void aConnectionThatIsNotAgreedOnIsClosedWhenItsTimeIsOver() {
    long openedNs = 1_000_000_000;
    Cables cables = new Cables(1, BOTH);
    SyncNode node = builder(1, BOTH).transport(cables).build();
    node.start(openedNs);
    node.run(openedNs);
    AtomicBoolean isClosed = new AtomicBoolean();
    cables.listener.get().onOpened(link(2, isClosed));
    long limitNs = InputLimit.HELLO_MS.high() * 1_000_000;

    node.run(openedNs + limitNs);
    assertFalse(isClosed.get());

    node.run(openedNs + limitNs + 1);
    assertTrue(isClosed.get());
  }

  private static String refusal(SyncNodeBuilder builder) {
    return assertThrows(IllegalArgumentException.class, builder::build).getMessage();
  }

  /** A connection to a node that says nothing; says whether it was closed. */
  private static Link link(int node, AtomicBoolean isClosed) {
    return (Link)
        Proxy.newProxyInstance(
            Link.class.getClassLoader(),
            new Class<?>[] {Link.class},
            (link, method, arguments) ->
                switch (method.getName()) {
                  case "dialledNode" -> node;
                  case "index" -> 0;
                  case "id" -> 1L;
                  case "kind" -> LinkKind.DATA;
                  case "send" -> SendResult.SENT;
                  case "close", "finish" -> {
                    isClosed.set(true);
                    yield null;
                  }
                  default -> throw new AssertionError(method + " with nobody");
                });
  }

  private record Cables(
      int node, Map<Integer, Integer> linksTo, AtomicReference<LinkListener> listener)
      implements Transport {
    Cables(int node, Map<Integer, Integer> linksTo) {
      this(node, linksTo, new AtomicReference<>());
    }

    @Override
    public Executor callbacks() {
      return Runnable::run;
    }

    @Override
    public Set<Integer> peers() {
      return linksTo.keySet();
    }

    @Override
    public int linksTo(int node) {
      return linksTo.getOrDefault(node, 0);
    }

    @Override
    public void start(LinkListener node) {
      listener.set(node);
    }

    @Override
    public long drainedBeforeNs() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
