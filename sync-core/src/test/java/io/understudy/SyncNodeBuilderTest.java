package io.understudy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.config.SyncConfig;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.runtime.FileStore;
import io.understudy.runtime.MemoryStore;
import io.understudy.tables.session.SessionTable;
import io.understudy.transport.LinkListener;
import io.understudy.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncNodeBuilderTest {
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
        .transport(new Cables(linksTo))
        .store(new MemoryStore())
        .table(SessionTable.spec4(1_024, 2));
  }

  private record Cables(Map<Integer, Integer> linksTo) implements Transport {
    @Override
    public int linksTo(int node) {
      return linksTo.getOrDefault(node, 0);
    }

    @Override
    public void start(LinkListener listener) {}

    @Override
    public long drainedBeforeNs() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
