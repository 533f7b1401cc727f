package io.understudy.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Runs the JMH benchmarks; all arguments go to JMH, {@code -h} lists them. */
@Command(
    name = "jmh",
    description = "Runs the JMH benchmarks; arguments are JMH's, for example: jmh Publish -f 1")
final class JmhCommand implements Callable<Integer> {
  @Unmatched private final List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Main.main(arguments.toArray(new String[0]));
    return 0;
  }
}
