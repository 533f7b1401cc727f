package io.understudy;

import com.google.protobuf.ByteString;
import io.understudy.proto.v1.Hello;
import io.understudy.transport.Link;
import io.understudy.transport.SendResult;
import java.util.ArrayDeque;
import java.util.Arrays;

/** One connection and how far its HELLO went. Thread: the duty cycle. */
final class Connection {
  final Link link;
  final long openedNs;

  /** Known from the peer's HELLO; of a refused one, from its address. */
  Peer peer;

  Hello hello;
  long incarnation;
  ByteString sentHelloHash;
  boolean helloSent;
  long sentSequence;
  long sentReplaces;
  boolean confirmSent;
  boolean confirmed;

  /** HELLO agreed both ways. */
  boolean up;

  /** The peer may count on hearing this member on it. */
  boolean counted;

  /** A HELLO of a new life, which waits until the former one is over. */
  long waitingSinceNs = Long.MIN_VALUE;

  /** The last own heartbeat that was stamped before that HELLO was read: who echoes a later one lives. */
  long lastNumber;

  /** When a later one was seen to be stamped; 0: none was. */
  long askedNs;

  /** This member had no objection to its HELLO: if it is refused, its node id is there twice, or the other side objects. */
  boolean isOfCluster;

  /** One of the two objects to the other: the connection is never up. */
  boolean refused;

  /** It is refused and stays for heartbeats ({@link RefusedConnections}). */
  boolean kept;

  /** Frames that came before it was agreed on. */
  int handshakeFrames;

  /** It is kept, and each side confirmed the other's HELLO: heartbeats may come and go. */
  boolean talks;

  boolean finishing;

  /** The last news that a heartbeat told, and that a later one found no room: it is said again when there is some. */
  long toldNews;

  boolean owesNews;

  /** A question found no room on it. */
  boolean owesQuestion;

  /** Frames of the handshake for which there was no room: three at most. */
  private final ArrayDeque<byte[]> unsent = new ArrayDeque<>();

  Connection(Link link, long openedNs) {
    this.link = link;
    this.openedNs = openedNs;
  }

  /** A frame of the handshake: it goes as soon as there is room, in its order. */
  void send(byte[] bytes, int length) {
    if (!unsent.isEmpty() || link.send(bytes, 0, length) == SendResult.FULL) {
      unsent.add(Arrays.copyOf(bytes, length));
    }
  }

  /** There is room. Answers whether every frame of the handshake is out: before that nothing else may go. */
  boolean sendRest() {
    while (!unsent.isEmpty()
        && link.send(unsent.peek(), 0, unsent.peek().length) != SendResult.FULL) {
      unsent.remove();
    }
    return unsent.isEmpty();
  }

  /** Whoever dialled this one had the other one up already: that one broke at its end. */
  boolean isAfter(Connection other) {
    return link.dialledNode() != 0
        ? sentReplaces >= other.sentSequence
        : hello.getReplaces() >= other.hello.getSequence();
  }

  /** The same peer's, of the same link and kind. */
  boolean isBeside(Connection other) {
    return other != this && other.link.kind() == link.kind() && other.link.index() == link.index();
  }

  boolean isWaiting() {
    return waitingSinceNs != Long.MIN_VALUE;
  }

  /** As {@link #isBeside}, and dialled from the same side. */
  boolean isSameWay(Connection other) {
    return isBeside(other) && isDialled() == other.isDialled();
  }

  boolean isDialled() {
    return link.dialledNode() != 0;
  }

  /** What it shares with those before and after it. */
  String path() {
    int node = peer == null ? link.dialledNode() : peer.node;
    return link.kind() + " connection of link " + link.index() + " with node " + node;
  }

  @Override
  public String toString() {
    String who =
        hello == null
            ? link.dialledNode() == 0 ? "a peer" : "node " + link.dialledNode()
            : "node " + hello.getNode();
    return link.kind() + " connection " + link.id() + " of link " + link.index() + " with " + who;
  }
}
