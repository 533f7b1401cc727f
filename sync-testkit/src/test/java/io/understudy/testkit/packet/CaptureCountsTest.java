package io.understudy.testkit.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Packets, malformed packets and broken records of every capture, against the table that comes with them. */
class CaptureCountsTest {
  @TestFactory
  Stream<DynamicTest> everyCaptureCountsAsExpected() throws IOException {
    return CaptureFolder.eachFile(CaptureCountsTest::check);
  }

  private static void check(Path file, Map<String, Long> expected) throws IOException {
    List<String> malformed = new ArrayList<>();
    Packet packet = new Packet();
    try (CaptureReader reader = CaptureReader.open(file)) {
      while (reader.next(packet)) {
        if (packet.kind() == Packet.Kind.MALFORMED) {
          malformed.add(reader.packetCount() + " " + packet.malformedReason());
        }
      }

      assertEquals(expected.get("packets"), reader.packetCount());
      assertEquals(expected.get("malformed"), malformed.size(), malformed::toString);
      assertEquals(expected.get("record_error") != 0, reader.isTruncated(), reader::truncation);
    }
  }
}
