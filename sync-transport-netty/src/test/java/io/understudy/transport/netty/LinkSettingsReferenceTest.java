package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.model.NodeId;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The page of settings names every setting of the link, with the defaults of the code. */
class LinkSettingsReferenceTest {
  private static final String PREFIX = "| `link.";

  /** Defaults by the name of the setting. */
  private final Map<String, String> page = new TreeMap<>();

  LinkSettingsReferenceTest() throws IOException {
    Path folder = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();
    while (!Files.exists(folder.resolve("docs/reference/settings.md"))) {
      folder = folder.getParent();
    }
    for (String line : Files.readAllLines(folder.resolve("docs/reference/settings.md"))) {
      if (line.startsWith(PREFIX)) {
        String[] cells = line.split("\\|");
        String name = cells[1].strip().replace("`", "").substring("link.".length());
        page.put(name, cells[3].strip());
      }
    }
  }

  @Test
  void everySettingIsOnThePageAndNoOther() {
    Set<String> expected = new TreeSet<>();
    for (RecordComponent component : NettyTransportConfig.class.getRecordComponents()) {
      expected.add(component.getName());
    }
    for (RecordComponent component : NettyLinkConfig.class.getRecordComponents()) {
      expected.add(component.getName());
    }
    expected.removeAll(Set.of("node", "links"));

    assertEquals(expected, page.keySet());
  }

  @Test
  void defaultsAreThoseOfTheCode() {
    NettyTransportConfig config =
        NettyTransportConfig.builder(new NodeId(2))
            .link(NettyFixture.loopback(0), Map.of(new NodeId(1), NettyFixture.loopback(0)))
            .insecurePlaintext(true)
            .build();

    assertEquals(text(config.backOffMin()), page.get("backOffMin"));
    assertEquals(text(config.backOffMax()), page.get("backOffMax"));
    assertEquals(text(config.connectTimeout()), page.get("connectTimeout"));
    assertEquals(text(config.silenceTimeout()), page.get("silenceTimeout"));
    assertEquals(text(config.dataBufferBytes()), page.get("dataBufferBytes"));
    assertEquals(text(config.heartbeatBufferBytes()), page.get("heartbeatBufferBytes"));
  }

  private static String text(Duration value) {
    return value.toMillis() < 1_000 ? value.toMillis() + " ms" : value.toSeconds() + " s";
  }

  private static String text(int bytes) {
    return bytes < 1 << 20 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
  }
}
