package io.understudy.benchmarks;

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
    description = "Runs the benchmarks of the Understudy library.")
public final class Benchmarks implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs the benchmarks that the arguments name and exits with their exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Benchmarks()).execute(args));
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
