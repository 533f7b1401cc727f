package io.understudy.demos.replay;

import io.understudy.demos.Captures;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every capture, in both modes, over Netty on loopback. */
class ReplayIT {
  @TestFactory
  Stream<DynamicTest> everyCaptureGivesTheExpectedCountsAndIdenticalTables() throws IOException {
    return Captures.eachFile(
        file -> {
          Replays.checkExpected(file, false);
          Replays.checkExpected(file, true);
        });
  }
}
