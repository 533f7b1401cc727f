package io.understudy.demos;

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
    subcommands = {ReplayCommand.class, AsymmetricCommand.class, QuickStart.class, Simulate.class},
    description = "Runs the demos of the Understudy library.")
public final class Demos implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs the demo that the arguments name and exits with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command line; a wrong one gets one line on standard error and exit code 2. */
  static CommandLine commandLine() {
    return new CommandLine(new Demos())
        .setParameterExceptionHandler(
            (e, args) -> {
              CommandLine command = e.getCommandLine();
              command.getErr().println(command.getCommandName() + ": " + e.getMessage());
              return CommandLine.ExitCode.USAGE;
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
