package io.understudy.testkit;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What the store of a member holds whose former lives may have begun terms up to a number: it begins above. A peer with less in reserve then
 * has to store before it can claim, which a test may prevent.
 */
final class StoredTerms {
  /** Above what a member that has just begun has in reserve. */
  static final long HIGH = 1_000;

  private static final int MAGIC = 0x55535444;
  private static final int FORMAT = 2;
  private static final int LENGTH = 40;

  private StoredTerms() {}

  /** The whole record, with terms of one group. */
  static byte[] of(int group, long number) {
    ByteBuffer record = ByteBuffer.allocate(LENGTH);
    record.putInt(MAGIC).putInt(FORMAT).putInt(LENGTH).putLong(0);
    record.putInt(1).putInt(group).putLong(number);
    CRC32C checksum = new CRC32C();
    checksum.update(record.array(), 0, record.position());
    return record.putInt((int) checksum.getValue()).array();
  }
}
