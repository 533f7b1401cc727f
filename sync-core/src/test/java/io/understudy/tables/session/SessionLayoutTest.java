package io.understudy.tables.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.understudy.proto.v1.Batch;
import io.understudy.proto.v1.SessionColumns;
import io.understudy.table.Row;
import io.understudy.table.TableSpec;
import io.understudy.wire.Column;
import io.understudy.wire.ColumnEncoding;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionLayoutTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void columnsDoNotOverlap(boolean ipv6) {
    SessionLayout layout = layout(ipv6);
    long[] taken = new long[layout.schema.words()];
    for (Column column : layout.schema.columns()) {
      long bits = column.mask() << column.shift();
      assertEquals(0, taken[column.word()] & bits, column.name() + " lies on another column");
      taken[column.word()] |= bits;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyBitThatARecordUsesTravels(boolean ipv6) {
    SessionLayout layout = layout(ipv6);
    long[] travels = new long[layout.schema.words()];
    for (Column column : layout.schema.columns()) {
      travels[column.word()] |= column.mask() << column.shift();
    }
    for (int word = Row.TIMES; word < layout.schema.words(); word++) {
      long unused = word == layout.tuple ? 0xFFL : 0; // below the vsys
      assertEquals(~unused, travels[word], "word " + word);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void columnsAreThoseOfTheSchemaFile(boolean ipv6) {
    for (Column column : layout(ipv6).schema.columns()) {
      FieldDescriptor field = SessionColumns.getDescriptor().findFieldByName(column.name());
      assertNotNull(field, column.name());
      assertEquals(field.getNumber(), column.field(), column.name());
      assertEncoding(field, column);
    }
  }

  @Test
  void theFamiliesTogetherCoverTheSchemaFile() {
    TreeSet<String> columns = new TreeSet<>();
    for (boolean ipv6 : new boolean[] {false, true}) {
      layout(ipv6).schema.columns().forEach(column -> columns.add(column.name()));
    }
    TreeSet<String> fields = new TreeSet<>();
    SessionColumns.getDescriptor().getFields().forEach(field -> fields.add(field.getName()));

    assertEquals(fields, columns);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theColumnsMessageIsTheOneOfTheBatch(boolean ipv6) {
    FieldDescriptor field =
        Batch.getDescriptor().findFieldByNumber(layout(ipv6).schema.columnsField());

    assertSame(SessionColumns.getDescriptor(), field.getMessageType());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theSpecDescribesTheLayout(boolean ipv6) {
    SessionLayout layout = layout(ipv6);
    TableSpec spec = ipv6 ? SessionTable.spec6(1_024, 2) : SessionTable.spec4(1_024, 2);

    assertSame(layout.schema, spec.schema());
    assertEquals(layout.tuple, Row.PAYLOAD + spec.keyWords() - 1, "the key ends with the ports");
    assertEquals(spec.schema().words(), Row.PAYLOAD + spec.payloadWords() + Row.COUNTER_WORDS);
    assertTrue(layout.nat < Row.PAYLOAD + spec.payloadWords());
  }

  private static void assertEncoding(FieldDescriptor field, Column column) {
    ColumnEncoding encoding = column.encoding();
    switch (encoding) {
      case BYTES1, BYTES2, BYTES3 -> {
        assertEquals(FieldDescriptor.Type.BYTES, field.getType(), column.name());
        int width = 8 * (1 + encoding.ordinal() - ColumnEncoding.BYTES1.ordinal());
        assertTrue(column.bits() <= width && column.bits() > width - 8, column.name());
        return;
      }
      case FIXED32 -> {
        assertEquals(FieldDescriptor.Type.FIXED32, field.getType(), column.name());
        assertEquals(32, column.bits(), column.name());
      }
      case FIXED64 -> {
        assertEquals(FieldDescriptor.Type.FIXED64, field.getType(), column.name());
        assertEquals(64, column.bits(), column.name());
      }
      case VARINT ->
          assertEquals(
              column.bits() > 32 ? FieldDescriptor.Type.UINT64 : FieldDescriptor.Type.UINT32,
              field.getType(),
              column.name());
    }
    assertTrue(field.isPacked(), column.name());
  }

  private static SessionLayout layout(boolean ipv6) {
    return ipv6 ? SessionLayout.IPV6 : SessionLayout.IPV4;
  }
}
