package io.understudy.demos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.packet.CaptureWriter;
import io.understudy.testkit.packet.LinkType;
import io.understudy.testkit.packet.PacketBuilder;
import io.understudy.testkit.packet.Segment;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class DemosTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    CommandLine command = Demos.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return command.execute(args);
  }

  private static Path bundled(Path folder) throws IOException {
    return Files.write(folder.resolve("bundled.pcap"), BundledCapture.bytes());
  }

  @Test
  void theBundledCaptureIsWhatItsGeneratorWrites() throws IOException {
    try (InputStream resource = Demos.class.getResourceAsStream("bundled.pcap")) {
      assertArrayEquals(BundledCapture.bytes(), resource.readAllBytes());
    }
  }

  @Test
  void withoutArgumentsTheStoryIsTold() {
    assertEquals(0, run());

    String story = out.toString();
    assertTrue(story.contains("1 MULTICAST, 1 MODE_NORMAL_ICMP"), story);
    assertTrue(story.contains("The standby went on with 6 sessions"), story);
    assertTrue(story.contains("6 sessions taken, 0 lost"), story);
  }

  @Test
  void jsonHasTheFieldsOfTheContract(@TempDir Path folder) throws IOException {
    Path file = bundled(folder);

    assertEquals(0, run("replay", "--mode", "quick", "--json", file.toString()));

    String json = out.toString().strip();
    assertTrue(
        json.startsWith(
            "{\"file\": \""
                + file
                + "\", \"mode\": \"quick\", \"packets\": 108, \"malformed\": 0, \"undecoded\": 0,"
                + " \"truncatedFile\": false, \"sessions\": {\"tcp\": 5, \"udp\": 4, \"icmp\": 1, \"sctp\": 1,"
                + " \"other\": 0}, \"backedUp\": {\"tcp\": 5, \"udp\": 3, \"icmp\": 1, \"sctp\": 1,"
                + " \"other\": 0}, \"excluded\": {\"MULTICAST\": 1}, \"identical\": true, \"link\":"
                + " {\"creates\": "),
        json);
    assertTrue(json.endsWith("\"paths\": null, \"takeover\": null}"), json);
  }

  @Test
  void aTruncatedCaptureIsReplayedUpToThere(@TempDir Path folder) throws IOException {
    byte[] whole = BundledCapture.bytes();
    Path file = Files.write(folder.resolve("cut.pcap"), Arrays.copyOf(whole, whole.length - 5));

    assertEquals(0, run("replay", "--json", file.toString()));

    assertTrue(
        out.toString()
            .contains(
                "\"packets\": 107, \"malformed\": 0, \"undecoded\": 0, \"truncatedFile\": true"),
        out::toString);
  }

  @Test
  void whatIsNoCaptureGetsOneLineAndTheOthersGoOn(@TempDir Path folder) throws IOException {
    Path text = Files.writeString(folder.resolve("notes.txt"), "this is not a capture at all");
    Path absent = folder.resolve("absent.pcap");

    int exitCode =
        run(
            "replay",
            "--json",
            text.toString(),
            absent.toString(),
            folder.toString(),
            bundled(folder).toString());

    assertEquals(2, exitCode);
    assertEquals(3, err.toString().lines().count(), err::toString);
    assertTrue(err.toString().contains("notes.txt: begins with 0x74686973"), err::toString);
    assertTrue(err.toString().contains("absent.pcap: there is no such file"), err::toString);
    assertEquals(1, out.toString().lines().count());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--mode slow",
        "--takeover-at 101",
        "--takeover-at x",
        "--paths b:a",
        "--local host.example",
        "--link-delay -1",
        "--link-delay 901",
        "--unknown",
        "--settle",
        "--paths a:b --takeover-at 50"
      })
  void aWrongCommandLineGetsOneLineAndExitCode2(String options, @TempDir Path folder)
      throws IOException {
    String[] args = ("replay " + options + " " + bundled(folder)).split(" ");

    assertEquals(2, run(args));
    assertEquals(1, err.toString().lines().count(), err::toString);
    assertTrue(err.toString().contains("see 'understudy-demos replay --help'"), err::toString);
  }

  @Test
  void theLongestLinkDelayLetsThePairComeTogether(@TempDir Path folder) throws IOException {
    assertEquals(0, run("replay", "--json", "--link-delay", "900", bundled(folder).toString()));

    assertTrue(out.toString().contains("\"identical\": true"), out::toString);
  }

  @Test
  void aDemoThatCannotGoOnSaysSoInOneLine() {
    CommandLine command = Demos.commandLine();
    command.addSubcommand("hopeless", new Hopeless());
    command.setErr(new PrintWriter(err, true)); // also its subcommands'

    assertEquals(1, command.execute("hopeless"));
    assertEquals("understudy-demos hopeless: no way; giving up", err.toString().strip());
  }

  @Command
  static final class Hopeless implements Runnable {
    @Override
    public void run() {
      throw new DemoFailure("no way; giving up");
    }
  }

  /** 140,000 UDP packets of as many sessions: more than the smallest table takes. */
  @Test
  void everySessionOfALargeCaptureFindsRoom(@TempDir Path folder) throws IOException {
    int count = 140_000;
    Path file = folder.resolve("scan.pcap");
    try (CaptureWriter writer = CaptureWriter.create(file, LinkType.RAW, TimeUnit.MICROSECONDS)) {
      byte[] query =
          PacketBuilder.between("10.0.0.1", "192.0.2.53").carry(Segment.udp(1, 53)).ipPacket();
      for (int i = 0; i < count; i++) {
        query[14] = (byte) (i >>> 8); // the source address; its checksum is not looked at
        query[15] = (byte) i;
        query[21] = (byte) (1 + (i >>> 16));
        writer.write(i * 1_000L, query);
      }
    }

    assertEquals(0, run("replay", "--json", file.toString()));

    assertTrue(
        out.toString().contains("\"sessions\": {\"tcp\": 0, \"udp\": " + count), out::toString);
    assertEquals("", err.toString());
  }

  @Test
  void anEmptyCaptureIsACapture(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("empty.pcap");
    CaptureWriter.create(file, LinkType.ETHERNET, TimeUnit.MICROSECONDS).close();

    assertEquals(0, run("replay", "--json", "--takeover-at", "0", file.toString()));

    assertTrue(out.toString().contains("\"packets\": 0"), out::toString);
  }

  @Test
  void ownAddressesAreKeptOutOfTheBackup(@TempDir Path folder) throws IOException {
    assertEquals(
        0,
        run(
            "replay",
            "--json",
            "--mode",
            "quick",
            "--local",
            "10.0.0.10",
            bundled(folder).toString()));

    assertTrue(out.toString().contains("\"LOCAL_ORIGIN\": 10"), out::toString);
  }

  @Test
  void asymmetricTellsOfAllFourProtocols() {
    assertEquals(0, run("asymmetric"));

    for (String protocol : new String[] {"TCP:", "UDP:", "ICMP:", "SCTP:"}) {
      assertTrue(out.toString().contains(protocol), out::toString);
    }
  }

  @Test
  void theSmallestUseOfTheLibraryWorks() {
    assertEquals(0, run("quickstart"));
  }
}
