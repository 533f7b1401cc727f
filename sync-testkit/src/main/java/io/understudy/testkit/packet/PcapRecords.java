package io.understudy.testkit.packet;

import java.io.IOException;

/**
 * The records of a classic pcap file.
 *
 * <pre>
 * file    magic(4) major(2) minor(2) zone(4) accuracy(4) snap length(4) link type(4, the low half)
 * record  seconds(4) fraction(4) captured length(4) original length(4) frame(captured length)
 * </pre>
 */
final class PcapRecords implements CaptureReader.Records {
  static final int MICROSECONDS = 0xa1b2c3d4;
  static final int NANOSECONDS = 0xa1b23c4d;
  static final int FILE_HEADER = 24;
  static final int RECORD_HEADER = 16;

  private final CaptureInput input;
  private final boolean littleEndian;
  private final boolean mayBeSwapped;
  private final long fractionNs;
  private final int linkNumber;

  private PcapRecords(CaptureInput input, boolean littleEndian) {
    this.input = input;
    this.littleEndian = littleEndian;
    mayBeSwapped = input.u16(6, littleEndian) <= 3;
    fractionNs = input.i32(0, littleEndian) == NANOSECONDS ? 1 : 1_000;
    // the high half says whether frames end in a checksum
    linkNumber = input.i32(20, littleEndian) & 0xffff;
  }

  static boolean isMagic(int magic) {
    return magic == MICROSECONDS || magic == NANOSECONDS;
  }

  static PcapRecords open(CaptureInput input, String name) throws IOException {
    if (!input.require(FILE_HEADER)) {
      throw new CaptureFormatException(
          name
              + ": ends inside the pcap file header, after "
              + input.available()
              + " bytes; not read");
    }
    boolean littleEndian = !isMagic(input.i32(0, false));
    int version = input.u16(4, littleEndian);
    if (version != 2) {
      throw new CaptureFormatException(name + ": pcap version " + version + " is not 2; not read");
    }
    PcapRecords records = new PcapRecords(input, littleEndian);
    input.skip(FILE_HEADER);
    return records;
  }

  @Override
  public boolean next(Packet into) throws IOException {
    if (!input.require(RECORD_HEADER)) {
      return input.available() > 0 && input.breaks("the file ends inside a record header");
    }
    long capturedLength = input.u32(8, littleEndian);
    long originalLength = input.u32(12, littleEndian);
    if (mayBeSwapped
        && capturedLength > originalLength) { // versions up to 2.3 wrote them either way round
      long swapped = capturedLength;
      capturedLength = originalLength;
      originalLength = swapped;
    }
    if (capturedLength > CaptureInput.FRAME_LIMIT) {
      return input.breaks(
          "a frame of "
              + capturedLength
              + " bytes exceeds the limit of "
              + CaptureInput.FRAME_LIMIT);
    }
    int length = (int) capturedLength;
    if (!input.require(RECORD_HEADER + length)) {
      return input.breaks("the file ends inside a record");
    }
    long timestampNs =
        input.u32(0, littleEndian) * 1_000_000_000 + input.u32(4, littleEndian) * fractionNs;
    input.wrap(into, RECORD_HEADER, length, originalLength, timestampNs);
    input.skip(RECORD_HEADER + length);
    PacketReader.read(linkNumber, into);
    return true;
  }
}
