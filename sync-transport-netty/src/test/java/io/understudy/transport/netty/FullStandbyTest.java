package io.understudy.transport.netty;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Seen before: the stream to a full standby stood for good, and the standby's thread turned without end. */
@Timeout(300)
class FullStandbyTest {
  @Test
  void twoHundredThousandSessionsIntoAStandbyOf1024() {
    try (FullStandby members = new FullStandby(200_000, 1_024)) {
      members.run();
    }
  }
}
