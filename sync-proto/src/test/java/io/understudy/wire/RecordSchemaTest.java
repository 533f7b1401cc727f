package io.understudy.wire;

import static io.understudy.wire.ColumnEncoding.BYTES1;
import static io.understudy.wire.ColumnEncoding.VARINT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.understudy.proto.v1.SessionColumns;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordSchemaTest {
  @Test
  void columnsAscendByFieldWhateverTheirOrder() {
    RecordSchema schema = schema(column(9, 3, 0, 8), column(2, 3, 8, 8));

    assertEquals(List.of(2, 9), schema.columns().stream().map(Column::field).toList());
  }

  @Test
  void testSchemasNameTheFieldsOfTheirMessageAndItsTypes() {
    for (RecordSchema schema : List.of(SessionSchemas.IPV4, SessionSchemas.IPV6)) {
      for (Column column : schema.columns()) {
        FieldDescriptor field = SessionColumns.getDescriptor().findFieldByNumber(column.field());
        assertEquals(field.getName(), column.name());
        String type = field.getType().name();
        String encoding =
            switch (type) {
              case "BYTES" -> "BYTES" + (column.bits() + 7) / 8;
              case "UINT32", "UINT64" -> "VARINT";
              default -> type;
            };
        assertEquals(encoding, column.encoding().name(), column.name());
      }
    }
  }

  @Test
  void everyFieldOfSessionColumnsIsInATestSchema() {
    for (FieldDescriptor field : SessionColumns.getDescriptor().getFields()) {
      long schemas =
          List.of(SessionSchemas.IPV4, SessionSchemas.IPV6).stream()
              .flatMap(schema -> schema.columns().stream())
              .filter(column -> column.field() == field.getNumber())
              .count();
      assertEquals(field.getName().contains("address") ? 1 : 2, schemas, field.getName());
    }
  }

  @Test
  void columnsMustFitTheirRecord() {
    refused("column c2: 9 bits at 60 do not fit a word of 64", () -> column(2, 3, 60, 9));
    refused("column c2: 0 bits at 0 do not fit a word of 64", () -> column(2, 3, 0, 0));
    refused("column c2: 1 bits at -1 do not fit a word of 64", () -> column(2, 3, -1, 1));
    refused("column c2: word 9 is outside 0..8", () -> schema(column(2, 9, 0, 8)));
    refused("column c2: word 5 is one of the header's, 5..7", () -> schema(column(2, 5, 0, 8)));
    refused("column c2: word 7 is one of the header's, 5..7", () -> schema(column(2, 7, 0, 8)));
    refused(
        "t: 7 words have no room for the header, at least 8 are needed",
        () -> new RecordSchema(1, "t", 7, 16, List.of()));
  }

  @Test
  void columnsMustBeToldApart() {
    refused("t.c3 shares bits of word 3", () -> schema(column(2, 3, 0, 8), column(3, 3, 7, 8)));
    refused(
        "t.c2 has the field number of another column",
        () -> schema(column(2, 3, 0, 8), column(2, 3, 8, 8)));
    refused("t.c0: field number 0", () -> schema(column(0, 3, 0, 8)));
    refused("t.c536870912: field number 536870912", () -> schema(column(1 << 29, 3, 0, 8)));
  }

  @Test
  void columnsBelongToOneGroupAndFitTheirEncoding() {
    refused(
        "t.g needs one group of 16, has 3", () -> schema(new Column(2, "g", 3, 3, 0, 8, VARINT)));
    refused(
        "t.g needs one group of 16, has 0", () -> schema(new Column(2, "g", 0, 3, 0, 8, VARINT)));
    refused(
        "t.g needs one group of 16, has 65536",
        () -> schema(new Column(2, "g", 1 << 16, 3, 0, 8, VARINT)));
    refused("t.g: 9 bits do not fit BYTES1", () -> schema(new Column(2, "g", 1, 3, 0, 9, BYTES1)));
  }

  @Test
  void theColumnsFieldIsOneThatBatchHasLeft() {
    refused(
        "t: columns field 14 is taken, the first free one is 15",
        () -> new RecordSchema(1, "t", 9, 14, List.of()));
  }

  private static Column column(int field, int word, int shift, int bits) {
    return new Column(field, "c" + field, ColumnGroup.FACTS, word, shift, bits, VARINT);
  }

  private static RecordSchema schema(Column... columns) {
    return new RecordSchema(1, "t", 9, 16, List.of(columns));
  }

  private static void refused(String message, org.junit.jupiter.api.function.Executable make) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, make).getMessage());
  }
}
