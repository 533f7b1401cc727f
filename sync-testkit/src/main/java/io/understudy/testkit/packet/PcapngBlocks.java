package io.understudy.testkit.packet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks of a pcapng file: sections, their interfaces and packets; all other blocks are passed over.
 *
 * <pre>
 * block            type(4) length(4) body length(4)
 * section header   byte order(4) major(2) minor(2) ...
 * interface        link type(2) 0(2) snap length(4) options
 * enhanced packet  interface(4) time(8) captured length(4) original length(4) frame options
 * obsolete packet  interface(2) drops(2) time(8) captured length(4) original length(4) frame options
 * simple packet    original length(4) frame
 * </pre>
 *
 * <p>A section has its own byte order and its own interfaces. A simple packet has no time: it takes that of the packet
 * before it. A packet of an interface that was not described counts as a packet without IP.
 */
final class PcapngBlocks implements CaptureReader.Records {
  static final int SECTION_HEADER = 0x0a0d0d0a; // the same in either byte order

  private static final int BYTE_ORDER = 0x1a2b3c4d;
  private static final int INTERFACE = 1;
  private static final int OBSOLETE_PACKET = 2;
  private static final int SIMPLE_PACKET = 3;
  private static final int ENHANCED_PACKET = 6;
  private static final int HEADER = 8;
  private static final int TRAILER = 4;
  private static final int INTERFACE_LIMIT = 1 << 16; // the obsolete packet block can name no more

  private static final int SNAP_LENGTH_AT = HEADER + 4;

  private final CaptureInput input;
  private final List<CaptureInterface> interfaces = new ArrayList<>();
  private boolean littleEndian;
  private long lastTimestampNs;

  private PcapngBlocks(CaptureInput input) {
    this.input = input;
  }

  static PcapngBlocks open(CaptureInput input, String name) throws IOException {
    if (!input.require(16)) {
      throw new CaptureFormatException(
          name
              + ": ends inside the pcapng section header, after "
              + input.available()
              + " bytes; not read");
    }
    PcapngBlocks blocks = new PcapngBlocks(input);
    if (!blocks.takeByteOrder()) {
      throw new CaptureFormatException(
          String.format(
              "%s: pcapng byte order mark 0x%08x is unknown; not read", name, input.i32(8, false)));
    }
    int version = input.u16(12, blocks.littleEndian);
    if (version != 1) {
      throw new CaptureFormatException(
          name + ": pcapng version " + version + " is not 1; not read");
    }
    return blocks;
  }

  /** Takes the byte order from the section header at the position; false if it names none. */
  private boolean takeByteOrder() {
    littleEndian = input.i32(8, true) == BYTE_ORDER;
    return littleEndian || input.i32(8, false) == BYTE_ORDER;
  }

  @Override
  public boolean next(Packet into) throws IOException {
    while (input.require(HEADER + TRAILER)) {
      int type = input.i32(0, littleEndian);
      if (type == SECTION_HEADER && !takeByteOrder()) {
        return input.breaks("a section header without byte order");
      }
      long length = input.u32(4, littleEndian);
      if (length < shortest(type) || length > longest(type)) {
        return input.breaks("a block of type " + type + " cannot have " + length + " bytes");
      }
      // a length that is no multiple of four is against the rules, and occurs
      long padded = length + 3 & ~3L;
      boolean looksInside = type == INTERFACE || isPacket(type);
      if (looksInside && !bringWhole((int) padded, length)) {
        return false;
      }
      if (isPacket(type)) {
        return readPacket(type, (int) padded, into);
      }
      if (type == INTERFACE) {
        addInterface((int) padded);
      } else if (!passOver(type, padded, length)) {
        return false;
      }
    }
    return input.available() > 0 && input.breaks("the file ends inside a block header");
  }

  private static boolean isPacket(int type) {
    return type == ENHANCED_PACKET || type == OBSOLETE_PACKET || type == SIMPLE_PACKET;
  }

  private static int shortest(int type) {
    return HEADER
        + TRAILER
        + switch (type) {
          case SECTION_HEADER -> 16;
          case INTERFACE -> 8;
          case ENHANCED_PACKET, OBSOLETE_PACKET -> 20;
          case SIMPLE_PACKET -> 4;
          default -> 0;
        };
  }

  private static long longest(int type) {
    return type == INTERFACE || isPacket(type) ? CaptureInput.LIMIT : 0xffff_ffffL;
  }

  /** Brings a whole block into the window and compares the lengths at its two ends. */
  private boolean bringWhole(int padded, long length) throws IOException {
    if (!input.require(padded)) {
      return input.breaks("the file ends inside a block");
    }
    return input.u32(padded - TRAILER, littleEndian) == length
        || input.breaks("a block whose two lengths differ");
  }

  /** Skips a block that may be longer than the window. */
  private boolean passOver(int type, long padded, long length) throws IOException {
    if (!input.skip(padded - TRAILER) || !input.require(TRAILER)) {
      return input.breaks("the file ends inside a block");
    }
    if (input.u32(0, littleEndian) != length) {
      return input.breaks("a block whose two lengths differ");
    }
    input.skip(TRAILER);
    if (type == SECTION_HEADER) {
      interfaces.clear();
    }
    return true;
  }

  private void addInterface(int padded) throws IOException {
    if (interfaces.size() < INTERFACE_LIMIT) {
      int linkNumber = input.u16(HEADER, littleEndian);
      long snapLength = input.u32(SNAP_LENGTH_AT, littleEndian);
      int resolution = 6;
      long offsetSeconds = 0;
      int end = padded - TRAILER;
      int option = HEADER + 8;
      while (option + 4 <= end) {
        int code = input.u16(option, littleEndian);
        int length = input.u16(option + 2, littleEndian);
        if (code == 0 || option + 4 + length > end) {
          break; // the end of the options, or of what makes sense of them
        }
        if (code == CaptureInterface.RESOLUTION && length == 1) {
          resolution = input.u8(option + 4);
        } else if (code == CaptureInterface.OFFSET && length == 8) {
          offsetSeconds = i64(option + 4);
        }
        option += 4 + (length + 3 & ~3);
      }
      interfaces.add(new CaptureInterface(linkNumber, snapLength, resolution, offsetSeconds));
    }
    input.skip(padded);
  }

  private long i64(int at) {
    long first = input.u32(at, littleEndian);
    long second = input.u32(at + 4, littleEndian);
    return littleEndian ? second << 32 | first : first << 32 | second;
  }

  private boolean readPacket(int type, int padded, Packet into) throws IOException {
    boolean simple = type == SIMPLE_PACKET;
    int dataAt = simple ? HEADER + 4 : HEADER + 20;
    int room = padded - TRAILER - dataAt;
    long number =
        switch (type) {
          case ENHANCED_PACKET -> input.u32(HEADER, littleEndian);
          case OBSOLETE_PACKET -> input.u16(HEADER, littleEndian);
          default -> 0;
        };
    CaptureInterface from =
        number < interfaces.size() ? interfaces.get((int) number) : CaptureInterface.UNKNOWN;
    long originalLength = input.u32(dataAt - 4, littleEndian);
    long capturedLength =
        simple ? Math.min(from.cut(originalLength), room) : input.u32(dataAt - 8, littleEndian);
    if (capturedLength > room || capturedLength > CaptureInput.FRAME_LIMIT) {
      return input.breaks(
          "a frame of " + capturedLength + " bytes in a block with room for " + room);
    }
    if (!simple) {
      long ticks = input.u32(HEADER + 4, littleEndian) << 32 | input.u32(HEADER + 8, littleEndian);
      lastTimestampNs = from.timestampNs(ticks);
    }
    input.wrap(into, dataAt, (int) capturedLength, originalLength, lastTimestampNs);
    input.skip(padded);
    PacketReader.read(from.linkNumber(), into);
    return true;
  }
}
