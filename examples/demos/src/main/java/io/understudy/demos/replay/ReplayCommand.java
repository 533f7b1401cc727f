package io.understudy.demos.replay;

import io.understudy.backup.NodeAddresses;
import io.understudy.testkit.packet.CaptureFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code replay}: captures through a hot-standby pair, and what was backed up. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = "Replays capture files through a hot-standby pair of firewalls.")
public final class ReplayCommand implements Callable<Integer> {
  private static final int BAD_INPUT = 2;
  private static final int MAX_DELAY_MS = 900; // above, HELLO is not agreed in its 2 s

  @Spec private CommandSpec spec;

  @Option(
      names = "--mode",
      paramLabel = "normal|quick",
      defaultValue = "normal",
      description =
          "When a session is backed up: normal (default), or quick, with its first packet.")
  private String mode;

  @Option(
      names = "--takeover-at",
      paramLabel = "0..100",
      description = "Cut the active off after so many per cent of the packets.")
  private Integer takeoverAt;

  @Option(names = "--settle", description = "Before the cut, wait until nothing is unacknowledged.")
  private boolean settle;

  @Option(
      names = "--paths",
      paramLabel = "a:b",
      description = "Forward traffic meets member a, return traffic member b.")
  private String paths;

  @Option(
      names = "--local",
      split = ",",
      paramLabel = "ADDR",
      description = "Addresses of the firewall itself; sessions with them are not backed up.")
  private List<String> local = new ArrayList<>();

  @Option(
      names = "--link-delay",
      paramLabel = "MS",
      description = "Use a simulated link of this delay, 0 to 900 ms, on the capture's clock.")
  private Integer linkDelay;

  @Option(names = "--ageing", description = "End sessions that are idle too long.")
  private boolean ageing;

  @Option(names = "--vlan-vsys", description = "The outermost VLAN id is the vsys.")
  private boolean vlanVsys;

  @Option(names = "--packets", description = "What became of each packet, before the file's row.")
  private boolean packets;

  @Option(names = "--json", description = "One JSON object per file and line.")
  private boolean json;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Captures: pcap or pcapng.")
  private List<Path> files;

  @Override
  public Integer call() {
    ReplayOptions options = options();
    Replay.logNothing();
    PrintWriter out = spec.commandLine().getOut();
    TextReport table = new TextReport(out);
    if (!json) {
      table.begin(options);
    }
    int exitCode = 0;
    for (Path file : files) {
      try {
        FileReport report =
            Replay.run(file.toString(), new FileSource(file), options, told(out, table));
        if (json) {
          out.println(JsonReport.of(report));
          warn(report);
        } else {
          table.add(report);
        }
        out.flush();
      } catch (IOException e) {
        out.flush();
        spec.commandLine().getErr().println(message(file, e));
        spec.commandLine().getErr().flush();
        exitCode = BAD_INPUT;
      }
    }
    if (!json) {
      table.end();
    }
    return exitCode;
  }

  private Consumer<PacketReport> told(PrintWriter out, TextReport table) {
    if (!packets) {
      return packet -> {};
    }
    return json ? packet -> out.println(JsonReport.of(packet)) : table::add;
  }

  /** What the table says below a file's row and the JSON has no field for. */
  private void warn(FileReport report) {
    PrintWriter err = spec.commandLine().getErr();
    if (report.unprotected() > 0) {
      err.println(
          report.file()
              + ": the session table was full; "
              + report.unprotected()
              + " packets passed without a session");
    }
    if (report.settleTimeouts() > 0) {
      err.println(
          report.file()
              + ": acknowledgements took longer than 2 s, "
              + report.settleTimeouts()
              + " times; the replay went on");
    }
    err.flush();
  }

  /** A capture on disk. */
  private record FileSource(Path file) implements Replay.Source {
    @Override
    public InputStream open() throws IOException {
      if (Files.isDirectory(file)) {
        throw new IOException("it is a directory");
      }
      return Files.newInputStream(file);
    }

    @Override
    public long bytes() throws IOException {
      return Files.size(file);
    }
  }

  private static String message(Path file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return file + ": there is no such file; not read";
    }
    return e instanceof CaptureFormatException
        ? e.getMessage()
        : file + ": cannot be read, " + e.getMessage();
  }

  private ReplayOptions options() {
    if (!mode.equals("normal") && !mode.equals("quick")) {
      throw bad("--mode " + mode + " is neither normal nor quick");
    }
    if (takeoverAt != null && (takeoverAt < 0 || takeoverAt > 100)) {
      throw bad("--takeover-at " + takeoverAt + " is outside 0..100");
    }
    if (settle && takeoverAt == null) {
      throw bad("--settle means nothing without --takeover-at");
    }
    if (paths != null && !paths.equals("a:b")) {
      throw bad("--paths " + paths + " is not a:b");
    }
    if (paths != null && takeoverAt != null) {
      throw bad("--paths and --takeover-at exclude each other");
    }
    if (linkDelay != null && (linkDelay < 0 || linkDelay > MAX_DELAY_MS)) {
      throw bad("--link-delay " + linkDelay + " is outside 0.." + MAX_DELAY_MS + " ms");
    }
    return new ReplayOptions(
        mode.equals("quick"),
        takeoverAt == null ? ReplayOptions.NO_TAKEOVER : takeoverAt,
        settle,
        paths != null,
        addresses(),
        linkDelay == null ? ReplayOptions.REAL_LINK : linkDelay,
        paths != null && linkDelay != null, // otherwise the replay waits for the link itself
        ageing,
        vlanVsys,
        packets);
  }

  private NodeAddresses addresses() {
    List<InetAddress> addresses = new ArrayList<>();
    for (String text : local) {
      boolean looksLikeOne = text.indexOf(':') >= 0 || text.matches("\\d{1,3}(\\.\\d{1,3}){3}");
      try {
        if (!looksLikeOne) { // names are not looked up
          throw new UnknownHostException(text);
        }
        addresses.add(InetAddress.getByName(text));
      } catch (UnknownHostException e) {
        throw bad("--local " + text + " is no IP address");
      }
    }
    return NodeAddresses.of(addresses);
  }

  private ParameterException bad(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
