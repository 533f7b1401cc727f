package io.understudy.transport.netty;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As {@link FullStandbyTest}, with a million sessions; in the profile {@code faults}. */
@Tag("long")
@Timeout(600)
class FullStandbyIT {
  @Test
  void aMillionSessionsIntoAStandbyOf65536() {
    try (FullStandby members = new FullStandby(1_000_000, 65_536)) {
      members.run();
    }
  }
}
