package io.understudy;

import com.google.protobuf.ByteString;
import io.understudy.config.SyncConfig;
import io.understudy.proto.v1.ColumnSchema;
import io.understudy.proto.v1.ConnectionKind;
import io.understudy.proto.v1.GroupStatus;
import io.understudy.proto.v1.Hello;
import io.understudy.proto.v1.TableSchema;
import io.understudy.table.TableSpec;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.wire.Column;
import io.understudy.wire.InputLimits;
import io.understudy.wire.PeerText;
import io.understudy.wire.WireFormatException;
import io.understudy.wire.WireVersion;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes HELLO and judges the peer's (protocol, rule 16). Thread: the duty cycle.
 */
final class Handshake {
  private static final int CHECK_BYTES = 16;

  private final SyncConfig config;
  private final long incarnation;
  private final Hello template;
  private final ByteString hashKeyCheck;

  /** Of each table, by field. */
  private final Map<Integer, Map<Integer, ColumnSchema>> columns = new HashMap<>();

  Handshake(SyncConfig config, long incarnation, List<TableSpec> tables) {
    this.config = config;
    this.incarnation = incarnation;
    hashKeyCheck = sha256(config.hashKey()).substring(0, CHECK_BYTES);
    Hello.Builder hello =
        Hello.newBuilder()
            .setWireVersion(WireVersion.CURRENT)
            .setCluster(config.cluster())
            .setNode(config.node().value())
            .setIncarnation(incarnation)
            .setHashKeyCheck(hashKeyCheck)
            .setWindowBytes(config.stream().windowBytes());
    for (TableSpec table : tables) {
      hello.addTables(schema(table));
    }
    template = checked(hello.build());
    for (TableSchema table : template.getTablesList()) {
      Map<Integer, ColumnSchema> byField = new HashMap<>();
      table.getColumnsList().forEach(column -> byField.put(column.getField(), column));
      columns.put(table.getTable(), byField);
    }
  }

  /** Peers refuse what is beyond their limits, and theirs are the same: it is found here, where it can be mended. */
  private static Hello checked(Hello own) {
    try {
      InputLimits.check(own);
      return own;
    } catch (WireFormatException e) {
      throw new IllegalArgumentException(
          "no peer would accept this node's HELLO: " + e.getMessage(), e);
    }
  }

  private static TableSchema schema(TableSpec table) {
    TableSchema.Builder schema =
        TableSchema.newBuilder()
            .setTable(table.number())
            .setName(table.name())
            .setSlots(table.partitionCapacity());
    for (Column column : table.schema().columns()) {
      schema.addColumns(
          ColumnSchema.newBuilder()
              .setField(column.field())
              .setBits(column.bits())
              .setEncoding(column.encoding().ordinal()));
    }
    return schema.build();
  }

  long incarnation() {
    return incarnation;
  }

  Hello hello(
      Link link, long epoch, long generationClock, long sequence, List<GroupStatus> statuses) {
    return template.toBuilder()
        .setLink(link.index())
        .setKind(kind(link))
        .setEpoch(epoch)
        .setGenerationClock(generationClock)
        .setSequence(sequence)
        .addAllGroups(statuses)
        .build();
  }

  private static ConnectionKind kind(Link link) {
    return link.kind() == LinkKind.DATA
        ? ConnectionKind.DATA_CONNECTION
        : ConnectionKind.HEARTBEAT_CONNECTION;
  }

  static ByteString hash(Hello hello) {
    return sha256(hello.toByteArray());
  }

  /** Why this HELLO is refused; empty: it is fine. */
  String objection(Hello theirs, Link link) {
    if (theirs.getWireVersion() != WireVersion.CURRENT) {
      return "wire version "
          + theirs.getWireVersion()
          + ", this member speaks "
          + WireVersion.CURRENT
          + "; upgrade one of them";
    }
    if (!theirs.getCluster().equals(config.cluster())) {
      return "cluster "
          + PeerText.quote(theirs.getCluster())
          + ", this member is of "
          + PeerText.quote(config.cluster());
    }
    if (theirs.getNode() == config.node().value()) {
      return "node id "
          + theirs.getNode()
          + " is this member's own; node ids are unique in a cluster";
    }
    if (config.peers().stream().noneMatch(peer -> peer.value() == theirs.getNode())) {
      return "node " + theirs.getNode() + " is no configured peer of node " + config.node();
    }
    if (link.dialledNode() != 0 && link.dialledNode() != theirs.getNode()) {
      return "node " + theirs.getNode() + " answers at the address of node " + link.dialledNode();
    }
    if (theirs.getKind() != kind(link) || theirs.getLink() != link.index()) {
      return theirs.getKind()
          + " of link "
          + theirs.getLink()
          + " arrived as "
          + kind(link)
          + " of link "
          + link.index()
          + "; the links' addresses are crossed";
    }
    if (!theirs.getHashKeyCheck().equals(hashKeyCheck)) {
      return "another hash key; set the same hashKey at all members";
    }
    long bootHoldNs = config.bootHold().toNanos();
    if (theirs.getDetectionNs() > bootHoldNs) {
      return "claim time "
          + theirs.getDetectionNs() / 1_000_000
          + " ms (heartbeat.interval times the misses allowed), this member's bootHold is "
          + bootHoldNs / 1_000_000
          + " ms; every member's bootHold reaches the longest claim time";
    }
    return tableObjection(theirs);
  }

  /** Why a life of a node is refused while another one speaks. */
  static String secondProcess(int node) {
    return "node "
        + node
        + " is alive as another process; a second one with its node id is refused";
  }

  /** Columns that both know must mean the same; others are skipped by whoever does not know them. */
  private String tableObjection(Hello theirs) {
    for (TableSchema own : template.getTablesList()) {
      Map<Integer, ColumnSchema> byField = columns.get(own.getTable());
      for (TableSchema other : theirs.getTablesList()) {
        if (own.getTable() != other.getTable()) {
          continue;
        }
        for (ColumnSchema theirColumn : other.getColumnsList()) {
          ColumnSchema column = byField.get(theirColumn.getField());
          if (column != null && !column.equals(theirColumn)) {
            return "table "
                + own.getName()
                + ": field "
                + column.getField()
                + " has "
                + meaning(theirColumn)
                + " there and "
                + meaning(column)
                + " here; the versions do not go together";
          }
        }
      }
    }
    return "";
  }

  private static String meaning(ColumnSchema column) {
    return column.getBits() + " bits in encoding " + column.getEncoding();
  }

  private static ByteString sha256(byte[] bytes) {
    try {
      return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
