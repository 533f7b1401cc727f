package io.understudy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.understudy.config.SyncConfig;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.proto.v1.ConnectionKind;
import io.understudy.proto.v1.GroupStatus;
import io.understudy.proto.v1.Hello;
import io.understudy.table.TableSpec;
import io.understudy.tables.session.SessionTable;
import io.understudy.transport.FlushResult;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.SendResult;
import io.understudy.wire.WireVersion;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class HandshakeTest {
  private static final Link DATA = new End(0, LinkKind.DATA, 0);
  private static final Link HEARTBEAT = new End(0, LinkKind.HEARTBEAT, 0);

  private final Handshake one = handshake(config("pair", 1, 2), 1_001);
  private final Handshake two = handshake(config("pair", 2, 1), 1_002);

  @Test
  void twoMembersOfOneClusterFindNothingToObject() {
    assertEquals("", one.objection(hello(two, DATA), DATA));
    assertEquals("", two.objection(hello(one, HEARTBEAT), HEARTBEAT));
    assertEquals("", one.objection(hello(two, DATA), new End(0, LinkKind.DATA, 2)));
  }

  @Test
  void aHelloSaysWhoSpeaksOnWhichConnection() {
    GroupStatus group = GroupStatus.newBuilder().setGroup(1).build();

    Hello hello = one.hello(new End(3, LinkKind.HEARTBEAT, 2), 5, 6, 7, List.of(group));

    assertEquals(WireVersion.CURRENT, hello.getWireVersion());
    assertEquals("pair", hello.getCluster());
    assertEquals(1, hello.getNode());
    assertEquals(1_001, hello.getIncarnation());
    assertEquals(1_001, one.incarnation());
    assertEquals(3, hello.getLink());
    assertEquals(ConnectionKind.HEARTBEAT_CONNECTION, hello.getKind());
    assertEquals(5, hello.getEpoch());
    assertEquals(6, hello.getGenerationClock());
    assertEquals(7, hello.getSequence());
    assertEquals(List.of(group), hello.getGroupsList());
    assertEquals(1 << 20, hello.getWindowBytes());
    assertEquals(16, hello.getHashKeyCheck().size());
    assertEquals(2, hello.getTablesCount());
  }

  @Test
  void theHashKeyItselfIsNotInTheHello() {
    byte[] key = "sixteen bytes !!".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    SyncConfig config =
        SyncConfig.builder("pair", new NodeId(1))
            .peer(new NodeId(2))
            .group(new GroupId(1), 100)
            .hashKey(key)
            .build();

    Hello hello = hello(handshake(config, 1), DATA);

    assertEquals(-1, indexOf(hello.toByteArray(), key));
    assertEquals(
        "another hash key; set the same hashKey at all members", two.objection(hello, DATA));
  }

  @Test
  void tablesThatNoPeerWouldAcceptAreRefusedWhenTheNodeIsBuilt() {
    List<TableSpec> tables = Collections.nCopies(65, SessionTable.spec4(1_024, 1));

    assertEquals(
        "no peer would accept this node's HELLO: tables that HELLO names: 65 is outside 0..64",
        assertThrows(
                IllegalArgumentException.class,
                () -> new Handshake(config("pair", 1, 2), 1, tables))
            .getMessage());
  }

  @Test
  void anotherWireVersionIsRefused() {
    assertObjection(
        "wire version 99, this member speaks " + WireVersion.CURRENT + "; upgrade one of them",
        hello -> hello.setWireVersion(99));
  }

  @Test
  void anotherClusterIsRefused() {
    assertObjection(
        "cluster \"other\", this member is of \"pair\"", hello -> hello.setCluster("other"));
  }

  @Test
  void theMembersOwnNodeIdIsRefused() {
    assertObjection(
        "node id 1 is this member's own; node ids are unique in a cluster",
        hello -> hello.setNode(1));
  }

  @Test
  void aNodeThatIsNoPeerIsRefused() {
    assertObjection("node 9 is no configured peer of node 1", hello -> hello.setNode(9));
  }

  @Test
  void aPeerAtTheAddressOfAnotherIsRefused() {
    SyncConfig three =
        SyncConfig.builder("pair", new NodeId(1))
            .peer(new NodeId(2))
            .peer(new NodeId(3))
            .group(new GroupId(1), 100)
            .build();

    assertEquals(
        "node 2 answers at the address of node 3",
        handshake(three, 1).objection(hello(two, DATA), new End(0, LinkKind.DATA, 3)));
  }

  @Test
  void crossedAddressesOfLinksAreRefused() {
    assertEquals(
        "DATA_CONNECTION of link 0 arrived as HEARTBEAT_CONNECTION of link 0;"
            + " the links' addresses are crossed",
        one.objection(hello(two, DATA), HEARTBEAT));
    assertEquals(
        "DATA_CONNECTION of link 1 arrived as DATA_CONNECTION of link 0;"
            + " the links' addresses are crossed",
        one.objection(hello(two, new End(1, LinkKind.DATA, 0)), DATA));
  }

  @Test
  void anotherHashKeyIsRefused() {
    assertObjection(
        "another hash key; set the same hashKey at all members",
        hello -> hello.setHashKeyCheck(ByteString.copyFromUtf8("0123456789abcdef")));
  }

  @Test
  void aColumnThatMeansSomethingElseIsRefused() {
    assertObjection(
        "table session-ipv4: field 10 has 17 bits in encoding 5 there and 16 bits in encoding 5"
            + " here; the versions do not go together",
        hello -> column(hello, 10).setBits(17));
    assertObjection(
        "table session-ipv4: field 10 has 16 bits in encoding 3 there and 16 bits in encoding 5"
            + " here; the versions do not go together",
        hello -> column(hello, 10).setEncoding(3));
  }

  @Test
  void columnsAndTablesThatOnlyOneSideKnowsAreNoObjection() {
    assertObjection("", hello -> column(hello, 10).setField(900));
    assertObjection("", hello -> hello.getTablesBuilder(0).setTable(77));
    assertObjection("", Hello.Builder::clearTables);
  }

  @Test
  void theHashCoversEveryByteOfTheHello() {
    Hello hello = hello(one, DATA);

    assertEquals(Handshake.hash(hello), Handshake.hash(hello.toBuilder().build()));
    assertEquals(32, Handshake.hash(hello).size());
    assertNotEquals(
        Handshake.hash(hello), Handshake.hash(hello.toBuilder().setSequence(8).build()));
  }

  private void assertObjection(String expected, Consumer<Hello.Builder> change) {
    Hello.Builder hello = hello(two, DATA).toBuilder();
    change.accept(hello);

    assertEquals(expected, one.objection(hello.build(), DATA));
  }

  private static io.understudy.proto.v1.ColumnSchema.Builder column(
      Hello.Builder hello, int field) {
    return hello.getTablesBuilder(0).getColumnsBuilderList().stream()
        .filter(column -> column.getField() == field)
        .findFirst()
        .orElseThrow();
  }

  private static Hello hello(Handshake of, Link link) {
    return of.hello(link, 1, 2, 3, List.of());
  }

  private static SyncConfig config(String cluster, int node, int peer) {
    return SyncConfig.builder(cluster, new NodeId(node))
        .peer(new NodeId(peer))
        .group(new GroupId(1), 100)
        .build();
  }

  private static Handshake handshake(SyncConfig config, long incarnation) {
    return new Handshake(
        config, incarnation, List.of(SessionTable.spec4(1_024, 1), SessionTable.spec6(1_024, 1)));
  }

  private static int indexOf(byte[] bytes, byte[] sought) {
    return java.util.Collections.indexOfSubList(boxed(bytes), boxed(sought));
  }

  private static List<Byte> boxed(byte[] bytes) {
    List<Byte> boxed = new java.util.ArrayList<>();
    for (byte b : bytes) {
      boxed.add(b);
    }
    return boxed;
  }

  /** A connection that is only asked what it is. */
  private record End(int index, LinkKind kind, int dialledNode) implements Link {
    @Override
    public long id() {
      return 1;
    }

    @Override
    public SendResult send(byte[] frame, int offset, int length) {
      throw new IllegalStateException("a handshake sends nothing itself");
    }

    @Override
    public FlushResult flush() {
      throw new IllegalStateException("a handshake sends nothing itself");
    }

    @Override
    public boolean isAtAddressOf(int node) {
      return true;
    }

    @Override
    public void keep() {}

    @Override
    public void establish() {}

    @Override
    public void finish() {}

    @Override
    public void close() {}
  }
}
