package io.understudy.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.Pages;
import io.understudy.backup.AdaptiveConfig;
import io.understudy.backup.BackupConfig;
import io.understudy.backup.BackupPolicy;
import io.understudy.backup.BackupRule;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The page of settings names every setting, and its ranges and defaults are those of the code. */
class SettingsReferenceTest {
  private static final Duration NS = Duration.ofNanos(1);

  private final Map<String, List<String>> page = new HashMap<>();

  SettingsReferenceTest() {
    for (List<String> row : Pages.rows("reference/settings.md")) {
      if (!row.get(0).startsWith("link.")) { // the transport's own test compares these
        page.put(row.get(0), row);
      }
    }
  }

  @Test
  void everySettingIsOnThePageAndNoOther() {
    Set<String> expected = new TreeSet<>();
    for (Method method : SyncConfig.Builder.class.getDeclaredMethods()) {
      boolean isSetting =
          method.getReturnType() == SyncConfig.Builder.class && !method.isSynthetic();
      boolean isRecord = isSetting && method.getParameterTypes()[0].isRecord();
      if (isSetting
          && (!isRecord || method.getParameterTypes()[0].getPackageName().contains("model"))) {
        expected.add(method.getName());
      }
    }
    expected.addAll(components("heartbeat", HeartbeatConfig.class));
    expected.addAll(components("stream", StreamConfig.class));
    expected.addAll(components("backup", BackupConfig.class));
    expected.remove("backup.adaptive");
    expected.addAll(components("backup.adaptive", AdaptiveConfig.class));
    expected.addAll(Set.of("cluster", "node", "group.priority", "backup.pickupDelay"));

    assertEquals(expected, new TreeSet<>(page.keySet()));
  }

  @Test
  void defaultsAreThoseOfTheCode() {
    SyncConfig config = config(builder -> {});
    assertDefault("heartbeat.interval", config.heartbeat().interval());
    assertDefault("heartbeat.missesAllowed", config.heartbeat().missesAllowed());
    assertDefault("heartbeat.missesAllowedAlone", config.heartbeat().missesAllowedAlone());
    assertDefault("heartbeat.batch", config.heartbeat().batch());
    assertDefault("heartbeat.confirmation", config.heartbeat().confirmation());
    assertDefault("closeLimit", config.closeLimit());
    assertDefault("stream.windowBytes", config.stream().windowBytes());
    assertDefault("stream.batching", config.stream().batching());
    assertDefault("stream.usageInterval", config.stream().usageInterval());
    assertDefault("stream.outageMemory", config.stream().outageMemory());
    assertDefault("links", config.links());
    assertDefault("bootHold", config.bootHold());
  }

  @Test
  void backupDefaultsAreThoseOfTheCode() {
    BackupConfig config = BackupConfig.hotStandby();
    assertEquals(BackupPolicy.NORMAL, config.policy());
    assertEquals("normal", page.get("backup.policy").get(2));
    assertDefault("backup.rules", config.rules().size());
    assertSwitch("backup.pickup", config.pickup());
    assertSwitch("backup.connectionless", config.connectionless());
    assertSwitch("backup.httpReplication", config.httpReplication());
    assertEquals("[" + page.get("backup.httpPorts").get(2) + "]", config.httpPorts().toString());
    assertSwitch("backup.excludeInspected", config.excludeInspected());
    assertSwitch("backup.asymmetricPaths", config.asymmetricPaths());
    AdaptiveConfig adaptive = config.adaptive();
    assertSwitch("backup.adaptive.enabled", adaptive.enabled());
    assertDefault("backup.adaptive.window", adaptive.window());
    assertDefault("backup.adaptive.quickAt", adaptive.quickAt());
    assertDefault("backup.adaptive.calmBelow", adaptive.calmBelow());
    assertDefault("backup.adaptive.calmFor", adaptive.calmFor());
  }

  @Test
  void backupSettingsHaveTheRangesOfThePage() {
    AdaptiveConfig on = AdaptiveConfig.on();
    assertLimits("backup.pickupDelay", BackupPolicy::delayed, SettingsReferenceTest::duration);
    assertLimits(
        "backup.adaptive.window",
        v -> new AdaptiveConfig(true, v, on.quickAt(), on.calmBelow(), Duration.ofHours(1)),
        SettingsReferenceTest::duration);
    assertLimits(
        "backup.adaptive.calmFor",
        v -> new AdaptiveConfig(true, on.window(), on.quickAt(), on.calmBelow(), v),
        SettingsReferenceTest::duration);
    assertLimits(
        "backup.adaptive.quickAt",
        v -> new AdaptiveConfig(true, on.window(), (int) (long) v, 1, on.calmFor()),
        SettingsReferenceTest::number);
    assertLimits(
        "backup.adaptive.calmBelow",
        v -> new AdaptiveConfig(true, on.window(), on.quickAt(), (int) (long) v, on.calmFor()),
        SettingsReferenceTest::number);
    assertLimits(
        "backup.httpPorts",
        v -> BackupConfig.builder().httpPorts(List.of((int) (long) v)).build(),
        SettingsReferenceTest::number);
    assertLimits(
        "backup.rules",
        v ->
            BackupConfig.builder()
                .rules(
                    Collections.nCopies((int) Math.max(0, v), BackupRule.any(BackupPolicy.NORMAL)))
                .build(),
        text -> number(text.split(" ")[0]));
  }

  @Test
  void durationsHaveTheRangesOfThePage() {
    Duration interval = HeartbeatConfig.DEFAULT.interval();
    assertDurations("heartbeat.interval", v -> HeartbeatConfig.of(v, 4));
    assertDurations("heartbeat.batch", v -> new HeartbeatConfig(interval, 4, 5, v, interval));
    assertDurations(
        "heartbeat.confirmation",
        v -> new HeartbeatConfig(interval, 4, 5, Duration.ofMillis(5), v));
    assertDurations("closeLimit", v -> config(builder -> builder.closeLimit(v)));
    StreamConfig stream = StreamConfig.DEFAULT;
    assertDurations(
        "stream.batching",
        v ->
            new StreamConfig(
                stream.windowBytes(),
                stream.frameBytes(),
                v,
                stream.usageInterval(),
                stream.outageMemory()));
    assertDurations(
        "stream.usageInterval",
        v ->
            new StreamConfig(
                stream.windowBytes(),
                stream.frameBytes(),
                stream.batching(),
                v,
                stream.outageMemory()));
    assertDurations(
        "stream.outageMemory",
        v ->
            new StreamConfig(
                stream.windowBytes(),
                stream.frameBytes(),
                stream.batching(),
                stream.usageInterval(),
                v));
    assertDurations("bootHold", v -> SyncConfig.builder("c", new NodeId(1)).bootHold(v));
  }

  @Test
  void numbersHaveTheRangesOfThePage() {
    assertNumbers("heartbeat.missesAllowed", v -> heartbeat((int) v.longValue(), 5));
    assertNumbers("heartbeat.missesAllowedAlone", v -> heartbeat(4, (int) v.longValue()));
    StreamConfig stream = StreamConfig.DEFAULT;
    assertNumbers(
        "stream.windowBytes",
        v ->
            new StreamConfig(
                (int) v.longValue(),
                stream.frameBytes(),
                stream.batching(),
                stream.usageInterval(),
                stream.outageMemory()));
    assertNumbers(
        "stream.frameBytes",
        v ->
            new StreamConfig(
                stream.windowBytes(),
                (int) v.longValue(),
                stream.batching(),
                stream.usageInterval(),
                stream.outageMemory()));
    assertNumbers("links", v -> config(builder -> builder.links((int) v.longValue())));
    assertNumbers(
        "group.priority",
        v -> config(builder -> builder.group(new GroupId(1), (int) v.longValue())));
    assertNumbers("node", v -> new NodeId((int) v.longValue()));
    assertNumbers("group", v -> new GroupId((int) v.longValue()));
    assertNumbers("groupOfOthers", v -> new GroupId((int) v.longValue()));
  }

  private static HeartbeatConfig heartbeat(int misses, int alone) {
    Duration interval = HeartbeatConfig.DEFAULT.interval();
    return new HeartbeatConfig(interval, misses, alone, Duration.ofMillis(5), interval);
  }

  private void assertDurations(String setting, Consumer<Duration> set) {
    Duration low = duration(range(setting)[0]);
    Duration high = duration(range(setting)[1]);
    assertDoesNotThrow(() -> set.accept(low), setting);
    assertDoesNotThrow(() -> set.accept(high), setting);
    for (Duration wrong :
        List.of(low.minus(NS), high.plus(NS), Duration.ofSeconds(Long.MAX_VALUE))) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> set.accept(wrong)).getMessage();
      assertTrue(message.startsWith(setting + " is " + wrong + ", allowed are "), message);
      assertTrue(message.endsWith(low.toMillis() + " ms to " + high.toMillis() + " ms"), message);
    }
  }

  private void assertNumbers(String setting, Consumer<Long> set) {
    long low = number(range(setting)[0]);
    long high = number(range(setting)[1]);
    assertDoesNotThrow(() -> set.accept(low), setting);
    assertDoesNotThrow(() -> set.accept(high), setting);
    for (long wrong : new long[] {low - 1, high + 1}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> set.accept(wrong)).getMessage();
      assertTrue(message.contains(" " + wrong), message);
      assertTrue(message.contains(Long.toString(low)), message);
      assertTrue(message.contains(Long.toString(high)), message);
    }
  }

  /** Both ends are allowed, and what lies beyond them is not, where it can be written at all. */
  private <T> void assertLimits(String setting, Consumer<T> set, Function<String, T> parse) {
    T low = parse.apply(range(setting)[0]);
    T high = parse.apply(range(setting)[1]);
    assertDoesNotThrow(() -> set.accept(low), setting);
    assertDoesNotThrow(() -> set.accept(high), setting);
    for (T wrong : List.of(beyond(low, -1), beyond(high, 1))) {
      if (wrong.equals(-1L)) {
        continue; // no list is that short
      }
      String message =
          assertThrows(IllegalArgumentException.class, () -> set.accept(wrong)).getMessage();
      assertTrue(message.startsWith(setting + " "), message);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T> T beyond(T end, int step) {
    return (T) (end instanceof Duration d ? d.plus(NS.multipliedBy(step)) : (Long) end + step);
  }

  private void assertSwitch(String setting, boolean value) {
    assertEquals(value ? "on" : "off", page.get(setting).get(2), setting);
  }

  private void assertDefault(String setting, Object value) {
    String text = page.get(setting).get(2);
    assertEquals(value, value instanceof Duration ? duration(text) : (int) number(text), setting);
  }

  private String[] range(String setting) {
    return page.get(setting).get(1).split(" to ");
  }

  private static Duration duration(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    String[] parts = text.split(" ");
    long value = Long.parseLong(parts[0]);
    return switch (parts[1]) {
      case "ms" -> Duration.ofMillis(value);
      case "s" -> Duration.ofSeconds(value);
      case "min" -> Duration.ofMinutes(value);
      case "h" -> Duration.ofHours(value);
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static long number(String text) {
    String[] parts = text.split(" ");
    long unit = parts.length == 1 ? 1 : parts[1].equals("KiB") ? 1 << 10 : 1 << 20;
    return Long.parseLong(parts[0]) * unit;
  }

  private static List<String> components(String prefix, Class<? extends Record> type) {
    List<String> names = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      names.add(prefix + "." + component.getName());
    }
    return names;
  }

  private static SyncConfig config(Consumer<SyncConfig.Builder> settings) {
    SyncConfig.Builder builder =
        SyncConfig.builder("pair", new NodeId(1)).peer(new NodeId(2)).groupOfOthers(new GroupId(9));
    settings.accept(builder);
    return builder.build();
  }
}
