package io.understudy.benchmarks.run;

import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a child process says beside its answers: warnings of its JVM and the reason of its end.
 *
 * <p>Shape: the first lines are passed on as they come, of the others only the last are kept, for {@link #finish}; a long line is cut.
 * <p>Thread: any.
 */
final class ChildOutput {
  static final int FIRST_LINES = 20;
  static final int LAST_LINES = 20;
  static final int LINE_CHARS = 400;

  private final String name;
  private final PrintWriter out;
  private final Deque<String> last = new ArrayDeque<>();
  private long lines;

  ChildOutput(String name, PrintWriter out) {
    this.name = name;
    this.out = out;
  }

  synchronized void add(String line) {
    String cut =
        line.length() > LINE_CHARS ? line.substring(0, LINE_CHARS) + " ..." : line.stripTrailing();
    lines++;
    if (lines <= FIRST_LINES) {
      print(cut);
      return;
    }
    if (last.size() == LAST_LINES) {
      last.removeFirst();
    }
    last.addLast(cut);
  }

  /** Passes on what was kept, and how many lines were not. */
  synchronized void finish() {
    long leftOut = lines - FIRST_LINES - last.size();
    if (leftOut > 0) {
      print("(" + leftOut + " lines left out)");
    }
    last.forEach(this::print);
    last.clear();
    lines = 0;
  }

  private void print(String line) {
    out.println(name + ": " + line);
    out.flush();
  }
}
