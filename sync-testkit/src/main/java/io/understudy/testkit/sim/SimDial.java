package io.understudy.testkit.sim;

import io.understudy.transport.LinkKind;

/** Makes one of a member's connections and makes it again, with back-off, when it has ended. */
final class SimDial {
  private enum State {
    STOPPED,
    WAITING,
    CONNECTING,
    CONNECTED
  }

  private final SimNetwork network;
  private final SimTransport owner;
  private final int peer;
  private final int link;
  private final LinkKind kind;

  private State state = State.STOPPED;
  private long backOffNs;
  private long connectedAtNs;
  private boolean missedItsTime;
  private SimEnd end;

  SimDial(SimNetwork network, SimTransport owner, int peer, int link, LinkKind kind) {
    this.network = network;
    this.owner = owner;
    this.peer = peer;
    this.link = link;
    this.kind = kind;
    backOffNs = network.dialSettings().backOffMinNs();
  }

  void start() {
    state = State.WAITING;
    network.clock().after(0, this::dial);
  }

  void stop() {
    state = State.STOPPED;
  }

  /** The process is awake again. */
  void resume() {
    if (missedItsTime) {
      missedItsTime = false;
      network.clock().after(0, this::dial);
    }
  }

  /** An end of the owner is over; if it is this dial's, it dials again. */
  void ended(SimEnd over) {
    if (state == State.CONNECTED && over == end) {
      long maxNs = network.dialSettings().backOffMaxNs();
      if (network.nowNs() - connectedAtNs >= maxNs) {
        backOffNs = network.dialSettings().backOffMinNs();
      }
      waitAndDial();
    }
  }

  SimTransport owner() {
    return owner;
  }

  int peer() {
    return peer;
  }

  int link() {
    return link;
  }

  LinkKind kind() {
    return kind;
  }

  private void dial() {
    if (state != State.WAITING) {
      return;
    }
    if (owner.isPaused()) {
      missedItsTime = true;
      return;
    }
    state = State.CONNECTING;
    network.connect(this);
  }

  /** The network answers: there is a connection. */
  void succeeded(SimEnd dialledEnd) {
    state = State.CONNECTED;
    end = dialledEnd;
    connectedAtNs = network.nowNs();
  }

  /** The network answers: there is none. */
  void failed() {
    if (state == State.CONNECTING) {
      waitAndDial();
    }
  }

  boolean isConnecting() {
    return state == State.CONNECTING;
  }

  private void waitAndDial() {
    state = State.WAITING;
    network.clock().after(backOffNs / 2 + network.jitterNs(backOffNs / 2), this::dial);
    backOffNs = Math.min(backOffNs * 2, network.dialSettings().backOffMaxNs());
  }
}
