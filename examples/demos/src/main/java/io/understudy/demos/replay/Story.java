package io.understudy.demos.replay;

import io.understudy.backup.NodeAddresses;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;

/**
 * What the demos do when nobody says what to do: replay a small capture of their own in both modes and through a takeover, and
 * say what is to be seen.
 */
public final class Story {
  private static final String CAPTURE = "/io/understudy/demos/bundled.pcap";
  private static final String NAME = "bundled.pcap";

  private final PrintWriter out;

  public Story(PrintWriter out) {
    this.out = out;
  }

  /** Tells the story; everything in it happens while it is told. */
  public void tell() throws IOException {
    out.println(
        "Two firewalls, one active and one standby, joined by a TCP link on loopback. A small capture");
    out.println(
        "goes through the active: four TCP connections, one SYN that nobody answers, two DNS queries,");
    out.println("a call over UDP, a ping, an SCTP association and a multicast packet.");
    out.println();
    out.println("1. Normal mode: a session is backed up once it has proven itself.");
    show(options(false, false));
    out.println();
    out.println("2. Quick mode: a session is backed up with its first packet.");
    show(options(true, false));
    out.println();
    out.println("3. Normal mode, and after 60 % of the packets the active is gone.");
    FileReport cut = show(options(false, true));
    out.println();
    FileReport.TakeoverResult takeover = cut.takeover();
    out.println(
        "The standby went on with "
            + takeover.sessionsTaken()
            + " sessions; their "
            + takeover.packetsMatched()
            + " packets after the cut found them. What was not");
    out.println(
        "backed up is named with its reason: the ping, for example, is backed up in quick mode only.");
    out.println();
    out.println("Next: 'replay --mode quick FILE...' with captures of your own, or 'asymmetric'.");
    out.flush();
  }

  private FileReport show(ReplayOptions options) throws IOException {
    TextReport table = new TextReport(out);
    table.begin(options);
    FileReport report = Replay.run(NAME, Story::open, options);
    table.add(report);
    out.flush();
    return report;
  }

  private static InputStream open() {
    return Story.class.getResourceAsStream(CAPTURE);
  }

  private static ReplayOptions options(boolean quick, boolean takeover) {
    return new ReplayOptions(
        quick,
        takeover ? 60 : ReplayOptions.NO_TAKEOVER,
        takeover,
        false,
        NodeAddresses.of(List.of()),
        ReplayOptions.REAL_LINK,
        false,
        false,
        false,
        false);
  }
}
