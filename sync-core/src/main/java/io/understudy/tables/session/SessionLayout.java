package io.understudy.tables.session;

import io.understudy.table.Row;
import io.understudy.table.TableId;
import io.understudy.wire.Column;
import io.understudy.wire.ColumnEncoding;
import io.understudy.wire.ColumnGroup;
import io.understudy.wire.RecordSchema;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a session's fields lie in its words, for IPv4 and for IPv6.
 *
 * <pre>
 *                     IPv4                                   IPv6
 *   key               9: low address | high address          9, 10: low address; 11, 12: high address
 *                    10: ports, protocol, vsys              13: ports, protocol, vsys
 *   facts            11..13                                  14..16   (see FactWords)
 *   policy           14                                      17: policy (32) | ingress zone (16) | egress zone (16)
 *   values           15                                      18: timeout class (8) | flags (15) | originator is high (1)
 *                                                                | NAT kind (8) | NAT source port (16) | NAT destination port (16)
 *   offsets          16                                      19: sequence offsets forward | reverse
 *   NAT              17: source | destination                20, 21: source; 22, 23: destination
 *   your counters    18..21                                  24..27   (staged records only)
 * </pre>
 *
 * <p>The word with ports: low port (16, at 48), high port (16, at 32), protocol (8, at 24), vsys (16, at 8).
 */
final class SessionLayout {
  static final SessionLayout IPV4 = new SessionLayout(TableId.SESSION4, "session-ipv4", false);
  static final SessionLayout IPV6 = new SessionLayout(TableId.SESSION6, "session-ipv6", true);

  /** Shifts in the word with ports. */
  static final int LOW_PORT = 48;

  static final int HIGH_PORT = 32;
  static final int PROTOCOL = 24;
  static final int VSYS = 8;

  /** Shifts in the policy word. */
  static final int POLICY = 32;

  static final int INGRESS = 16;
  static final int EGRESS = 0;

  /** Shifts in the values word. */
  static final int TIMEOUT = 56;

  static final int FLAGS = 41;
  static final int ORIGINATOR = 40;
  static final int NAT_KIND = 32;
  static final int NAT_SOURCE_PORT = 16;
  static final int NAT_DESTINATION_PORT = 0;

  static final int FLAG_BITS = 15;

  private static final int COLUMNS_FIELD = 16;
  private static final int FACT_WORDS = 3;

  final boolean ipv6;
  final int keyWords;
  final int tuple;
  final int facts;
  final int policy;
  final int values;
  final int offsets;
  final int nat;
  final int payloadWords;
  final RecordSchema schema;

  private SessionLayout(int table, String name, boolean ipv6) {
    this.ipv6 = ipv6;
    keyWords = ipv6 ? 5 : 2;
    tuple = Row.PAYLOAD + keyWords - 1;
    facts = tuple + 1;
    policy = facts + FACT_WORDS;
    values = policy + 1;
    offsets = values + 1;
    nat = offsets + 1;
    payloadWords = nat + (ipv6 ? 4 : 1) - Row.PAYLOAD;
    int yours = Row.PAYLOAD + payloadWords;
    List<Column> columns = new ArrayList<>();
    addKey(columns);
    addFacts(columns);
    addHolderValues(columns);
    addNat(columns);
    addUsage(columns, yours);
    schema = new RecordSchema(table, name, yours + Row.COUNTER_WORDS, COLUMNS_FIELD, columns);
  }

  private void addKey(List<Column> to) {
    int key = ColumnGroup.KEY;
    if (ipv6) {
      to.add(new Column(3, "low_address6_high", key, Row.PAYLOAD, 0, 64, ColumnEncoding.FIXED64));
      to.add(
          new Column(4, "low_address6_low", key, Row.PAYLOAD + 1, 0, 64, ColumnEncoding.FIXED64));
      to.add(
          new Column(5, "high_address6_high", key, Row.PAYLOAD + 2, 0, 64, ColumnEncoding.FIXED64));
      to.add(
          new Column(6, "high_address6_low", key, Row.PAYLOAD + 3, 0, 64, ColumnEncoding.FIXED64));
    } else {
      to.add(new Column(1, "low_address4", key, Row.PAYLOAD, 32, 32, ColumnEncoding.FIXED32));
      to.add(new Column(2, "high_address4", key, Row.PAYLOAD, 0, 32, ColumnEncoding.FIXED32));
    }
    to.add(new Column(7, "low_port", key, tuple, LOW_PORT, 16, ColumnEncoding.BYTES2));
    to.add(new Column(8, "high_port", key, tuple, HIGH_PORT, 16, ColumnEncoding.BYTES2));
    to.add(new Column(9, "protocol", key, tuple, PROTOCOL, 8, ColumnEncoding.BYTES1));
    to.add(new Column(10, "vsys", key, tuple, VSYS, 16, ColumnEncoding.VARINT));
    to.add(new Column(11, "originator_is_high", key, values, ORIGINATOR, 1, ColumnEncoding.BYTES1));
    to.add(new Column(12, "created_age", key, Row.TIMES, 0, 32, ColumnEncoding.VARINT));
  }

  private void addFacts(List<Column> to) {
    int rest = facts + 2;
    int fwd = ColumnGroup.OPEN_FORWARD;
    int rev = ColumnGroup.OPEN_REVERSE;
    to.add(new Column(16, "forward_facts", ColumnGroup.FACTS, rest, 10, 10, ColumnEncoding.VARINT));
    to.add(new Column(17, "reverse_facts", ColumnGroup.FACTS, rest, 0, 10, ColumnEncoding.VARINT));
    to.add(new Column(18, "forward_isn", fwd, facts, 32, 32, ColumnEncoding.FIXED32));
    to.add(new Column(19, "forward_options", fwd, rest, 42, 22, ColumnEncoding.BYTES3));
    to.add(new Column(20, "reverse_isn", rev, facts, 0, 32, ColumnEncoding.FIXED32));
    to.add(new Column(21, "reverse_options", rev, rest, 20, 22, ColumnEncoding.BYTES3));
    to.add(
        new Column(
            22, "forward_fin", ColumnGroup.FIN_FORWARD, facts + 1, 32, 32, ColumnEncoding.FIXED32));
    to.add(
        new Column(
            23, "reverse_fin", ColumnGroup.FIN_REVERSE, facts + 1, 0, 32, ColumnEncoding.FIXED32));
  }

  private void addHolderValues(List<Column> to) {
    int holder = ColumnGroup.HOLDER;
    to.add(new Column(32, "timeout_class", holder, values, TIMEOUT, 8, ColumnEncoding.VARINT));
    to.add(new Column(33, "policy", holder, policy, POLICY, 32, ColumnEncoding.VARINT));
    to.add(new Column(34, "ingress_zone", holder, policy, INGRESS, 16, ColumnEncoding.VARINT));
    to.add(new Column(35, "egress_zone", holder, policy, EGRESS, 16, ColumnEncoding.VARINT));
    to.add(new Column(36, "flags", holder, values, FLAGS, FLAG_BITS, ColumnEncoding.VARINT));
    int offset = ColumnGroup.OFFSETS;
    to.add(
        new Column(37, "forward_sequence_offset", offset, offsets, 32, 32, ColumnEncoding.FIXED32));
    to.add(
        new Column(38, "reverse_sequence_offset", offset, offsets, 0, 32, ColumnEncoding.FIXED32));
  }

  private void addNat(List<Column> to) {
    int group = ColumnGroup.NAT;
    to.add(new Column(48, "nat_kind", group, values, NAT_KIND, 8, ColumnEncoding.BYTES1));
    if (ipv6) {
      to.add(new Column(51, "nat_source6_high", group, nat, 0, 64, ColumnEncoding.FIXED64));
      to.add(new Column(52, "nat_source6_low", group, nat + 1, 0, 64, ColumnEncoding.FIXED64));
      to.add(
          new Column(53, "nat_destination6_high", group, nat + 2, 0, 64, ColumnEncoding.FIXED64));
      to.add(new Column(54, "nat_destination6_low", group, nat + 3, 0, 64, ColumnEncoding.FIXED64));
    } else {
      to.add(new Column(49, "nat_source4", group, nat, 32, 32, ColumnEncoding.FIXED32));
      to.add(new Column(50, "nat_destination4", group, nat, 0, 32, ColumnEncoding.FIXED32));
    }
    to.add(
        new Column(
            55, "nat_source_port", group, values, NAT_SOURCE_PORT, 16, ColumnEncoding.BYTES2));
    to.add(
        new Column(
            56,
            "nat_destination_port",
            group,
            values,
            NAT_DESTINATION_PORT,
            16,
            ColumnEncoding.BYTES2));
  }

  private static void addUsage(List<Column> to, int yours) {
    String[] names = {"forward_packets", "forward_bytes", "reverse_packets", "reverse_bytes"};
    for (int i = 0; i < names.length; i++) {
      to.add(
          new Column(
              64 + i, names[i], ColumnGroup.USAGE, Row.COUNTERS + i, 0, 64, ColumnEncoding.VARINT));
      to.add(
          new Column(
              80 + i,
              "your_" + names[i],
              ColumnGroup.YOUR_USAGE,
              yours + i,
              0,
              64,
              ColumnEncoding.VARINT));
    }
    int usage = ColumnGroup.USAGE;
    to.add(new Column(68, "last_seen_age", usage, Row.TIMES, 32, 32, ColumnEncoding.VARINT));
    to.add(
        new Column(69, "forward_sequence_hint", usage, Row.HINTS, 32, 32, ColumnEncoding.FIXED32));
    to.add(
        new Column(70, "reverse_sequence_hint", usage, Row.HINTS, 0, 32, ColumnEncoding.FIXED32));
  }
}
