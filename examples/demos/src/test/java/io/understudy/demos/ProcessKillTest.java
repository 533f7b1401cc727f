package io.understudy.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two processes on loopback, of which the active is killed while it publishes. */
@Timeout(60)
class ProcessKillTest {
  /** Kill when this many changes were acknowledged: all sessions are there, and some of them were changed. */
  private static final int KILL_AFTER = MemberProcess.SESSIONS * 3 / 2;

  /** A line that was written whole: the last one of a killed process may not be. */
  private static final Pattern FACT = Pattern.compile("(\\D+?)(?: (\\d+))?(?: (\\d+))?;");

  private final List<Process> processes = new ArrayList<>();
  private final int[] acknowledged = new int[MemberProcess.SESSIONS];
  private final int[] held = new int[MemberProcess.SESSIONS + 1];
  private long published;
  private int acknowledgements;

  @AfterEach
  void endProcesses() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void standbyOfAKilledActiveHoldsAllThatWasAcknowledgedAndGoesOn() throws Exception {
    List<Integer> ports = FreePorts.find(2);
    String first = String.valueOf(ports.get(0));
    String second = String.valueOf(ports.get(1));
    BufferedReader standbySays = reader(start("standby", second, first));
    Process active = start("active", first, second);
    BufferedReader activeSays = reader(active);
    while (acknowledgements < KILL_AFTER && noteActive(activeSays.readLine())) {
      // until there is enough to lose
    }

    active.toHandle().destroyForcibly(); // SIGKILL, and what it said before can still be read
    assertEquals(128 + 9, active.waitFor());
    while (noteActive(activeSays.readLine())) {
      // what it said before
    }
    boolean goesOn = false;
    for (String fact = noteStandby(standbySays); !fact.equals("done"); ) {
      goesOn |= fact.equals("goes on");
      fact = noteStandby(standbySays);
    }

    assertTrue(goesOn, "the standby could not publish");
    checkHeld();
  }

  private void checkHeld() {
    int lost = 0;
    int unacknowledged = 0;
    for (int n = 0; n < MemberProcess.SESSIONS; n++) {
      int version = (int) ((published - 1 - n) / MemberProcess.SESSIONS) + 1;
      String session = "session " + n + " of version " + held[n];
      assertTrue(held[n] >= acknowledged[n], session + " was acknowledged as " + acknowledged[n]);
      assertTrue(held[n] <= version, session + " was published as " + version);
      lost += held[n] < version ? 1 : 0;
      unacknowledged += acknowledged[n] < version ? 1 : 0;
    }
    assertTrue(lost <= unacknowledged, lost + " lost, " + unacknowledged + " unacknowledged");
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(MemberProcess.class.getName());
    command.addAll(Arrays.asList(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    processes.add(process);
    return process;
  }

  private static BufferedReader reader(Process process) {
    return process.inputReader(StandardCharsets.US_ASCII);
  }

  /** Answers false at the end of what the active said. */
  private boolean noteActive(String line) {
    if (line == null) {
      return false;
    }
    Matcher fact = FACT.matcher(line);
    if (fact.matches() && fact.group(1).equals("publishing")) {
      published = Long.parseLong(fact.group(2));
    } else if (fact.matches() && fact.group(1).equals("acknowledged")) {
      acknowledgements++;
      acknowledged[Integer.parseInt(fact.group(2))] = Integer.parseInt(fact.group(3));
    }
    return true;
  }

  private String noteStandby(BufferedReader says) throws IOException {
    Matcher fact = FACT.matcher(says.readLine());
    if (!fact.matches()) {
      return "";
    }
    if (fact.group(1).equals("holds")) {
      held[Integer.parseInt(fact.group(2))] = Integer.parseInt(fact.group(3));
    }
    return fact.group(1);
  }
}
