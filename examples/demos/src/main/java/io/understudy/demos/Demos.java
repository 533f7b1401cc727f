package io.understudy.demos;

import io.understudy.demos.faults.FaultsCommand;
import io.understudy.demos.replay.AsymmetricCommand;
import io.understudy.demos.replay.ReplayCommand;
import io.understudy.demos.replay.Story;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root command of the demos jar: each demo is a subcommand. */
@Command(
    name = "understudy-demos",
    mixinStandardHelpOptions = true,
    versionProvider = Demos.Version.class,
    subcommands = {
      ReplayCommand.class,
      AsymmetricCommand.class,
      QuickStart.class,
      Simulate.class,
      FaultsCommand.class
    },
    description = "Runs the demos of the Understudy library.")
public final class Demos implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs the demo that the arguments name and exits with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /**
   * The command line. A wrong one gets one line on standard error and exit code 2; so does, with exit code 1, what could not be done
   * for a reason outside of the program. What nobody expected keeps its stack trace.
   */
  static CommandLine commandLine() {
    return new CommandLine(new Demos())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (e, args) -> {
              CommandLine command = e.getCommandLine();
              String name = command.getCommandSpec().qualifiedName();
              command
                  .getErr()
                  .println(name + ": " + e.getMessage() + "; see '" + name + " --help'");
              return CommandLine.ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (e, command, result) -> {
              if (!(e instanceof UncheckedIOException) && !(e instanceof DemoFailure)) {
                throw e;
              }
              command
                  .getErr()
                  .println(command.getCommandSpec().qualifiedName() + ": " + e.getMessage());
              return CommandLine.ExitCode.SOFTWARE;
            });
  }

  /** Without a subcommand: replays the bundled capture and says what is to be seen. */
  @Override
  public void run() {
    try {
      new Story(spec.commandLine().getOut()).tell();
    } catch (IOException e) {
      throw new UncheckedIOException("the bundled capture cannot be read", e);
    }
  }

  /** The version in the manifest of the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Demos.class.getPackage().getImplementationVersion();
      return new String[] {"understudy-demos " + (version == null ? "(not packaged)" : version)};
    }
  }
}
