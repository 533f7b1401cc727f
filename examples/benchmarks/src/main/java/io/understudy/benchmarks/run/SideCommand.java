package io.understudy.benchmarks.run;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * One of the two processes of {@link RunCommand}: does what its standard input says, a line for each step, and answers with a line of
 * numbers or with {@code error} and the reason. Ends with its input.
 */
@Command(name = "side", hidden = true, description = "One process of the run command.")
public final class SideCommand implements Callable<Integer> {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  @Option(names = "--sessions", required = true)
  private int sessions;

  @Option(names = "--window", required = true)
  private int windowBytes;

  private RawSide raw;
  private NodeSide node;
  private long emptyHeapBytes;

  @Override
  public Integer call() throws IOException {
    BufferedReader steps =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream answers = System.out;
    for (String step = steps.readLine(); step != null; step = steps.readLine()) {
      try {
        String[] words = step.split(" ");
        answers.println("ok " + answer(words[0], words.length > 1 ? words[1] : "0"));
      } catch (IllegalStateException | UncheckedIOException e) { // its message says all
        answers.println("error " + firstLine(e.getMessage()));
      } catch (Exception | Error e) { // the other process shows it, and ends this one
        e.printStackTrace();
        answers.println("error " + firstLine(e.toString()));
      }
      answers.flush();
    }
    if (node != null) {
      node.close();
    }
    if (raw != null) {
      raw.close();
    }
    return 0;
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("no reason given");
  }

  private String answer(String step, String argument) throws InterruptedException {
    return switch (step) {
      case "raw-listen" -> {
        raw = new RawSide();
        yield "" + raw.listen(Integer.parseInt(argument));
      }
      case "raw-connect" -> {
        raw = new RawSide();
        raw.connect(Integer.parseInt(argument));
        yield "0";
      }
      case "raw-send" -> "" + raw.send(Long.parseLong(argument));
      case "standby" -> {
        emptyHeapBytes = heapBytes();
        node = new NodeSide(2, Integer.parseInt(argument), sessions, windowBytes);
        yield "" + node.port();
      }
      case "active" -> {
        emptyHeapBytes = heapBytes() + SessionLoad.BYTES_PER_SESSION * sessions; // the load's own
        node = new NodeSide(1, Integer.parseInt(argument), sessions, windowBytes);
        yield "0";
      }
      case "await-sync" -> join(node.awaitSync(Long.parseLong(argument)));
      case "arrive" -> {
        node.arrive(argument);
        yield "0";
      }
      case "pass" -> join(node.pass(argument));
      case "cpu" -> "" + SYSTEM.getProcessCpuTime();
      case "payload" -> "" + node.payloadBytes();
      case "heap" -> "" + (heapBytes() - emptyHeapBytes);
      case "hash" -> {
        TableHash hash = node.hash();
        long sum = hash.compute();
        yield sum + " " + hash.records();
      }
      default -> throw new IllegalArgumentException("unknown step");
    };
  }

  private static String join(long[] values) {
    return values[0] + " " + values[1];
  }

  /** Used heap when everything that can be collected was. */
  private static long heapBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
