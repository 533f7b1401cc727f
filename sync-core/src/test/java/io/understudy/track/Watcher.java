package io.understudy.track;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;

/** One member that watches the packets of one session: a tracker, and the facts it has come to. */
public final class Watcher {
  public static final int FIN = PacketView.FIN;
  public static final int SYN = PacketView.SYN;
  public static final int RST = PacketView.RST;
  public static final int ACK = PacketView.ACK;

  private final PacketView packet = new PacketView();
  private final SessionFacts facts = new SessionFacts();
  private final TrackResult result = new TrackResult();
  private final ConnectionTracker tracker;
  private Direction lastDirection = Direction.FORWARD;

  private Watcher(boolean pickUp) {
    tracker = new ConnectionTracker(pickUp);
  }

  public static Watcher strict() {
    return new Watcher(false);
  }

  public static Watcher thatPicksUp() {
    return new Watcher(true);
  }

  public SessionFacts facts() {
    return facts;
  }

  public TrackResult result() {
    return result;
  }

  public SessionState state(int protocol) {
    return SessionState.of(protocol, facts);
  }

  public SessionState tcpState() {
    return state(IpProtocol.TCP);
  }

  public SessionState sctpState() {
    return state(IpProtocol.SCTP);
  }

  /** The direction of the last packet. */
  public Direction lastDirection() {
    return lastDirection;
  }

  /** What the other member knows arrives here. */
  public void mergeFrom(Watcher other) {
    facts.merge(other.facts);
  }

  public Verdict tcp(Direction direction, int flags, int seq, int ack, int length) {
    packet.begin(IpProtocol.TCP).tcp(flags, seq, ack, 8192, length);
    return track(direction);
  }

  public Verdict syn(Direction direction, int seq) {
    return tcp(direction, SYN, seq, 0, 0);
  }

  public Verdict synAck(Direction direction, int seq, int ack) {
    return tcp(direction, SYN | ACK, seq, ack, 0);
  }

  public Verdict ack(Direction direction, int seq, int ack) {
    return tcp(direction, ACK, seq, ack, 0);
  }

  public Verdict fin(Direction direction, int seq, int ack) {
    return tcp(direction, FIN | ACK, seq, ack, 0);
  }

  public Verdict rst(Direction direction, int seq) {
    return tcp(direction, RST, seq, 0, 0);
  }

  public Verdict rstAck(Direction direction, int seq, int ack) {
    return tcp(direction, RST | ACK, seq, ack, 0);
  }

  public Verdict init(Direction direction, int initiateTag) {
    packet.begin(IpProtocol.SCTP).sctp(0).chunk(SctpTracker.INIT, 0, initiateTag);
    return track(direction);
  }

  public Verdict initAck(Direction direction, int tag, int initiateTag) {
    packet.begin(IpProtocol.SCTP).sctp(tag).chunk(SctpTracker.INIT_ACK, 0, initiateTag);
    return track(direction);
  }

  /** An SCTP packet with chunks that have no tag of their own. */
  public Verdict chunks(Direction direction, int tag, int... types) {
    packet.begin(IpProtocol.SCTP).sctp(tag);
    for (int type : types) {
      packet.chunk(type, 0, 0);
    }
    return track(direction);
  }

  /** An SCTP packet with one chunk; needs no array. */
  public Verdict chunk(Direction direction, int tag, int type) {
    packet.begin(IpProtocol.SCTP).sctp(tag).chunk(type, 0, 0);
    return track(direction);
  }

  /** An SCTP packet whose sender returns the tag that was sent to it. */
  public Verdict reflected(Direction direction, int tag, int type) {
    packet.begin(IpProtocol.SCTP).sctp(tag).chunk(type, 1, 0);
    return track(direction);
  }

  public Verdict icmp(int protocol, Direction direction, int type) {
    packet.begin(protocol).icmp(type, 0);
    return track(direction);
  }

  /** A packet of a protocol that is tracked without looking into it. */
  public Verdict packet(int protocol, Direction direction) {
    packet.begin(protocol);
    return track(direction);
  }

  public Verdict laterFragment(int protocol, Direction direction) {
    packet.begin(protocol).countsForNothing();
    return track(direction);
  }

  public Verdict track(PacketView described, Direction direction) {
    lastDirection = direction;
    return tracker.track(described, direction, facts, result);
  }

  private Verdict track(Direction direction) {
    return track(packet, direction);
  }
}
