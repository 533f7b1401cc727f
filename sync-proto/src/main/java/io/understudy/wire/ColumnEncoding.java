package io.understudy.wire;

/**
 * How one column of a batch is written. All are plain protobuf: packed scalars, or {@code bytes} of
 * fixed width.
 */
public enum ColumnEncoding {
  /** {@code bytes}: one byte for each value. */
  BYTES1,
  /** {@code bytes}: two bytes for each value, little-endian. */
  BYTES2,
  /** {@code bytes}: three bytes for each value, little-endian. */
  BYTES3,
  /** {@code repeated fixed32}, packed. */
  FIXED32,
  /** {@code repeated fixed64}, packed. */
  FIXED64,
  /** {@code repeated uint32} or {@code repeated uint64}, packed. */
  VARINT
}
