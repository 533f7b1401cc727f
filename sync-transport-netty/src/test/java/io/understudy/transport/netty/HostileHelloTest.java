package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.understudy.SyncNode;
import io.understudy.config.SyncConfig;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.model.Role;
import io.understudy.proto.v1.ColumnSchema;
import io.understudy.proto.v1.ConnectionKind;
import io.understudy.proto.v1.Frame;
import io.understudy.proto.v1.Goodbye;
import io.understudy.proto.v1.GroupStatus;
import io.understudy.proto.v1.Hello;
import io.understudy.proto.v1.TableSchema;
import io.understudy.proto.v1.Term;
import io.understudy.runtime.Entropy;
import io.understudy.runtime.MemoryStore;
import io.understudy.tables.session.SessionTable;
import io.understudy.transport.LinkKind;
import io.understudy.wire.InputLimit;
import io.understudy.wire.WireVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever reaches the port says whatever HELLO he likes: the node goes on, and believes nothing of it. */
@Timeout(120)
class HostileHelloTest {
  private static final String CLUSTER = "real";
  private static final int MAX_FRAME = 65_536;

  private final List<SyncNode> nodes = new ArrayList<>();
  private final NettyTransport listening = transport(2, 1, NettyFixture.loopback(0));
  private final SyncNode node = node(2, 1, listening);

  @AfterEach
  void close() {
    nodes.forEach(SyncNode::close);
  }

  @Test
  void oversizedTextsAndListsNeverEndTheNode() throws IOException {
    List<Frame> frames =
        List.of(
            frame(hello().setCluster("x".repeat(65_400))),
            frame(hello().setCluster("\u001b[2J\n".repeat(10))),
            frame(hello().setHashKeyCheck(ByteString.copyFrom(new byte[65_400]))),
            frame(hello().addTables(TableSchema.newBuilder().setName("t".repeat(65_000)))),
            frame(ofManyTables()),
            frame(ofManyColumns()),
            frame(ofManyGroups()),
            Frame.newBuilder()
                .setGoodbye(Goodbye.newBuilder().setReason("\n".repeat(65_400)))
                .build());
    for (Frame frame : frames) {
      try (RawMember raw = new RawMember(LinkKind.HEARTBEAT)) {
        raw.send(frame.toByteArray());
        raw.drain();
      }
    }

    assertJoinsWithItsPeer();
    assertTrue(node.counters().get(SyncCounter.FRAMES_REJECTED) >= 6);
  }

  /** A connection that is not agreed on costs a few frames, however short they are. */
  @Test
  void framesWithoutAHelloEndTheConnection() throws IOException {
    byte[] number = Frame.newBuilder().setNumber(1).build().toByteArray();
    try (RawMember raw = new RawMember(LinkKind.HEARTBEAT)) {
      for (int i = 0; i < InputLimit.HANDSHAKE_FRAMES.high(); i++) {
        raw.send(number);
      }
      raw.send(frame(hello()).toByteArray());
      raw.drain();
    } catch (SocketException closed) {
      // it closed before all was sent
    }

    assertEquals(1, node.counters().get(SyncCounter.FRAMES_REJECTED));
    assertJoinsWithItsPeer();
  }

  /** Unknown fields of a HELLO are skipped, whatever their length. */
  @Test
  void helloWithAnUnknownFieldOf60KilobytesIsAnswered() throws IOException {
    byte[] hello = hello().build().toByteArray();
    ByteString.Output bytes = ByteString.newOutput();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeRawBytes(hello);
    out.writeByteArray(1_000, new byte[60_000]);
    out.flush();
    ByteString.Output frame = ByteString.newOutput();
    CodedOutputStream frameOut = CodedOutputStream.newInstance(frame);
    frameOut.writeBytes(Frame.HELLO_FIELD_NUMBER, bytes.toByteString());
    frameOut.flush();
    try (RawMember raw = new RawMember(LinkKind.HEARTBEAT)) {
      raw.send(frame.toByteString().toByteArray());

      assertTrue(raw.read().hasHello());
    }
    assertJoinsWithItsPeer();
  }

  /** What was overheard can be repeated, but not confirmed: neither clock nor terms nor life are taken from it. */
  @Test
  void helloThatIsNotConfirmedIsNotBelieved() throws IOException {
    Hello forged =
        hello()
            .setGenerationClock(1L << 53)
            .setIncarnation(77)
            .setEpoch(1L << 31)
            .addGroups(
                GroupStatus.newBuilder()
                    .setGroup(1)
                    .setHolds(true)
                    .setTerm(Term.newBuilder().setNumber(1 << 20).setNode(1)))
            .build();
    try (RawMember raw = new RawMember(LinkKind.HEARTBEAT)) {
      raw.send(Frame.newBuilder().setHello(forged).build().toByteArray());
      assertTrue(raw.read().hasHello());

      try (RawMember second = new RawMember(LinkKind.HEARTBEAT)) {
        second.send(frame(hello()).toByteArray());
        Hello told = second.read().getHello();
        assertTrue(told.getGenerationClock() < 1L << 40, "clock " + told.getGenerationClock());
        assertTrue(told.getGroups(0).getTerm().getNumber() < 1 << 10, told.toString());
      }
      assertJoinsWithItsPeer();
    }
  }

  /** One number after the other at the ends of what its type can say; whoever comes from a peer's address is looked at more closely than others. */
  @Test
  void noNumberOfAHelloEndsTheNode() throws IOException {
    GroupStatus status = GroupStatus.newBuilder().setGroup(1).setPriority(7).build();
    TableSchema.Builder table = TableSchema.newBuilder().setTable(1).setName("t").setSlots(8);
    table.addColumns(ColumnSchema.newBuilder().setField(9));
    for (String cluster : List.of(CLUSTER, "another")) {
      for (LinkKind kind : LinkKind.values()) {
        boolean isData = kind == LinkKind.DATA;
        Hello.Builder hello = hello().setCluster(cluster).addGroups(status).addTables(table);
        hello.setKind(
            isData ? ConnectionKind.DATA_CONNECTION : ConnectionKind.HEARTBEAT_CONNECTION);
        for (Message wrong : withEachNumber(hello.build())) {
          try (RawMember raw = new RawMember(kind)) {
            raw.send(Frame.newBuilder().setHello((Hello) wrong).build().toByteArray());
            raw.drain();
          }
          assertNotEquals(Role.FAILED, node.role(1), () -> wrong.toString());
        }
      }
    }

    assertJoinsWithItsPeer();
  }

  /** The message with every number in it, of whatever depth, at its ends. */
  private static List<Message> withEachNumber(Message message) {
    List<Message> all = new ArrayList<>();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        Message inner =
            field.isRepeated()
                ? (Message) message.getRepeatedField(field, 0)
                : (Message) message.getField(field);
        for (Message wrong : withEachNumber(inner)) {
          Message.Builder builder = message.toBuilder();
          all.add(
              field.isRepeated()
                  ? builder.setRepeatedField(field, 0, wrong).build()
                  : builder.setField(field, wrong).build());
        }
      } else if (!field.isRepeated()) {
        for (Object value : endsOf(field)) {
          all.add(message.toBuilder().setField(field, value).build());
        }
      }
    }
    return all;
  }

  private static List<Object> endsOf(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT -> List.of(0, 1, 0xFFFF, 0x1_0000, 70_000, Integer.MAX_VALUE, -1, Integer.MIN_VALUE);
      case LONG ->
          List.of(0L, 1L, 1L << 32, 1L << 53, 1L << 62, Long.MAX_VALUE, -1L, Long.MIN_VALUE);
      case BOOLEAN -> List.of(true, false);
      case ENUM -> List.of(field.getEnumType().findValueByNumberCreatingIfUnknown(77));
      default -> List.of();
    };
  }

  /** Any bytes in a HELLO: no exception leaves the node, and it still meets its peer. */
  @Test
  void randomHellosNeverEndTheNode() throws IOException {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 300; i++) {
      byte[] frame = randomFrame(random);
      try (RawMember raw =
          new RawMember(random.nextBoolean() ? LinkKind.HEARTBEAT : LinkKind.DATA)) {
        raw.send(frame);
        raw.drain();
      }
    }

    assertJoinsWithItsPeer();
  }

  /** A HELLO that may go far, and one of its bytes changed, or a field of random bytes put behind it. */
  private static byte[] randomFrame(RandomGenerator random) throws IOException {
    byte[] hello = hello().build().toByteArray();
    byte[] more = new byte[random.nextInt(random.nextInt(10) == 0 ? 60_000 : 60)];
    random.nextBytes(more);
    int at = random.nextInt(hello.length);
    byte[] all = Arrays.copyOf(hello, hello.length + more.length);
    if (random.nextBoolean()) {
      all[at] = (byte) random.nextInt();
    }
    System.arraycopy(more, 0, all, hello.length, more.length);
    ByteString.Output frame = ByteString.newOutput();
    CodedOutputStream out = CodedOutputStream.newInstance(frame);
    out.writeByteArray(Frame.HELLO_FIELD_NUMBER, all);
    out.flush();
    return frame.toByteString().toByteArray();
  }

  private void assertJoinsWithItsPeer() {
    NettyTransport dialling = transport(1, 2, NettyFixture.loopback(listening.localPort(0)));
    SyncNode peer = node(1, 2, dialling);
    await(() -> peer.role(1) == Role.ACTIVE && node.role(1) == Role.STANDBY);
    await(() -> peer.status().peer(2).heartbeatLinks() > 0);
  }

  private static void await(BooleanSupplier condition) {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < endNs, "not in time");
      LockSupport.parkNanos(100_000); // and look again
    }
  }

  private static NettyTransport transport(int id, int peer, InetSocketAddress there) {
    return NettyTransport.open(
        NettyTransportConfig.builder(new NodeId(id))
            .link(NettyFixture.loopback(0), Map.of(new NodeId(peer), there))
            .insecurePlaintext(true)
            .build());
  }

  private SyncNode node(int id, int peer, NettyTransport transport) {
    long nowNs = System.nanoTime();
    SyncNode made =
        SyncNode.builder(
                SyncConfig.builder(CLUSTER, new NodeId(id))
                    .peer(new NodeId(peer))
                    .group(new GroupId(1), id == 1 ? 200 : 100)
                    .build())
            .transport(transport)
            .store(new MemoryStore())
            .entropy(Entropy.secure())
            .table(SessionTable.spec4(1_024, 1))
            .build();
    made.setWaker(transport::wake);
    made.start(nowNs);
    transport.turn(made);
    nodes.add(made);
    return made;
  }

  // ---- what the stranger says

  /** A HELLO that node 2 has no objection to. */
  private static Hello.Builder hello() {
    return Hello.newBuilder()
        .setWireVersion(WireVersion.CURRENT)
        .setCluster(CLUSTER)
        .setNode(1)
        .setIncarnation(5)
        .setKind(ConnectionKind.HEARTBEAT_CONNECTION)
        .setWindowBytes(1 << 20)
        .setHashKeyCheck(keyCheck());
  }

  private static ByteString keyCheck() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] name = ("understudy hash key of " + CLUSTER).getBytes(StandardCharsets.UTF_8);
      byte[] key = Arrays.copyOf(sha.digest(name), 16);
      return ByteString.copyFrom(sha.digest(key), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Hello.Builder ofManyTables() {
    Hello.Builder hello = hello();
    for (int i = 0; i < 8_000; i++) {
      hello.addTables(TableSchema.newBuilder().setTable(i));
    }
    return hello;
  }

  private static Hello.Builder ofManyColumns() {
    TableSchema.Builder table = TableSchema.newBuilder().setTable(1);
    for (int i = 0; i < 8_000; i++) {
      table.addColumns(ColumnSchema.newBuilder().setField(i));
    }
    return hello().addTables(table);
  }

  private static Hello.Builder ofManyGroups() {
    Hello.Builder hello = hello();
    for (int i = 0; i < 8_000; i++) {
      hello.addGroups(GroupStatus.newBuilder().setGroup(1));
    }
    return hello;
  }

  private static Frame frame(Hello.Builder hello) {
    return Frame.newBuilder().setHello(hello).build();
  }

  /** A connection of whoever says that he is node 1. */
  private final class RawMember implements AutoCloseable {
    private final Socket socket = new Socket();

    RawMember(LinkKind kind) throws IOException {
      socket.connect(NettyFixture.loopback(listening.localPort(0)));
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(new Preamble(kind, 0, 1).toBytes());
      assertEquals(Preamble.BYTES, socket.getInputStream().readNBytes(Preamble.BYTES).length);
    }

    void send(byte[] frame) throws IOException {
      assertTrue(frame.length <= MAX_FRAME, frame.length + " bytes are no frame");
      OutputStream out = socket.getOutputStream();
      CodedOutputStream coded = CodedOutputStream.newInstance(out);
      coded.writeUInt32NoTag(frame.length);
      coded.writeRawBytes(frame);
      coded.flush();
    }

    Frame read() throws IOException {
      int first = socket.getInputStream().read();
      int length = CodedInputStream.readRawVarint32(first, socket.getInputStream());
      return Frame.parseFrom(socket.getInputStream().readNBytes(length));
    }

    /** Until the other side closes. */
    void drain() {
      try {
        socket.shutdownOutput();
        socket.getInputStream().readAllBytes();
      } catch (IOException e) {
        return; // reset: it had not read all
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
