package io.understudy.wire;

import static io.understudy.wire.ColumnEncoding.BYTES1;
import static io.understudy.wire.ColumnEncoding.BYTES2;
import static io.understudy.wire.ColumnEncoding.BYTES3;
import static io.understudy.wire.ColumnEncoding.FIXED32;
import static io.understudy.wire.ColumnEncoding.FIXED64;
import static io.understudy.wire.ColumnEncoding.VARINT;

import java.util.ArrayList;
import java.util.List;

/**
 * Schemas for tests over all columns of {@code SessionColumns}; words are filled in the order of
 * the columns.
 */
final class SessionSchemas {
  static final int COLUMNS_FIELD = 16;

  static final RecordSchema IPV4 = new Layout().key4().rest().schema(1, "session4");
  static final RecordSchema IPV6 = new Layout().key6().rest().schema(2, "session6");

  private SessionSchemas() {}

  private static final class Layout {
    private final List<Column> columns = new ArrayList<>();
    private int word = RecordSchema.AFTER_HEADER;
    private int shift;

    Layout key4() {
      return add(1, "low_address4", ColumnGroup.KEY, 32, FIXED32)
          .add(2, "high_address4", ColumnGroup.KEY, 32, FIXED32);
    }

    Layout key6() {
      return add(3, "low_address6_high", ColumnGroup.KEY, 64, FIXED64)
          .add(4, "low_address6_low", ColumnGroup.KEY, 64, FIXED64)
          .add(5, "high_address6_high", ColumnGroup.KEY, 64, FIXED64)
          .add(6, "high_address6_low", ColumnGroup.KEY, 64, FIXED64);
    }

    Layout rest() {
      add(7, "low_port", ColumnGroup.KEY, 16, BYTES2);
      add(8, "high_port", ColumnGroup.KEY, 16, BYTES2);
      add(9, "protocol", ColumnGroup.KEY, 8, BYTES1);
      add(10, "vsys", ColumnGroup.KEY, 12, VARINT);
      add(11, "originator_is_high", ColumnGroup.KEY, 1, BYTES1);
      add(12, "created_age", ColumnGroup.KEY, 32, VARINT);
      add(16, "forward_facts", ColumnGroup.FACTS, 16, VARINT);
      add(17, "reverse_facts", ColumnGroup.FACTS, 16, VARINT);
      add(18, "forward_isn", ColumnGroup.OPEN_FORWARD, 32, FIXED32);
      add(19, "forward_options", ColumnGroup.OPEN_FORWARD, 22, BYTES3);
      add(20, "reverse_isn", ColumnGroup.OPEN_REVERSE, 32, FIXED32);
      add(21, "reverse_options", ColumnGroup.OPEN_REVERSE, 22, BYTES3);
      add(22, "forward_fin", ColumnGroup.FIN_FORWARD, 32, FIXED32);
      add(23, "reverse_fin", ColumnGroup.FIN_REVERSE, 32, FIXED32);
      add(32, "timeout_class", ColumnGroup.HOLDER, 8, VARINT);
      add(33, "policy", ColumnGroup.HOLDER, 32, VARINT);
      add(34, "ingress_zone", ColumnGroup.HOLDER, 16, VARINT);
      add(35, "egress_zone", ColumnGroup.HOLDER, 16, VARINT);
      add(36, "flags", ColumnGroup.HOLDER, 32, VARINT);
      add(37, "forward_sequence_offset", ColumnGroup.OFFSETS, 32, FIXED32);
      add(38, "reverse_sequence_offset", ColumnGroup.OFFSETS, 32, FIXED32);
      add(48, "nat_kind", ColumnGroup.NAT, 8, BYTES1);
      add(49, "nat_source4", ColumnGroup.NAT, 32, FIXED32);
      add(50, "nat_destination4", ColumnGroup.NAT, 32, FIXED32);
      add(51, "nat_source6_high", ColumnGroup.NAT, 64, FIXED64);
      add(52, "nat_source6_low", ColumnGroup.NAT, 64, FIXED64);
      add(53, "nat_destination6_high", ColumnGroup.NAT, 64, FIXED64);
      add(54, "nat_destination6_low", ColumnGroup.NAT, 64, FIXED64);
      add(55, "nat_source_port", ColumnGroup.NAT, 16, BYTES2);
      add(56, "nat_destination_port", ColumnGroup.NAT, 16, BYTES2);
      add(64, "forward_packets", ColumnGroup.USAGE, 64, VARINT);
      add(65, "forward_bytes", ColumnGroup.USAGE, 64, VARINT);
      add(66, "reverse_packets", ColumnGroup.USAGE, 64, VARINT);
      add(67, "reverse_bytes", ColumnGroup.USAGE, 64, VARINT);
      add(68, "last_seen_age", ColumnGroup.USAGE, 32, VARINT);
      add(69, "forward_sequence_hint", ColumnGroup.USAGE, 32, FIXED32);
      add(70, "reverse_sequence_hint", ColumnGroup.USAGE, 32, FIXED32);
      add(80, "your_forward_packets", ColumnGroup.YOUR_USAGE, 64, VARINT);
      add(81, "your_forward_bytes", ColumnGroup.YOUR_USAGE, 64, VARINT);
      add(82, "your_reverse_packets", ColumnGroup.YOUR_USAGE, 64, VARINT);
      return add(83, "your_reverse_bytes", ColumnGroup.YOUR_USAGE, 64, VARINT);
    }

    Layout add(int field, String name, int group, int bits, ColumnEncoding encoding) {
      if (shift + bits > Long.SIZE) {
        word++;
        shift = 0;
      }
      columns.add(new Column(field, name, group, word, shift, bits, encoding));
      shift += bits;
      return this;
    }

    RecordSchema schema(int table, String name) {
      return new RecordSchema(table, name, word + 1, COLUMNS_FIELD, columns);
    }
  }
}
