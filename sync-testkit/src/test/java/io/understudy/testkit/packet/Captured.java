package io.understudy.testkit.packet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a reader finds in the bytes of a capture file. */
record Captured(List<Record> packets, boolean truncated, String truncation) {
  record Record(long timestampNs, int capturedLength, int originalLength, Packet.Kind kind) {}

  static Captured in(byte[] file) throws IOException {
    List<Record> packets = new ArrayList<>();
    Packet packet = new Packet();
    try (CaptureReader reader = CaptureReader.open(new ByteArrayInputStream(file), "file")) {
      while (reader.next(packet)) {
        packets.add(
            new Record(
                packet.timestampNs(),
                packet.capturedLength(),
                packet.originalLength(),
                packet.kind()));
      }
      if (reader.next(packet) || reader.packetCount() != packets.size()) {
        throw new AssertionError("a reader that has ended goes on");
      }
      return new Captured(packets, reader.isTruncated(), reader.truncation());
    }
  }

  List<Long> times() {
    return packets.stream().map(Record::timestampNs).toList();
  }

  List<Packet.Kind> kinds() {
    return packets.stream().map(Record::kind).toList();
  }
}
