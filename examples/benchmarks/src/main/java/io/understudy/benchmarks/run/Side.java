package io.understudy.benchmarks.run;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A child process of the run command, asked step by step.
 *
 * <p>Thread: the command's.
 * <p>Errors: {@link BenchmarkFailure} when a step fails, takes too long, or the process ends; whatever else the process said, on either
 * stream, was printed before, within the bounds of {@link ChildOutput}.
 */
final class Side implements AutoCloseable {
  private static final long LIMIT_S = 330;
  private static final long END_LIMIT_S = 5;
  private static final String TASKSET = "taskset";
  private static final String OK = "ok ";
  private static final String ERROR = "error ";
  private static final String ENDED = "ended";

  private final String name;
  private final Process process;
  private final ChildOutput output;
  private final BufferedWriter steps;
  private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(16);
  private final Thread answerReader;
  private final Thread errorReader;
  private final long startedNs = System.nanoTime();

  private Side(String name, Process process, ChildOutput output) {
    this.name = name;
    this.process = process;
    this.output = output;
    steps =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    answerReader = reader("answers of the " + name, this::readAnswers);
    errorReader =
        reader("errors of the " + name, () -> readLines(process.getErrorStream(), output::add));
  }

  private static Thread reader(String name, Runnable task) {
    Thread reader = new Thread(task, name);
    reader.setDaemon(true);
    reader.start();
    return reader;
  }

  /** Starts a JVM like this one with the same classes, on one core if the machine can be told so. */
  static Side start(String name, int core, RunOptions options, PrintWriter progress)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (isPinned()) {
      command.addAll(List.of(TASKSET, "-c", Integer.toString(core)));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(
        "-XX:+ExitOnOutOfMemoryError"); // on whatever thread: nobody would wait for it any longer
    command.addAll(options.jvmArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.understudy.benchmarks.Benchmarks", "side"));
    command.addAll(List.of("--sessions", Integer.toString(options.sessions())));
    command.addAll(List.of("--window", Integer.toString(options.windowBytes())));
    return new Side(name, new ProcessBuilder(command).start(), new ChildOutput(name, progress));
  }

  /** There is a taskset to pin with, and more than one core. */
  static boolean isPinned() {
    String path = System.getenv("PATH");
    return Runtime.getRuntime().availableProcessors() > 1
        && path != null
        && Arrays.stream(path.split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, TASKSET)));
  }

  long startedNs() {
    return startedNs;
  }

  /** Does a step and answers its numbers. */
  long[] ask(String step) throws InterruptedException {
    tell(step);
    return await(step);
  }

  /** Begins a step. */
  void tell(String step) throws InterruptedException {
    try {
      steps.write(step);
      steps.newLine();
      steps.flush();
    } catch (IOException e) {
      throw ended(step);
    }
  }

  long[] await(String step) throws InterruptedException {
    String answer = answers.poll(LIMIT_S, TimeUnit.SECONDS);
    if (answer == null) {
      output.finish();
      throw new BenchmarkFailure(name + ": " + step + ": took more than " + LIMIT_S + " s");
    }
    if (answer.equals(ENDED)) {
      throw ended(step);
    }
    if (answer.startsWith(ERROR)) {
      output.finish();
      throw new BenchmarkFailure(name + ": " + step + ": " + answer.substring(ERROR.length()));
    }
    return Arrays.stream(answer.substring(OK.length()).split(" "))
        .mapToLong(Long::parseLong)
        .toArray();
  }

  /** The failure of a process that is no longer there. What it said until then is printed first. */
  private BenchmarkFailure ended(String step) throws InterruptedException {
    boolean hasExited = process.waitFor(END_LIMIT_S, TimeUnit.SECONDS);
    finishOutput();
    return new BenchmarkFailure(
        name
            + ": "
            + step
            + ": the process "
            + (hasExited ? "ended with exit code " + process.exitValue() : "listens no more"));
  }

  /** Prints the rest of what the process said, which has ended. */
  private void finishOutput() throws InterruptedException {
    answerReader.join(TimeUnit.SECONDS.toMillis(END_LIMIT_S));
    errorReader.join(TimeUnit.SECONDS.toMillis(END_LIMIT_S));
    output.finish();
  }

  /** The virtual machine writes to standard output too: what is no answer is passed on. */
  private void readAnswers() {
    readLines(
        process.getInputStream(),
        line -> {
          if (line.startsWith(OK) || line.startsWith(ERROR)) {
            answers.add(line);
          } else {
            output.add(line);
          }
        });
    answers.add(ENDED);
  }

  private static void readLines(InputStream stream, Consumer<String> to) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        to.accept(line);
      }
    } catch (IOException e) {
      // the process was killed: there is no more to read
    }
  }

  /** Ends the process: in order if it does within two seconds. */
  @Override
  public void close() {
    try {
      endInput();
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        kill();
      }
      finishOutput();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void endInput() {
    try {
      steps.close();
    } catch (IOException e) {
      process.destroyForcibly(); // it reads no more
    }
  }

  /** Ends the process at once. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }
}
