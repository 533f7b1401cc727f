package io.understudy.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.Pages;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The page of settings names every setting, and its ranges and defaults are those of the code. */
class SettingsReferenceTest {
  private static final Duration NS = Duration.ofNanos(1);

  private final Map<String, List<String>> page = new HashMap<>();

  SettingsReferenceTest() {
    for (List<String> row : Pages.rows("reference/settings.md")) {
      page.put(row.get(0), row);
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
    expected.addAll(Set.of("cluster", "node"));

    assertEquals(expected, new TreeSet<>(page.keySet()));
  }

  @Test
  void defaultsAreThoseOfTheCode() {
    SyncConfig config = config(builder -> {});
    assertDefault("heartbeat.interval", config.heartbeat().interval());
    assertDefault("heartbeat.missesAllowed", config.heartbeat().missesAllowed());
    assertDefault("stream.windowBytes", config.stream().windowBytes());
    assertDefault("stream.batching", config.stream().batching());
    assertDefault("stream.usageInterval", config.stream().usageInterval());
    assertDefault("stream.outageMemory", config.stream().outageMemory());
    assertDefault("links", config.links());
    assertDefault("bootHold", config.bootHold());
  }

  @Test
  void durationsHaveTheRangesOfThePage() {
    assertDurations(
        "heartbeat.interval", v -> new HeartbeatConfig(v, HeartbeatConfig.DEFAULT.missesAllowed()));
    StreamConfig stream = StreamConfig.DEFAULT;
    assertDurations(
        "stream.batching",
        v ->
            new StreamConfig(
                stream.windowBytes(), v, stream.usageInterval(), stream.outageMemory()));
    assertDurations(
        "stream.usageInterval",
        v -> new StreamConfig(stream.windowBytes(), stream.batching(), v, stream.outageMemory()));
    assertDurations(
        "stream.outageMemory",
        v -> new StreamConfig(stream.windowBytes(), stream.batching(), stream.usageInterval(), v));
    assertDurations("bootHold", v -> config(builder -> builder.bootHold(v)));
  }

  @Test
  void numbersHaveTheRangesOfThePage() {
    assertNumbers(
        "heartbeat.missesAllowed",
        v -> new HeartbeatConfig(HeartbeatConfig.DEFAULT.interval(), (int) v.longValue()));
    StreamConfig stream = StreamConfig.DEFAULT;
    assertNumbers(
        "stream.windowBytes",
        v ->
            new StreamConfig(
                (int) v.longValue(),
                stream.batching(),
                stream.usageInterval(),
                stream.outageMemory()));
    assertNumbers("links", v -> config(builder -> builder.links((int) v.longValue())));
    assertNumbers(
        "group", v -> config(builder -> builder.group(new GroupId(1), (int) v.longValue())));
    assertNumbers("node", v -> new NodeId((int) v.longValue()));
    assertNumbers("groupOfOthers", v -> new GroupId((int) v.longValue()));
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
