package io.understudy.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SyncConfigTest {
  @Test
  void whatWasSetIsWhatIsRead() {
    byte[] key = new byte[16];
    key[3] = 7;
    HeartbeatConfig heartbeat =
        new HeartbeatConfig(
            Duration.ofMillis(50), 3, 7, Duration.ofMillis(4), Duration.ofMillis(9));
    StreamConfig stream =
        new StreamConfig(
            1 << 18, 1 << 14, Duration.ZERO, Duration.ofSeconds(2), Duration.ofMinutes(5));

    SyncConfig config =
        SyncConfig.builder("cluster", new NodeId(5))
            .peer(new NodeId(9))
            .peer(new NodeId(2))
            .group(new GroupId(2), 100)
            .groupOfOthers(new GroupId(1))
            .heartbeat(heartbeat)
            .stream(stream)
            .links(2)
            .bootHold(Duration.ofSeconds(3))
            .closeLimit(Duration.ofSeconds(4))
            .hashKey(key)
            .build();

    assertEquals("cluster", config.cluster());
    assertEquals(new NodeId(5), config.node());
    assertEquals(List.of(new NodeId(9), new NodeId(2)), config.peers(), "in their slots' order");
    assertEquals(Map.of(2, 100), config.priorities());
    assertEquals(List.of(new GroupId(1), new GroupId(2)), config.groups());
    assertEquals(heartbeat, config.heartbeat());
    assertEquals(stream, config.stream());
    assertEquals(2, config.links());
    assertEquals(Duration.ofSeconds(3), config.bootHold());
    assertEquals(Duration.ofSeconds(4), config.closeLimit());
    assertArrayEquals(key, config.hashKey());
  }

  @Test
  void theHashKeyIsTheSettingsOwn() {
    byte[] key = new byte[16];
    SyncConfig config = minimal("a").hashKey(key).build();

    key[0] = 1;
    config.hashKey()[0] = 1;

    assertEquals(0, config.hashKey()[0]);
  }

  @Test
  void withoutAHashKeyItFollowsFromTheClustersName() {
    byte[] key = minimal("a").build().hashKey();

    assertEquals(16, key.length);
    assertArrayEquals(key, minimal("a").build().hashKey());
    assertFalse(Arrays.equals(key, minimal("b").build().hashKey()));
  }

  @Test
  void aBootHoldBelowTheClaimTimeIsRefused() {
    SyncConfig.Builder builder = minimal("a").bootHold(Duration.ofMillis(499));

    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, builder::build);

    assertTrue(
        refusal.getMessage().startsWith("bootHold is 499 ms, below the claim time of 500 ms"),
        refusal.getMessage());
    assertEquals(Duration.ofMillis(400), minimal("a").links(2).build().heartbeat().claimTime(2));
  }

  @Test
  void aReloadChangesMissesAloneAndNeverGoesAboveTheBootHold() {
    SyncConfig config = minimal("a").bootHold(Duration.ofSeconds(2)).build();
    HeartbeatConfig now = config.heartbeat();

    assertDoesNotThrow(() -> config.checkReload(misses(now, 20)));
    String refusal = refusal(() -> config.checkReload(misses(now, 21)));
    assertTrue(refusal.startsWith("bootHold is 2000 ms, below the claim time of 2100 ms"), refusal);
    HeartbeatConfig faster =
        new HeartbeatConfig(
            Duration.ofMillis(50),
            now.missesAllowed(),
            now.missesAllowedAlone(),
            now.batch(),
            now.confirmation());
    refusal = refusal(() -> config.checkReload(faster));
    assertTrue(
        refusal.startsWith("a node that runs goes on with other misses only; it has"), refusal);
  }

  private static HeartbeatConfig misses(HeartbeatConfig like, int alone) {
    return new HeartbeatConfig(
        like.interval(), like.missesAllowed(), alone, like.batch(), like.confirmation());
  }

  private static String refusal(Executable reload) {
    return assertThrows(IllegalArgumentException.class, reload).getMessage();
  }

  @Test
  void aBatchLongerThanHalfTheMarginIsRefused() {
    Duration interval = Duration.ofMillis(100);
    assertRefused(
        "heartbeat.batch is 26 ms, allowed are 0 ms to 25 ms",
        () -> new HeartbeatConfig(interval, 2, 5, Duration.ofMillis(26), interval));
    assertRefused(
        "heartbeat.confirmation is 4 ms, allowed are 5 ms to 100 ms",
        () -> new HeartbeatConfig(interval, 4, 5, Duration.ofMillis(5), Duration.ofMillis(4)));
  }

  @Test
  void badValuesFailWhereTheyAreWritten() {
    SyncConfig.Builder builder = minimal("a");
    assertRefused(
        "priority of group 1 is 256, allowed are 1 to 255",
        () -> builder.group(new GroupId(1), 256));
    assertRefused("links is 5, allowed are 1 to 4", () -> builder.links(5));
    assertRefused(
        "bootHold is 300001 ms, allowed are 0 ms to 300000 ms",
        () -> builder.bootHold(Duration.ofMillis(300_001)));
    assertRefused(
        "hashKey.length is 15, allowed are 16 to 16", () -> builder.hashKey(new byte[15]));
    assertRefused(
        "peer 1 is this member itself or named twice; node ids are unique in a cluster",
        () -> builder.peer(new NodeId(1)));
    assertRefused(
        "peer 2 is this member itself or named twice; node ids are unique in a cluster",
        () -> builder.peer(new NodeId(2)));
    assertRefused(
        "cluster name \"\" has 0 characters, allowed are 1 to 64",
        () -> SyncConfig.builder("", new NodeId(1)));
    assertRefused(
        "cluster name \"" + "x".repeat(65) + "\" has 65 characters, allowed are 1 to 64",
        () -> SyncConfig.builder("x".repeat(65), new NodeId(1)));
    assertRefused("node id 65536 is outside 1..65535", () -> new NodeId(65_536));
    assertRefused("group id 64 is outside 1..63", () -> new GroupId(64));
  }

  @Test
  void anEighthPeerIsRefused() {
    SyncConfig.Builder builder = minimal("a");
    for (int node = 3; node <= 8; node++) {
      builder.peer(new NodeId(node));
    }

    assertRefused("number of peers is 8, allowed are 1 to 7", () -> builder.peer(new NodeId(9)));
  }

  @Test
  void badCombinationsFailInBuild() {
    assertRefused(
        "no peer is named; a cluster has at least two members",
        () -> SyncConfig.builder("a", new NodeId(1)).group(new GroupId(1), 1).build());
    assertRefused(
        "no group is named; every entry belongs to one",
        () -> SyncConfig.builder("a", new NodeId(1)).peer(new NodeId(2)).build());
  }

  private static SyncConfig.Builder minimal(String cluster) {
    return SyncConfig.builder(cluster, new NodeId(1))
        .peer(new NodeId(2))
        .group(new GroupId(1), 100);
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
