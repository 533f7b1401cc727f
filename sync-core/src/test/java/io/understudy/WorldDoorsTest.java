package io.understudy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A node repeats from a seed because whatever could differ between two runs enters by few doors; here they are. */
class WorldDoorsTest {
  private static final Map<String, Set<String>> DOORS =
      Map.of(
          // time
          "System\\s*(\\.|::)\\s*(nanoTime|currentTimeMillis)|\\bInstant\\b|\\bClock\\b"
              + "|LocalDate|LocalTime|ZonedDateTime|OffsetDateTime",
          Set.of("runtime/NanoClock.java"),
          // chance
          "SecureRandom",
          Set.of("runtime/Entropy.java"),
          "java\\.util\\.(Random|SplittableRandom)|\\bRandom\\b|ThreadLocalRandom|SplittableRandom"
              + "|Math\\.random|randomUUID|identityHashCode|Collections\\.shuffle",
          Set.of(),
          // threads; waiting for a partition's lock is not one, nor is the interface Executor: an
          // embedder or a transport makes
          // it, the core only hands it what to call
          "new\\s+Thread\\b|extends\\s+Thread\\b|Thread\\.(sleep|start)|\\bExecutors\\b|\\w+Executor\\b"
              + "|ExecutorService|ForkJoinPool|CompletableFuture|\\bTimer\\b|parallelStream",
          Set.of(),
          "LockSupport|Thread\\.(yield|onSpinWait)",
          Set.of("table/Partition.java"),
          // files
          "java\\.nio\\.file|java\\.io\\.File|FileChannel|RandomAccessFile|File(In|Out)putStream",
          Set.of("runtime/FileStore.java"),
          // sockets and names
          "\\w*Socket\\w*|java\\.nio\\.channels\\.(?!FileChannel)|NetworkInterface|DatagramChannel"
              + "|getByName|getLocalHost|getAllByName|URL\\b|HttpClient",
          Set.of(),
          // the process around
          "System\\.(getenv|getProperty|exit|in|out|err)\\b|Runtime\\.getRuntime|ProcessHandle"
              + "|ManagementFactory",
          Set.of());

  @Test
  void theWorldEntersByItsDoorsOnly() {
    TreeSet<String> wrong = new TreeSet<>();
    DOORS.forEach(
        (pattern, allowed) -> {
          Pattern door = Pattern.compile(pattern);
          Sources.code()
              .forEach(
                  (name, code) -> {
                    if (!allowed.contains(name)) {
                      door.matcher(code)
                          .results()
                          .forEach(found -> wrong.add(name + ": " + found.group()));
                    }
                  });
        });

    assertEquals(Set.of(), wrong);
  }

  @Test
  void everyDoorIsStillThere() {
    DOORS.forEach(
        (pattern, allowed) -> {
          for (String name : allowed) {
            String code = Sources.code().getOrDefault(name, "");
            assertTrue(
                Pattern.compile(pattern).matcher(code).find(), name + " is no door: " + pattern);
          }
        });
  }

  @Test
  void commentsAndTextsAreNotMistakenForCode() {
    String source =
        "int a; // System.nanoTime()\n/* new Thread */ String s = \"a \\\" // SecureRandom\";";

    assertEquals(
        List.of("int a;", "String s = \"\";"),
        List.of(Sources.strip(source).trim().split("\\s*\\n\\s*")));
  }
}
