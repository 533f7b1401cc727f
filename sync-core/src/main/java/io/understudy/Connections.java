package io.understudy;

import com.google.protobuf.ByteString;
import io.understudy.ha.PeerMonitor;
import io.understudy.ha.RoleMachine;
import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.proto.v1.Goodbye;
import io.understudy.proto.v1.Heartbeat;
import io.understudy.proto.v1.Hello;
import io.understudy.proto.v1.HelloConfirm;
import io.understudy.table.GenerationClock;
import io.understudy.transport.CloseCause;
import io.understudy.transport.DialFailure;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.LinkListener;
import io.understudy.wire.FrameReader;
import io.understudy.wire.FrameWriter;
import io.understudy.wire.InputLimit;
import io.understudy.wire.InputLimits;
import io.understudy.wire.MessageType;
import io.understudy.wire.PeerText;
import io.understudy.wire.WireFormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The node's connections: HELLO on each, then heartbeats on the one kind and streams on the other.
 *
 * <h2>Ordering</h2>
 *
 * The side that dialled says HELLO first. A connection is up when each side confirmed the other's HELLO by its hash. A HELLO of a new
 * life waits until the former life's connections are gone and what they held is applied; the former life is asked meanwhile, and if it answers, a
 * second process has the same node id and is refused. A newer data connection of the same life replaces the older, which is read to its
 * end; its streams have a lower epoch, so what comes late has no effect. Of two that cross, dialled from both sides, one stays.
 * One that is refused closes, or stays for heartbeats ({@link RefusedConnections}).
 *
 * <p>Thread: the duty cycle.
 */
final class Connections implements LinkListener {
  /** A connection that is not up by then is closed. */
  private static final long HELLO_LIMIT_NS = InputLimit.HELLO_MS.high() * 1_000_000;

  /** A new life waits no longer for the former one's answer, so that it is up before that. */
  private static final long MOST_ANSWER_NS = HELLO_LIMIT_NS / 2;

  private final Crossing crossing;
  private final Map<Integer, Peer> peers;
  private final Handshake handshake;
  private final RoleMachine roles;
  private final NodeGroups groups;
  private final GenerationClock clock;
  private final CounterSet counters;
  private final Events events;
  private final long intervalNs;
  private final Map<Long, Connection> byId = new HashMap<>();
  private final FrameReader reader = new FrameReader();
  private final FrameWriter writer = new FrameWriter();
  private final ConnectionLog log;
  private final RefusedConnections refused;
  private Consumer<Throwable> whenFailed = cause -> {};
  private long nowNs;

  /** What the connections mean to the node. */
  interface Events {
    void onIncarnation(Peer peer, long incarnation);

    void onUp(Peer peer, Connection connection);

    void onDown(Peer peer, Connection connection);

    /** One of the two objects to the other, before a connection was up. */
    void onRefused(Peer peer);

    void onDialFailed(Peer peer, int link, LinkKind kind, DialFailure why, String detail);

    void onTime(long nowNs);

    long now();
  }

  Connections(
      int node,
      Map<Integer, Peer> peers,
      Handshake handshake,
      RoleMachine roles,
      NodeGroups groups,
      GenerationClock clock,
      long intervalNs,
      CounterSet counters,
      Events events) {
    crossing = new Crossing(node);
    this.peers = peers;
    this.handshake = handshake;
    this.roles = roles;
    this.groups = groups;
    this.clock = clock;
    this.intervalNs = intervalNs;
    this.counters = counters;
    this.events = events;
    log = new ConnectionLog(peers);
    refused = new RefusedConnections(node, handshake.incarnation(), peers, roles);
  }

  /** Who hears that the transport ends. */
  void whenFailed(Consumer<Throwable> action) {
    whenFailed = action;
  }

  @Override
  public void onFailed(Throwable cause) {
    whenFailed.accept(cause);
  }

  @Override
  public void onTime(long now) {
    events.onTime(now);
  }

  @Override
  public void onOpened(Link link) {
    nowNs = events.now();
    if (link.dialledNode() != 0 && !peers.containsKey(link.dialledNode())) {
      log.toNobody(link, nowNs);
      link.close();
      return;
    }
    Connection connection = new Connection(link, nowNs);
    byId.put(link.id(), connection);
    if (link.dialledNode() == 0) {
      return;
    }
    if (peers.containsKey(link.dialledNode())) {
      sendHello(connection);
    } else {
      link.close(); // the transport knows a member that this node does not: a link to nobody
    }
  }

  @Override
  public void onWritable(Link link) {
    // what a stream owes the next turn of the duty cycle tries again; news would be an interval
    // late
    Connection connection = byId.get(link.id());
    if (connection == null) {
      return;
    }
    nowNs = events.now();
    goOn(connection);
    if (connection.owesNews) {
      connection.owesNews = false;
      roles.onRoom();
    }
  }

  @Override
  public void onDialFailed(
      int peer, int link, LinkKind kind, long begunNs, DialFailure why, String detail) {
    if (!peers.containsKey(peer)) {
      return;
    }
    if (why == DialFailure.REFUSED) {
      roles.onDialRefused(peer, link, begunNs);
    }
    events.onDialFailed(peers.get(peer), link, kind, why, detail);
  }

  @Override
  public void onClosed(Link link, CloseCause cause, String detail) {
    nowNs = events.now();
    Connection connection = byId.remove(link.id());
    if (connection == null) {
      return;
    }
    if (cause == CloseCause.BAD_FRAME) {
      counters.increment(SyncCounter.FRAMES_REJECTED);
    }
    Peer peer = connection.peer;
    boolean byPeer = cause == CloseCause.PEER_CLOSED || cause == CloseCause.BROKEN;
    if (connection.kept) {
      refused.closed(connection, byPeer, nowNs);
    } else if (connection.up && peer.connections.remove(connection)) {
      log.closed(connection, cause, detail, nowNs);
      if (connection.counted) {
        roles.onDisconnected(peer.node, link.index(), byPeer, nowNs);
      }
      events.onDown(peer, connection);
      if (!peer.hasOpenConnections()) {
        refused.countAll(peer, nowNs);
      }
    }
  }

  @Override
  public void onFrame(Link link, byte[] bytes, int offset, int length) {
    nowNs = events.now();
    Connection connection = byId.get(link.id());
    if (connection == null) {
      return;
    }
    try {
      reader.wrap(bytes, offset, length);
      if (connection.talks) {
        onRefusedFrame(connection);
      } else if (!connection.up) {
        onHandshakeFrame(connection);
      } else {
        onPeerFrame(connection, length);
      }
    } catch (WireFormatException e) {
      counters.increment(SyncCounter.FRAMES_REJECTED);
      log.badFrame(connection, e.getMessage(), nowNs);
      link.close();
    }
  }

  /** Only a frame that was understood to its end is a sign of life. */
  private void onPeerFrame(Connection connection, int length) throws WireFormatException {
    Peer peer = connection.peer;
    groups.setSource(peer.node, nowNs);
    if (connection.link.kind() == LinkKind.DATA) {
      counters.add(SyncCounter.PAYLOAD_BYTES_RECEIVED, length);
      peer.stream.onFrame(connection.link, reader, nowNs);
    } else {
      onHeartbeatFrame(connection);
    }
    if (connection.up) {
      roles.onHeard(peer.node);
    }
  }

  private void onHeartbeatFrame(Connection connection) throws WireFormatException {
    for (MessageType type = reader.next(); type != MessageType.END; type = reader.next()) {
      if (type == MessageType.HEARTBEAT) {
        Heartbeat heartbeat = reader.parse(Heartbeat.parser());
        InputLimits.check(heartbeat);
        groups.checkStatuses(heartbeat.getGroupsList());
        hearClock(connection, heartbeat.getGenerationClock());
        roles.onHeartbeat(connection.peer.node, connection.link.index(), heartbeat, nowNs);
      } else if (type == MessageType.GOODBYE) {
        onLateGoodbye(connection, reader.parse(Goodbye.parser()));
        return;
      } else {
        counters.increment(SyncCounter.UNKNOWN_FIELDS);
      }
    }
  }

  /** A clock is a hint: one that is not believed takes the peer's echo and its state from nobody. */
  private void hearClock(Connection connection, long generation) {
    try {
      groups.hearClock(generation);
    } catch (WireFormatException e) {
      counters.increment(SyncCounter.CLOCKS_NOT_BELIEVED);
      log.notBelieved(connection, e.getMessage(), nowNs);
    }
  }

  /** The peer closes a connection that is up, or found an objection when this side had none left. */
  private void onLateGoodbye(Connection connection, Goodbye goodbye) {
    if (!goodbye.getKeeps()) {
      log.closedByPeer(connection, PeerText.quote(goodbye.getReason()), nowNs);
      return;
    }
    Peer peer = connection.peer;
    connection.up = false;
    peer.connections.remove(connection);
    if (connection.counted) {
      connection.counted = false;
      roles.onDisconnected(peer.node, connection.link.index(), false, nowNs);
    }
    events.onDown(peer, connection);
    onGoodbye(connection, goodbye);
    if (!connection.kept && !peer.hasOpenConnections()) {
      refused.countAll(peer, nowNs);
    }
  }

  /** Of one that is refused and kept: what it says of its groups, and nothing else. */
  private void onRefusedFrame(Connection connection) throws WireFormatException {
    for (MessageType type = reader.next(); type != MessageType.END; type = reader.next()) {
      if (type == MessageType.HEARTBEAT) {
        Heartbeat heartbeat = reader.parse(Heartbeat.parser());
        InputLimits.check(heartbeat);
        refused.onHeartbeat(connection, heartbeat, nowNs);
      } else if (type == MessageType.GOODBYE) {
        log.refusedByPeer(
            connection, PeerText.quote(reader.parse(Goodbye.parser()).getReason()), nowNs);
      } else {
        counters.increment(SyncCounter.UNKNOWN_FIELDS);
      }
    }
  }

  // ---- HELLO

  private void onHandshakeFrame(Connection connection) throws WireFormatException {
    InputLimit.HANDSHAKE_FRAMES.check(++connection.handshakeFrames);
    for (MessageType type = reader.next(); type != MessageType.END; type = reader.next()) {
      if (connection.refused && !connection.kept) {
        return; // a peer that has no objection of its own goes on until it reads why
      }
      switch (type) {
        case HELLO -> onHello(connection, reader.parse(Hello.parser()));
        case HELLO_CONFIRM -> onConfirm(connection, reader.parse(HelloConfirm.parser()));
        case GOODBYE -> onGoodbye(connection, reader.parse(Goodbye.parser()));
        case HEARTBEAT -> {
          if (!connection.kept || !connection.confirmed) {
            throw new WireFormatException(type + " before HELLO was confirmed");
          }
          return; // the peer has not read yet that it is refused
        }
        default -> throw new WireFormatException(type + " before HELLO was confirmed");
      }
    }
  }

  /** The peer objects to this member. Who it is says its HELLO, or the address that was dialled. */
  private void onGoodbye(Connection connection, Goodbye goodbye) {
    String quoted = PeerText.quote(goodbye.getReason());
    noteRefusal(connection, quoted, true);
    log.refusedByPeer(connection, quoted, nowNs);
    if (goodbye.getKeeps() && !connection.kept) {
      connection.refused = true;
      connection.waitingSinceNs = Long.MIN_VALUE;
      if (refused.keep(connection, nowNs)) {
        agreeToKeep(connection);
      } else {
        finish(connection);
      }
    }
  }

  private void noteRefusal(Connection connection, String reason, boolean byPeer) {
    Peer peer = log.claimed(connection);
    if (peer != null) {
      peer.refused(reason, byPeer, nowNs);
      events.onRefused(peer);
    }
  }

  private void onHello(Connection connection, Hello hello) throws WireFormatException {
    if (connection.hello != null) {
      throw new WireFormatException("a second HELLO on one connection");
    }
    InputLimits.check(hello);
    connection.hello = hello;
    connection.incarnation = hello.getIncarnation();
    String objection = handshake.objection(hello, connection.link);
    if (!objection.isEmpty()) {
      refuse(connection, objection);
      return;
    }
    connection.isOfCluster = true;
    connection.peer = peers.get(hello.getNode());
    connection.waitingSinceNs = nowNs;
    connection.lastNumber = roles.lastNumber();
    admitIfAlone(connection);
  }

  /** Goes on with it; with a life not met before only when the former one is over. */
  private void admitIfAlone(Connection connection) {
    Peer peer = connection.peer;
    if (!isFormerLifeOpen(connection)) {
      admit(connection); // or another connection of this life came first
      return;
    }
    if (!connection.helloSent) {
      sendHello(connection); // whoever repeats what it overheard cannot confirm it
    }
    // only its echo says that the former life lives: what else is read of it may have lain in a
    // socket
    PeerMonitor former = roles.peer(peer.node);
    if (connection.askedNs == 0 && roles.lastNumber() > connection.lastNumber) {
      connection.askedNs = nowNs;
    }
    boolean isSilent =
        connection.askedNs != 0 && nowNs - connection.askedNs > answerNs(peer)
            || !former.isEchoing();
    if (former.echoedNumber() > connection.lastNumber) {
      refuse(connection, Handshake.secondProcess(connection.peer.node));
    } else if (connection.confirmed && isSilent) {
      finishConnections(peer);
    } else {
      roles.ask(nowNs);
    }
  }

  /** A process that is asked and has not answered for so long does not live, or sleeps. */
  private long answerNs(Peer peer) {
    long longNs = Math.max(2 * intervalNs, roles.peer(peer.node).claimNs());
    return Math.min(MOST_ANSWER_NS, longNs);
  }

  /** Another life of the peer has connections that are up; one that is not yet confirmed never ends any. */
  private static boolean isFormerLifeOpen(Connection connection) {
    Peer peer = connection.peer;
    return connection.incarnation != peer.incarnation && peer.hasOpenConnections();
  }

  /** Goes on with it. Nothing that its HELLO says is believed before the peer confirmed ours: it may be somebody else's, repeated. */
  private void admit(Connection connection) {
    connection.waitingSinceNs = Long.MIN_VALUE;
    if (!connection.helloSent) {
      sendHello(connection);
    }
    sendConfirm(connection);
    goOn(connection);
  }

  /** Each side has confirmed the other's HELLO, or not yet; nothing may go before what this side said of that. */
  private void goOn(Connection connection) {
    if (connection.up
        || connection.talks
        || connection.finishing
        || !connection.sendRest()
        || !connection.confirmed) {
      return;
    }
    if (connection.kept) {
      refused.talk(connection, nowNs);
    } else if (connection.hello != null && !connection.isWaiting()) {
      up(connection);
    }
  }

  private void sendConfirm(Connection connection) {
    connection.confirmSent = true;
    writer.reset();
    writer.message(
        MessageType.HELLO_CONFIRM,
        HelloConfirm.newBuilder().setHelloSha256(Handshake.hash(connection.hello)).build());
    connection.send(writer.bytes(), writer.length());
  }

  private void onConfirm(Connection connection, HelloConfirm confirm) throws WireFormatException {
    ByteString expected = connection.sentHelloHash;
    if (expected == null || !expected.equals(confirm.getHelloSha256())) {
      throw new WireFormatException("the peer confirmed another HELLO than the one it was sent");
    }
    connection.confirmed = true;
    goOn(connection);
  }

  private void up(Connection connection) {
    if (isFormerLifeOpen(connection)) {
      refuse(
          connection,
          Handshake.secondProcess(
              connection.peer.node)); // it came up while this one was being agreed on
      return;
    }
    try {
      believe(connection);
    } catch (WireFormatException e) {
      refuse(connection, e.getMessage());
      return;
    }
    connection.up = true;
    Peer peer = connection.peer;
    refused.dropAll(peer, nowNs);
    peer.connections.add(connection);
    log.up(connection, nowNs);
    roles.onAgreed(peer.node, connection.incarnation, nowNs);
    peer.cameUp(connection);
    if (crossing.loses(connection)) {
      finish(connection); // the other side finds the same; the streams stay where they are
    } else {
      connection.link.establish();
      Crossing.others(connection).forEach(Connections::finish);
      if (connection.link.kind() == LinkKind.HEARTBEAT) {
        connection.counted = true;
        roles.onConnected(peer.node, connection.link.index());
      }
      events.onUp(peer, connection);
    }
    roles.onStatuses(
        peer.node, connection.hello.getSequence(), connection.hello.getGroupsList(), nowNs);
  }

  /** Takes over what the HELLO says of the peer's life, clock and terms, if all of it can be true. */
  private void believe(Connection connection) throws WireFormatException {
    Peer peer = connection.peer;
    Hello hello = connection.hello;
    boolean isNewLife = connection.incarnation != peer.incarnation;
    if (!isNewLife) {
      peer.inbound.checkEpoch(hello.getEpoch());
    }
    groups.setSource(peer.node, nowNs);
    groups.checkStatuses(hello.getGroupsList());
    groups.hearClock(hello.getGenerationClock());
    if (isNewLife) {
      peer.incarnation = connection.incarnation;
      events.onIncarnation(peer, connection.incarnation);
    }
  }

  private void sendHello(Connection connection) {
    Peer peer =
        connection.peer == null ? peers.get(connection.link.dialledNode()) : connection.peer;
    connection.sentSequence = roles.nextSequence();
    connection.sentReplaces = peer.newestUp(connection.link);
    Hello hello =
        handshake
            .hello(
                connection.link,
                peer.stream.epoch(),
                clock.last(),
                connection.sentSequence,
                roles.statuses(nowNs))
            .toBuilder()
            .setReplaces(connection.sentReplaces)
            .setDetectionNs(roles.claimTime().toldNs())
            .build();
    connection.sentHelloHash = Handshake.hash(hello);
    connection.helloSent = true;
    writer.reset();
    writer.message(MessageType.HELLO, hello);
    connection.send(writer.bytes(), writer.length());
  }

  private void refuse(Connection connection, String reason) {
    counters.increment(SyncCounter.HELLO_REFUSED);
    connection.waitingSinceNs = Long.MIN_VALUE;
    connection.refused = true;
    boolean keeps = refused.keep(connection, nowNs);
    noteRefusal(connection, reason, false);
    log.refused(connection, reason, nowNs);
    if (keeps && !connection.helloSent) {
      sendHello(connection);
    }
    writer.reset();
    writer.message(
        MessageType.GOODBYE,
        Goodbye.newBuilder().setReason(PeerText.reason(reason)).setKeeps(keeps).build());
    connection.send(writer.bytes(), writer.length());
    if (keeps) {
      agreeToKeep(connection);
    } else {
      finish(connection);
    }
  }

  /** The peer hears of the objection first: what confirms its HELLO then does not bring the connection up. */
  private void agreeToKeep(Connection connection) {
    if (!connection.confirmSent) {
      sendConfirm(connection);
    }
    goOn(connection);
  }

  // ---- turning

  /** Closes what did not get up in time and looks again at those who wait. */
  void run(long now) {
    nowNs = now;
    if (isQuiet()) {
      return; // as in nearly every turn: nothing to copy
    }
    for (Connection connection : new ArrayList<>(byId.values())) {
      if (connection.isWaiting()) {
        admitIfAlone(connection);
      }
      if (!connection.up
          && !connection.talks
          && !connection.finishing
          && now - connection.openedNs > HELLO_LIMIT_NS) {
        log.tooLate(connection, now);
        finish(connection);
      }
    }
  }

  boolean isQuiet() {
    for (Connection connection : byId.values()) {
      if (!connection.up && !connection.talks) {
        return false;
      }
    }
    return true;
  }

  /** Reads what the peer's connections still hold, then closes them. */
  void finishConnections(Peer peer) {
    for (Connection connection : List.copyOf(peer.connections)) {
      finish(connection);
    }
  }

  /** As {@link #finishConnections}, for those that carry entries. */
  void finishStreams(Peer peer) {
    for (Connection connection : List.copyOf(peer.connections)) {
      if (connection.link.kind() == LinkKind.DATA) {
        finish(connection);
      }
    }
  }

  private static void finish(Connection connection) {
    if (!connection.finishing) {
      connection.finishing = true;
      connection.link.finish();
    }
  }
}
