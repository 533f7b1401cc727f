package io.understudy.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.understudy.proto.v1.Batch;
import io.understudy.proto.v1.SessionColumns;
import java.util.ArrayList;
import java.util.List;

/**
 * Staged records as a {@link Batch} of the generated classes: the rules of {@code frame.proto} once
 * more, in the plainest way, to compare the codec with.
 */
final class GeneratedBatch {
  private final RecordSchema schema;
  private final long[] staged;

  /**
   * Whether columns of equal or zero values are shortened, as the contract says; a reader takes
   * both.
   */
  private final boolean shortened;

  private GeneratedBatch(RecordSchema schema, long[] staged, boolean shortened) {
    this.schema = schema;
    this.staged = staged;
    this.shortened = shortened;
  }

  static Batch shortened(RecordSchema schema, long[] staged) {
    return new GeneratedBatch(schema, staged, true).build();
  }

  static Batch inFull(RecordSchema schema, long[] staged) {
    return new GeneratedBatch(schema, staged, false).build();
  }

  private Batch build() {
    int count = staged.length / schema.words();
    Batch.Builder batch = Batch.newBuilder().setCount(count);
    values(0, RecordSchema.HEAD, 0, 16).forEach(v -> batch.addPresent(v.intValue()));
    long slot = 0;
    for (int i = 0; i < count; i++) {
      long next = staged[i * schema.words() + RecordSchema.HANDLE] >>> 32;
      batch.addSlot((int) (next - slot));
      slot = next;
    }
    values(0, RecordSchema.HANDLE, 0, 32).forEach(v -> batch.addSlotIncarnation(v.intValue()));
    long generation = 0;
    for (int i = 0; i < count; i++) {
      if (carries(i, ColumnGroup.KEY)) {
        long next = staged[i * schema.words() + RecordSchema.GENERATION];
        batch.addGeneration(next - generation);
        generation = next;
      }
    }
    values(ColumnGroup.KEY, RecordSchema.HEAD, 16, 16).forEach(v -> batch.addCreator(v.intValue()));
    values(ColumnGroup.HOLDER, RecordSchema.HEAD, 32, 32)
        .forEach(v -> batch.addVersion(v.intValue()));
    SessionColumns columns = columns();
    if (columns.getSerializedSize() > 0) {
      batch.setSession(columns);
    }
    return batch.build();
  }

  private SessionColumns columns() {
    SessionColumns.Builder columns = SessionColumns.newBuilder();
    for (Column column : schema.columns()) {
      FieldDescriptor field = SessionColumns.getDescriptor().findFieldByNumber(column.field());
      List<Long> values = values(column.group(), column.word(), column.shift(), column.bits());
      switch (column.encoding()) {
        case BYTES1 -> setBytes(columns, field, values, 1);
        case BYTES2 -> setBytes(columns, field, values, 2);
        case BYTES3 -> setBytes(columns, field, values, 3);
        default -> {
          boolean isInt = field.getJavaType() == FieldDescriptor.JavaType.INT;
          values.forEach(
              v -> {
                Object value = isInt ? (Object) v.intValue() : v;
                columns.addRepeatedField(field, value);
              });
        }
      }
    }
    return columns.build();
  }

  private static void setBytes(
      SessionColumns.Builder columns, FieldDescriptor field, List<Long> values, int width) {
    byte[] bytes = new byte[values.size() * width];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (values.get(i / width) >>> 8 * (i % width));
    }
    columns.setField(field, ByteString.copyFrom(bytes));
  }

  private List<Long> values(int group, int word, int shift, int bits) {
    List<Long> values = new ArrayList<>();
    for (int i = 0; i < staged.length / schema.words(); i++) {
      if (group == 0 || carries(i, group)) {
        long value = staged[i * schema.words() + word] >>> shift;
        values.add(bits == 64 ? value : value & (1L << bits) - 1);
      }
    }
    if (shortened && values.stream().distinct().count() == 1) {
      return values.get(0) == 0 ? List.of() : values.subList(0, 1);
    }
    return values;
  }

  private boolean carries(int record, int group) {
    return (staged[record * schema.words() + RecordSchema.HEAD] & group) != 0;
  }
}
