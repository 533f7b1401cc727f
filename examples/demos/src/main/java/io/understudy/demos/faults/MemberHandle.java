package io.understudy.demos.faults;

import io.understudy.Fault;
import io.understudy.demos.DemoFailure;
import io.understudy.demos.faults.DecisionRuns.Run;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The hand on one member's process: gives commands, stops, continues and kills it, by its id.
 *
 * <p>Thread: one.
 */
final class MemberHandle implements AutoCloseable {
  private static final String LOG_LEVEL = "understudy.faults.log";

  private final Process process;
  private final BufferedReader says;
  private final String name;

  private MemberHandle(String name, Process process) {
    this.name = name;
    this.process = process;
    says = process.inputReader(StandardCharsets.US_ASCII);
  }

  /** Starts a member and answers when it is ready. */
  static MemberHandle start(MemberOptions options, String... jvmOptions) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1"); // starts soon; what is measured here waits for clocks
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=" + System.getProperty(LOG_LEVEL, "off"));
    command.addAll(List.of(jvmOptions));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(MemberProcess.class.getName());
    command.addAll(options.arguments());
    try {
      MemberHandle member =
          new MemberHandle(
              "member " + options.id(),
              new ProcessBuilder(command).redirectError(errors()).start());
      member.expect("ready");
      return member;
    } catch (IOException e) {
      throw new UncheckedIOException("a member's process cannot be started", e);
    }
  }

  /** What the members log is of interest to whoever asked for a level. */
  private static ProcessBuilder.Redirect errors() {
    return System.getProperty(LOG_LEVEL) == null
        ? ProcessBuilder.Redirect.DISCARD
        : ProcessBuilder.Redirect.INHERIT;
  }

  /** Gives a command and answers the line that came back. */
  String tell(String command) {
    try {
      process.outputWriter(StandardCharsets.US_ASCII).append(command).append('\n').flush();
      return line();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not take \"" + command + "\"", e);
    }
  }

  private void expect(String word) {
    String line = line();
    if (!line.equals(word)) {
      throw new DemoFailure(name + " said \"" + line + "\" in place of " + word);
    }
  }

  private String line() {
    try {
      String line = says.readLine();
      if (line == null) {
        throw new DemoFailure(name + " ended by itself");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be heard", e);
    }
  }

  /** Role, right, connection, whether everything is acknowledged, number of sessions. */
  Status status() {
    String[] words = tell("status").split(" ");
    return new Status(
        words[0],
        Boolean.parseBoolean(words[1]),
        Boolean.parseBoolean(words[2]),
        Boolean.parseBoolean(words[3]),
        Long.parseLong(words[4]));
  }

  /** What a member says of itself. */
  record Status(
      String role, boolean mayDecide, boolean isConnected, boolean isFlushed, long sessions) {}

  /** When it might decide, since it started. */
  List<Run> runs() {
    String[] words = tell("runs").split(" ");
    List<Run> runs = new ArrayList<>();
    for (int i = 3; i < words.length; i += 2) {
      runs.add(new Run(Long.parseLong(words[i]), Long.parseLong(words[i + 1])));
    }
    return runs;
  }

  /** How often its right to decide ended, since it started. */
  int lapses() {
    return Integer.parseInt(tell("runs").split(" ")[1]);
  }

  /** True answers that took longer than a batch, since it started: they count for nothing. */
  int overlong() {
    return Integer.parseInt(tell("runs").split(" ")[2]);
  }

  /** How often its role changed, since it started. */
  int roles() {
    return Integer.parseInt(tell("news").split(" ")[1]);
  }

  /** How often its listener was told that a fault of this kind began, since it started. */
  int begun(Fault.Kind kind) {
    return Integer.parseInt(tell("news").split(" ")[2 + kind.ordinal()]);
  }

  /** When everything that it owed its peer was acknowledged last. */
  long flushedNs() {
    return Long.parseLong(tell("flushed").split(" ")[1]);
  }

  /** SIGSTOP: every thread of the process stands still. */
  void stop() {
    signal("STOP");
  }

  /** SIGCONT. */
  void goOn() {
    signal("CONT");
  }

  private void signal(String signal) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
              .inheritIO()
              .start()
              .waitFor();
      if (code != 0) {
        throw new DemoFailure("kill -" + signal + " of " + name + " ended with code " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the command kill is needed", e);
    } catch (InterruptedException e) {
      throw new DemoFailure("interrupted");
    }
  }

  /** SIGKILL; answers when the process is gone. */
  void kill() {
    process.toHandle().destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
