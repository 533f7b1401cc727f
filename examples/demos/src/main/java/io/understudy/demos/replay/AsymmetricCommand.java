package io.understudy.demos.replay;

import io.understudy.backup.BackupReason;
import io.understudy.testkit.firewall.ProtocolClass;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code asymmetric}: answers that return over the other firewall, in normal and in quick mode. */
@Command(
    name = "asymmetric",
    mixinStandardHelpOptions = true,
    description = "Shows what quick backup is for: answers that return over the other firewall.")
public final class AsymmetricCommand implements Runnable {
  private static final List<ProtocolClass> PROTOCOLS =
      List.of(ProtocolClass.TCP, ProtocolClass.UDP, ProtocolClass.ICMP, ProtocolClass.SCTP);

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    Replay.logNothing();
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "Two active firewalls back up to each other over a link of 1 ms. A client connects through");
    out.println(
        "FW_A, the answer returns over FW_B, 0.1 to 2 ms later; FW_B's side may begin nothing.");
    out.println();
    out.println("   client --- first packet --> FW_A --------> server");
    out.println("                                | link");
    out.println("   client <------------------- FW_B <-- answer");
    for (ProtocolClass protocol : PROTOCOLS) {
      out.println();
      tell(out, protocol);
      out.flush();
    }
    out.println();
    out.println(
        "Quick backup alone is a race between the answer and the session; park lets the answer wait");
    out.println(
        "for it, up to 20 ms. The clock is simulated, so that these figures are the same every time.");
    out.flush();
  }

  private static void tell(PrintWriter out, ProtocolClass protocol) {
    out.printf(
        "%s: %d connects, answered by %s%n", protocol, AsymmetricRun.CONNECTS, answer(protocol));
    AsymmetricRun.Result normal = AsymmetricRun.of(protocol, false, false);
    out.printf("  normal            %2d dropped at FW_B: no session there.%n", normal.dropped());
    normal
        .keptBack()
        .forEach(
            (reason, count) ->
                out.printf(
                    "                    FW_A keeps %d back, %s: %s%n",
                    count, reason, why(reason)));
    AsymmetricRun.Result quick = AsymmetricRun.of(protocol, true, false);
    out.printf(
        "  quick             %2d matched the session backed up by FW_A, %d lost the race%n",
        quick.matched(), quick.dropped());
    AsymmetricRun.Result park = AsymmetricRun.of(protocol, true, true);
    out.printf(
        "  quick and park    %2d matched at once, %d after they were parked, %d lost%n",
        park.matched(), park.released(), park.dropped());
  }

  private static String answer(ProtocolClass protocol) {
    return switch (protocol) {
      case TCP -> "SYN-ACK";
      case UDP -> "a UDP reply";
      case ICMP -> "an echo reply";
      case SCTP -> "INIT-ACK";
      case OTHER -> "a packet";
    };
  }

  private static String why(BackupReason reason) {
    return reason.sentence();
  }
}
