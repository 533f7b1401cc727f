package io.understudy.benchmarks.run;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** A child process of the run command, asked step by step. Thread: the command's. */
final class Side implements AutoCloseable {
  private static final long LIMIT_S = 330;
  private static final String TASKSET = "taskset";

  private final String name;
  private final Process process;
  private final BufferedWriter steps;
  private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(16);
  private final long startedNs = System.nanoTime();

  private Side(String name, Process process) {
    this.name = name;
    this.process = process;
    steps =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    Thread reader = new Thread(this::read, "answers of the " + name);
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts a JVM like this one with the same classes, on one core if the machine can be told so. */
  static Side start(String name, int core, RunOptions options) throws IOException {
    List<String> command = new ArrayList<>();
    if (isPinned()) {
      command.addAll(List.of(TASKSET, "-c", Integer.toString(core)));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options.jvmArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.understudy.benchmarks.Benchmarks", "side"));
    command.addAll(List.of("--sessions", Integer.toString(options.sessions())));
    command.addAll(List.of("--window", Integer.toString(options.windowBytes())));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new Side(name, builder.start());
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
  void tell(String step) {
    try {
      steps.write(step);
      steps.newLine();
      steps.flush();
    } catch (IOException e) {
      throw new BenchmarkFailure("the " + name + " process is gone (" + e.getMessage() + ")");
    }
  }

  long[] await(String step) throws InterruptedException {
    String answer = answers.poll(LIMIT_S, TimeUnit.SECONDS);
    if (answer == null) {
      throw new BenchmarkFailure(name + ": " + step + " took more than " + LIMIT_S + " s");
    }
    if (!answer.startsWith("ok ")) {
      throw new BenchmarkFailure(name + ": " + answer);
    }
    return Arrays.stream(answer.substring(3).split(" ")).mapToLong(Long::parseLong).toArray();
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        answers.add(line);
      }
    } catch (IOException e) {
      answers.add("error " + e.getMessage());
    }
    answers.offer("error the process ended");
  }

  /** Ends the process: in order if it does within two seconds. */
  @Override
  public void close() {
    try {
      steps.close();
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the process at once. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }
}
