package io.understudy.backup;

import io.understudy.track.FlowState;
import io.understudy.track.SessionEvent;
import io.understudy.track.SessionState;
import io.understudy.track.TrackResult;

/**
 * What the gate is asked about: one session and what just happened to it; reused from session to
 * session.
 *
 * <p>Shape: {@link #session} empties it and names the session, the others add what is known; what
 * is not said is 0.
 * <p>Thread: one at a time.
 */
public final class BackupQuestion {
  /**
   * From or to the firewall itself: the tracker's event says so, or one end is an address of the
   * node.
   */
  public static final int LOCAL = 1;

  /** The destination of its first packet is a multicast or broadcast address. */
  public static final int MULTICAST = 1 << 1;

  /** A proxy inspects it. Flow-based inspection that resumes in mid-stream does not count. */
  public static final int INSPECTED = 1 << 2;

  /**
   * It enters or leaves by a tunnel that ends on the firewall and does not survive (PPTP, L2TP,
   * GRE, DSVPN).
   */
  public static final int TUNNEL = 1 << 3;

  /** It belongs to an SSL VPN service other than the login. */
  public static final int SSL_VPN = 1 << 4;

  /** Its helper is still setting it up: a call that is not yet answered. */
  public static final int HELPER_PENDING = 1 << 5;

  /** The gate has answered BACK_UP for this generation before, and not WITHDRAW since. */
  public static final int BACKED_UP = 1 << 6;

  /** {@link AdaptiveMode} has turned quick mode on for its scope. */
  public static final int ADAPTIVE_QUICK = 1 << 7;

  /** The backup takes nothing new at the moment. */
  public static final int OVERLOADED = 1 << 8;

  private int protocol;
  private int group;
  private int vsys;
  private int ingressZone;
  private int egressZone;
  private int servicePort;
  private int flags;
  private long forwardPackets;
  private long ageNs;
  private SessionState oldState = FlowState.NONE;
  private SessionState newState = FlowState.NONE;
  private SessionEvent event = SessionEvent.NONE;

  /**
   * Begins a question.
   *
   * @param destinationPort of the forward direction; 0 where there are no ports
   */
  public BackupQuestion session(int ipProtocol, int groupId, int vsysId, int destinationPort) {
    protocol = ipProtocol;
    group = groupId;
    vsys = vsysId;
    servicePort = destinationPort;
    ingressZone = 0;
    egressZone = 0;
    flags = 0;
    forwardPackets = 0;
    ageNs = 0;
    return this;
  }

  public BackupQuestion zones(int ingress, int egress) {
    ingressZone = ingress;
    egressZone = egress;
    return this;
  }

  /** What the tracker found. */
  public BackupQuestion change(TrackResult result) {
    return change(result.oldState(), result.event(), result.newState());
  }

  /** What happened. */
  public BackupQuestion change(SessionState before, SessionEvent what, SessionState after) {
    oldState = before;
    event = what;
    newState = after;
    return this;
  }

  /** Nothing happened: a scan, or the time to look again has come. */
  public BackupQuestion unchanged(SessionState state) {
    return change(state, SessionEvent.LOOK_AGAIN, state);
  }

  /**
   * @param forward packets that this member saw in the forward direction, the present one included
   * @param age of the session in nanoseconds
   */
  public BackupQuestion usage(long forward, long age) {
    forwardPackets = forward;
    ageNs = age;
    return this;
  }

  /** Adds flags. */
  public BackupQuestion flags(int added) {
    flags |= added;
    return this;
  }

  int protocol() {
    return protocol;
  }

  int group() {
    return group;
  }

  int vsys() {
    return vsys;
  }

  int ingressZone() {
    return ingressZone;
  }

  int egressZone() {
    return egressZone;
  }

  int servicePort() {
    return servicePort;
  }

  long forwardPackets() {
    return forwardPackets;
  }

  long ageNs() {
    return ageNs;
  }

  SessionState oldState() {
    return oldState;
  }

  SessionState newState() {
    return newState;
  }

  SessionEvent event() {
    return event;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
