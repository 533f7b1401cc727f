package io.understudy.benchmarks;

import io.understudy.benchmarks.run.RunCommand;
import io.understudy.benchmarks.run.SideCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root command of the benchmarks jar: each set of benchmarks is a subcommand. */
@Command(
    name = "understudy-benchmarks",
    mixinStandardHelpOptions = true,
    versionProvider = Benchmarks.Version.class,
    subcommands = {RunCommand.class, SideCommand.class, JmhCommand.class},
    description = "Runs the benchmarks of the Understudy library.")
public final class Benchmarks implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs the benchmarks that the arguments name and exits with their exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** What a user types wrong is answered in one line, with exit code 2. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Benchmarks());
    line.setParameterExceptionHandler(
        (mistake, args) -> {
          String message = mistake.getMessage().lines().findFirst().orElse("wrong arguments");
          line.getErr().println("understudy-benchmarks: " + message + "; see --help");
          return CommandLine.ExitCode.USAGE;
        });
    return line;
  }

  /** Without a subcommand there is nothing to run: prints the usage. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** The version in the manifest of the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Benchmarks.class.getPackage().getImplementationVersion();
      return new String[] {
        "understudy-benchmarks " + (version == null ? "(not packaged)" : version)
      };
    }
  }
}
