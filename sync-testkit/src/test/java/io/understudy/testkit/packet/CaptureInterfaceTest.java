package io.understudy.testkit.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureInterfaceTest {
  @ParameterizedTest
  @CsvSource({
    "0, 12, 12000000000",
    "3, 1500, 1500000000",
    "6, 1500000, 1500000000",
    "9, 1500000000, 1500000000",
    "12, 1500000000999, 1500000000",
    "18, 1500000000000000000, 1500000000",
    "28, -1, 1",
    "29, -1, 0",
    "127, -1, 0",
    "128, 12, 12000000000",
    "129, 3, 1500000000",
    "148, 1572864, 1500000000",
    "160, 6442450944, 1500000000",
    "191, -1, 1999999999",
    "192, -1, 999999999",
    "221, -1, 1",
    "222, -1, 0",
    "255, -1, 0"
  })
  void ticksBecomeNanoseconds(int resolution, long ticks, long expected) {
    assertEquals(expected, new CaptureInterface(1, 0, resolution, 0).timestampNs(ticks));
  }

  @Test
  void offsetIsAddedInSeconds() {
    assertEquals(-1_500_000_000, new CaptureInterface(1, 0, 6, -2).timestampNs(500_000));
  }

  @Test
  void snapLengthOfZeroCutsNothing() {
    assertEquals(100, new CaptureInterface(1, 0, 6, 0).cut(100));
    assertEquals(96, new CaptureInterface(1, 96, 6, 0).cut(100));
    assertEquals(50, new CaptureInterface(1, 96, 6, 0).cut(50));
  }
}
