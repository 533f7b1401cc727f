package io.understudy.testkit.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Packets, malformed packets and broken records of every capture, against the table that comes with them. */
class CaptureCountsTest {
  @TestFactory
  Stream<DynamicTest> everyCaptureCountsAsExpected() throws IOException {
    Optional<Path> folder = CaptureFolder.find();
    if (folder.isEmpty()) { // skipped inside of a test, for only there the reason is reported
      return Stream.of(dynamicTest("captures", CaptureFolder::require));
    }
    List<String> lines = Files.readAllLines(folder.get().resolve("expected.tsv"));
    List<String> columns = List.of(lines.get(0).split("\t"));
    List<String> rows = lines.subList(1, lines.size());

    assertFalse(rows.isEmpty());
    return rows.stream()
        .map(row -> List.of(row.split("\t")))
        .map(row -> dynamicTest(row.get(0), () -> check(folder.get(), columns, row)));
  }

  private static void check(Path folder, List<String> columns, List<String> row)
      throws IOException {
    List<String> malformed = new ArrayList<>();
    Packet packet = new Packet();
    try (CaptureReader reader = CaptureReader.open(folder.resolve(row.get(0)))) {
      while (reader.next(packet)) {
        if (packet.kind() == Packet.Kind.MALFORMED) {
          malformed.add(reader.packetCount() + " " + packet.malformedReason());
        }
      }

      assertEquals(number(columns, row, "packets"), reader.packetCount());
      assertEquals(number(columns, row, "malformed"), malformed.size(), malformed::toString);
      assertEquals(
          number(columns, row, "record_error") != 0, reader.isTruncated(), reader::truncation);
    }
  }

  private static long number(List<String> columns, List<String> row, String column) {
    return Long.parseLong(row.get(columns.indexOf(column)));
  }
}
