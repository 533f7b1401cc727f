package io.understudy;

import io.understudy.metrics.PeerLog;
import io.understudy.transport.CloseCause;
import io.understudy.transport.Link;
import io.understudy.wire.InputLimit;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** What is logged of connections; all of it can be caused from outside, and so has a rate. Thread: the duty cycle. */
final class ConnectionLog {
  private final Map<Integer, Peer> peers;
  private final PeerLog log = new PeerLog(LoggerFactory.getLogger(Connections.class));

  ConnectionLog(Map<Integer, Peer> peers) {
    this.peers = peers;
  }

  /**
   * Who it is, as the address that was dialled says, or its HELLO where it comes from that peer's address; {@code null}: no configured peer. A HELLO
   * alone may be anybody's.
   */
  Peer claimed(Connection connection) {
    if (connection.peer != null) {
      return connection.peer;
    }
    int node = connection.link.dialledNode();
    if (node == 0 && connection.hello != null) {
      int said = connection.hello.getNode();
      return connection.link.isAtAddressOf(said) ? peers.get(said) : null;
    }
    return peers.get(node);
  }

  /** Whose lines are counted together: a configured peer, or 0 for all strangers. */
  private int subject(Connection connection) {
    Peer peer = claimed(connection);
    return peer == null ? 0 : peer.node;
  }

  /** The transport dialled a member that is no peer. */
  void toNobody(Link link, long nowNs) {
    log.warn(
        "nobody",
        link.dialledNode(),
        nowNs,
        "link {} leads to node {}, which is no peer; closing it",
        link.index(),
        link.dialledNode());
  }

  void up(Connection connection, long nowNs) {
    log.info("up", connection.path(), nowNs, "{} is up", connection);
  }

  void closed(Connection connection, CloseCause cause, String detail, long nowNs) {
    log.info("closed", connection.path(), nowNs, "{} closed: {} ({})", connection, cause, detail);
  }

  void badFrame(Connection connection, String what, long nowNs) {
    log.warn(
        "bad frame",
        subject(connection),
        nowNs,
        "{}: {}; closing it, nothing is lost",
        connection,
        what);
  }

  void notBelieved(Connection connection, String what, long nowNs) {
    log.warn(
        "clock",
        subject(connection),
        nowNs,
        "{}: {}; a heartbeat's clock is passed over",
        connection,
        what);
  }

  /** @param reason quoted */
  void closedByPeer(Connection connection, String reason, long nowNs) {
    log.warn(
        "goodbye", subject(connection), nowNs, "{}: the peer closes it: {}", connection, reason);
  }

  /**
   * A configured peer's refusals are a {@link Fault}, and said there.
   *
   * @param reason quoted
   */
  void refusedByPeer(Connection connection, String reason, long nowNs) {
    if (claimed(connection) != null) {
      return;
    }
    log.warn(
        "refused by the peer",
        subject(connection),
        nowNs,
        "{}: refused by the peer: {}",
        connection,
        reason);
  }

  /** As {@link #refusedByPeer}. */
  void refused(Connection connection, String reason, long nowNs) {
    if (claimed(connection) != null) {
      return;
    }
    log.warn("refused", subject(connection), nowNs, "{}: refused: {}", connection, reason);
  }

  void tooLate(Connection connection, long nowNs) {
    log.warn(
        "no HELLO",
        subject(connection),
        nowNs,
        "{}: no HELLO was agreed within {} ms; closing it",
        connection,
        InputLimit.HELLO_MS.high());
  }
}
