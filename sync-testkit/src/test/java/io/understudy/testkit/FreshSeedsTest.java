package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Simulations on seeds that nobody ran before: they follow from the commit's hash, so that a failure repeats. Without a repository they are
 * always the same.
 */
class FreshSeedsTest {
  private static final int SEEDS = 60;

  /** The rows are compared once in so many steps, and after each change. */
  private static final int WALK_EVERY = 16;

  private static final int HASH_DIGITS = 8;
  private static final String REF = "ref: ";

  @Test
  void everyPromiseHoldsOnTheSeedsOfThisCommit() {
    long first = first(commit(Path.of("").toAbsolutePath()));
    for (long seed = first; seed < first + SEEDS; seed++) {
      SimReport report = SimRun.of(seed, WALK_EVERY);
      assertFalse(report.isFailed(), report::toString);
    }
  }

  @Test
  void eachCommitHasSeedsOfItsOwn() {
    assertEquals(first("00000001aaaa"), first("00000001bbbb"));
    assertTrue(first("00000002aaaa") >= first("00000001aaaa") + SEEDS);
    assertTrue(first("") > 0);
  }

  private static long first(String commit) {
    long number =
        commit.length() < HASH_DIGITS ? 0 : Long.parseLong(commit.substring(0, HASH_DIGITS), 16);
    return 1_000_000_000L + number * SEEDS;
  }

  /** The hash of the commit that is checked out; empty: there is no repository. */
  private static String commit(Path from) {
    for (Path folder = from; folder != null; folder = folder.getParent()) {
      Path git = folder.resolve(".git");
      if (Files.exists(git)) {
        return head(git);
      }
    }
    return "";
  }

  private static String head(Path git) {
    Path own = git;
    if (Files.isRegularFile(git)) { // of a further working tree: it names its folder
      own = git.resolveSibling(text(git).substring("gitdir: ".length()));
    }
    String head = text(own.resolve("HEAD"));
    if (!head.startsWith(REF)) {
      return head;
    }
    String ref = head.substring(REF.length());
    Path common = own;
    if (Files.exists(own.resolve("commondir"))) {
      common = own.resolve(text(own.resolve("commondir")));
    }
    if (Files.exists(common.resolve(ref))) {
      return text(common.resolve(ref));
    }
    Path packed = common.resolve("packed-refs");
    if (!Files.exists(packed)) {
      return "";
    }
    return text(packed)
        .lines()
        .filter(line -> line.endsWith(" " + ref))
        .findFirst()
        .map(line -> line.substring(0, line.indexOf(' ')))
        .orElse("");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
