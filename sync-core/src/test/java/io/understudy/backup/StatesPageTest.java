package io.understudy.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.Fault;
import io.understudy.NodeStatus;
import io.understudy.track.TimeoutClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tables of docs/reference/states.md that repeat an enum. */
class StatesPageTest {
  @Test
  void reasonsOnThePageAreThoseOfTheEnum() throws IOException {
    List<String> expected =
        Arrays.stream(BackupReason.values())
            .map(reason -> "| " + reason + " | " + reason.code() + " | " + reason.sentence() + " |")
            .toList();

    assertEquals(expected, rowsAfter("## Reasons"));
  }

  @Test
  void timeoutsOnThePageAreThoseOfTheEnum() throws IOException {
    List<String> expected =
        Arrays.stream(TimeoutClass.values())
            .map(
                value ->
                    "| "
                        + value
                        + " | "
                        + value.code()
                        + " | "
                        + value.defaultSeconds()
                        + " | "
                        + (value.translatedSeconds() == 0 ? "" : value.translatedSeconds())
                        + " |")
            .toList();

    assertEquals(expected, rowsAfter("## Idle timeouts"));
  }

  @Test
  void peerStatesOnThePageAreThoseOfTheEnum() throws IOException {
    List<String> expected = Arrays.stream(NodeStatus.PeerState.values()).map(Enum::name).toList();

    List<String> named =
        rowsAfter("## Peers").stream().map(row -> row.split("\\|")[1].strip()).toList();
    assertEquals(expected, named);
  }

  @Test
  void faultsOnThePageAreThoseOfTheEnum() throws IOException {
    List<String> expected = Arrays.stream(Fault.Kind.values()).map(Enum::name).toList();

    List<String> named =
        rowsAfter("## Faults").stream().map(row -> row.split("\\|")[1].strip()).toList();
    assertEquals(expected, named);
  }

  private static List<String> rowsAfter(String heading) throws IOException {
    List<String> lines = Files.readAllLines(page());
    return lines.stream()
        .dropWhile(line -> !line.equals(heading))
        .dropWhile(line -> !line.startsWith("|---"))
        .skip(1)
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }

  private static Path page() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("docs"))) {
      directory = directory.getParent();
    }
    return directory.resolve("docs/reference/states.md");
  }
}
