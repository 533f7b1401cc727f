package io.understudy.testkit.sim;

import io.understudy.transport.DialFailure;
import io.understudy.transport.LinkKind;

/**
 * Makes one of a member's connections, and makes it again as long as none of this peer, link and kind is established, whoever
 * dialled that.
 */
final class SimDial {
  private enum State {
    IDLE,
    WAITING,
    CONNECTING,
    CONNECTED
  }

  private final SimNetwork network;
  private final SimTransport owner;
  private final int peer;
  private final int link;
  private final LinkKind kind;

  private State state = State.IDLE;
  private boolean isStopped;
  private int establishedCount;
  private long attempt;
  private long begunNs;
  private long backOffNs;
  private boolean isAtOnce;
  private long atOnceNs = Long.MIN_VALUE;
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

  boolean isFor(SimEnd other) {
    return other.peer() == peer && other.index() == link && other.kind() == kind;
  }

  void start() {
    dialAfter(0);
  }

  void stop() {
    isStopped = true;
    state = State.IDLE;
  }

  /** The process is awake again. */
  void resume() {
    if (missedItsTime) {
      missedItsTime = false;
      long number = attempt;
      network.clock().after(0, () -> dial(number));
    }
  }

  /** One of this peer, link and kind is established: what has not come to a connection yet is given up. */
  void established() {
    establishedCount++;
    if (state == State.CONNECTED && !end.wasOpened()) {
      end.close();
    }
    if (state != State.CONNECTED) {
      state = State.IDLE;
    }
  }

  /** It has ended. */
  void establishedEnded() {
    establishedCount--;
    if (establishedCount > 0) {
      return;
    }
    long nowNs = network.nowNs();
    long maxNs = network.dialSettings().backOffMaxNs();
    if (atOnceNs == Long.MIN_VALUE || nowNs - atOnceNs >= maxNs) {
      atOnceNs = nowNs;
      isAtOnce = true;
      backOffNs = network.dialSettings().backOffMinNs();
    }
    if (state == State.IDLE) {
      dialAgain(nowNs);
    }
  }

  /** An end of the owner is over; if it is this dial's, it dials again. */
  void ended(SimEnd over) {
    if (state == State.CONNECTED && over == end) {
      state = State.IDLE;
      dialAgain(network.nowNs());
    }
  }

  SimTransport owner() {
    return owner;
  }

  int peer() {
    return peer;
  }

  /** Where the peer is dialled. */
  int address() {
    return owner.addressOf(peer);
  }

  int link() {
    return link;
  }

  LinkKind kind() {
    return kind;
  }

  long begunNs() {
    return begunNs;
  }

  /** The network answers: there is a connection. */
  void succeeded(SimEnd dialledEnd) {
    state = State.CONNECTED;
    end = dialledEnd;
  }

  /** The network answers: there is none. */
  void failed(long number, DialFailure why) {
    if (isConnecting(number)) {
      state = State.IDLE;
      owner.dialFailed(this, begunNs, why);
      dialAgain(begunNs);
    }
  }

  boolean isConnecting(long number) {
    return state == State.CONNECTING && number == attempt;
  }

  private void dialAgain(long sinceNs) {
    if (isStopped || establishedCount > 0) {
      return;
    }
    long waitNs = 0;
    if (isAtOnce) {
      isAtOnce = false;
    } else {
      waitNs = backOffNs / 2 + network.jitterNs(backOffNs / 2);
      backOffNs = Math.min(backOffNs * 2, network.dialSettings().backOffMaxNs());
    }
    dialAfter(Math.max(0, sinceNs + waitNs - network.nowNs()));
  }

  private void dialAfter(long delayNs) {
    state = State.WAITING;
    long number = ++attempt;
    network.clock().after(delayNs, () -> dial(number));
  }

  private void dial(long number) {
    if (state != State.WAITING || number != attempt) {
      return; // given up meanwhile
    }
    if (owner.isPaused()) {
      missedItsTime = true;
      return;
    }
    state = State.CONNECTING;
    begunNs = network.nowNs();
    network.connect(this, number);
  }
}
