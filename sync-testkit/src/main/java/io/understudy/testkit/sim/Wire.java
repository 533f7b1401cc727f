package io.understudy.testkit.sim;

import io.understudy.transport.CloseCause;
import java.util.ArrayDeque;
import java.util.Objects;

/**
 * One direction of a simulated connection: the sender's bounded buffer, what is on the way, and the receiver's window.
 *
 * <p>Frames go from the buffer onto the way while the window has room for them, one at a time where bandwidth is limited,
 * and arrive in order. A frozen path keeps what is on the way; when it thaws, that arrives as if sent again.
 */
final class Wire {
  private static final int KERNEL_SHARE = 2;

  private final SimNetwork network;
  private final SimPath path;
  private final SimPath back;
  private final PathTraffic traffic;
  private final SimEnd from;
  private final SimEnd to;

  private final ArrayDeque<Item> buffer = new ArrayDeque<>();
  private int bufferedBytes;

  /** How many of the buffer are in the kernel for certain; more may be. */
  private int takenCount;

  private boolean answeredFull;
  private boolean isClosed;

  private final ArrayDeque<Item> onTheWay = new ArrayDeque<>();

  /** Bytes on the way and unread together. */
  private int windowBytes;

  /** Read by the receiver while no acknowledgement could come back. */
  private int withheldBytes;

  private long lastArrivalNs = Long.MIN_VALUE;
  private long stalledUntilNs = Long.MIN_VALUE;
  private boolean inTransmission;
  private boolean losesAll;
  private boolean hasArrivalTimer;
  private SimClock.Timer arrivalTimer;

  Wire(SimNetwork network, SimPath path, SimEnd from, SimEnd to) {
    this.network = network;
    this.path = path;
    back = network.path(path.to, path.from, path.link);
    this.from = from;
    this.to = to;
    traffic = path.traffic(from.kind());
    path.wires.add(this);
  }

  SimEnd from() {
    return from;
  }

  SimEnd to() {
    return to;
  }

  SimPath path() {
    return path;
  }

  PathTraffic traffic() {
    return traffic;
  }

  /** What the connection starts with: the other end learns that it is open. */
  void sendOpening() {
    putOnTheWay(Item.opening());
  }

  /** Takes a frame into the buffer, or answers false when there is no room. */
  boolean offer(byte[] frame, int offset, int length) {
    if (bufferedBytes > 0 && bufferedBytes + length > path.settings.sendBufferBytes()) {
      answeredFull = true;
      return false;
    }
    byte[] copy = new byte[length];
    System.arraycopy(frame, offset, copy, 0, length);
    Item item = Item.frame(copy);
    item.offeredNs = network.nowNs();
    buffer.add(item);
    bufferedBytes += length;
    pump();
    return true;
  }

  /**
   * Whether all that was offered is in the sender's kernel, which has half of the buffer; it then arrives whatever becomes of the
   * sender's process. What is beyond waits for room in the other half.
   */
  boolean isTaken() {
    boolean isTaken =
        buffer.size() <= 1 || bufferedBytes <= path.settings.sendBufferBytes() / KERNEL_SHARE;
    if (isTaken) {
      takenCount = buffer.size();
    }
    return isTaken;
  }

  /** The receiver has read this much. */
  void release(int bytes) {
    if (back.isFrozen(network.nowNs())) {
      withheldBytes += bytes; // the acknowledgement cannot get back
    } else {
      windowBytes -= bytes;
      pump();
    }
  }

  /** The way back carries acknowledgements again. */
  void acknowledgeWithheld() {
    windowBytes -= withheldBytes;
    withheldBytes = 0;
    pump();
  }

  /** Ends the direction from the sender's side, as its kernel or the death of its machine does. */
  void shutDown(Death death) {
    if (isClosed) {
      return;
    }
    isClosed = true;
    switch (death) {
      case CLOSED -> {
        keepPrefix(buffer, takenCount); // the part that had reached the kernel
        buffer.add(Item.closing(CloseCause.PEER_CLOSED, "closed by node " + path.from));
        pump();
      }
      case RESET -> {
        buffer.clear();
        keepPrefix(onTheWay, 0);
        putOnTheWay(Item.closing(CloseCause.BROKEN, "reset by node " + path.from));
      }
      case SILENT -> buffer.clear();
      default -> throw new AssertionError(death);
    }
    bufferedBytes = 0; // nobody asks any more
  }

  /** Somebody between the ends closes the direction; what is sent from now on is not for anybody. */
  void closeBetween() {
    if (!isClosed) {
      isClosed = true;
      buffer.add(Item.closing(CloseCause.PEER_CLOSED, "closed between the ends"));
      pump();
    }
  }

  /** Loses all that is sent from now on, and of what is on the way all but a prefix that chance chooses. */
  void lose() {
    buffer.clear();
    bufferedBytes = 0;
    takenCount = 0;
    keepPrefix(onTheWay, 0);
    losesAll = true;
  }

  /** The path carries again: what it kept is sent again by the sender's kernel, which may have backed off meanwhile. */
  void thaw(long resendDelayNs) {
    long earliestNs = network.nowNs() + resendDelayNs + path.settings.delayNs();
    for (Item item : onTheWay) {
      item.arrivalNs = Math.max(item.arrivalNs, earliestNs);
    }
    lastArrivalNs = Math.max(lastArrivalNs, earliestNs);
    stopArrivals();
    awaitArrival();
  }

  /** Nothing arrives until then, whatever the path carries; {@link #thaw} goes on. */
  void stall(long untilNs) {
    stalledUntilNs = Math.max(stalledUntilNs, untilNs);
  }

  void endStall() {
    stalledUntilNs = Long.MIN_VALUE;
  }

  boolean isStalled() {
    return network.nowNs() < stalledUntilNs;
  }

  /** Takes the direction off its path when both ends are gone. */
  void remove() {
    stopArrivals();
    path.wires.remove(this);
  }

  long lastArrivalNs() {
    return lastArrivalNs;
  }

  private void keepPrefix(ArrayDeque<Item> items, int atLeast) {
    int keep = atLeast + network.random().nextInt(items.size() - atLeast + 1);
    while (items.size() > keep) {
      items.removeLast();
    }
  }

  private void pump() {
    while (!inTransmission && !buffer.isEmpty() && windowHasRoomFor(buffer.peek())) {
      long bandwidth = path.settings.bytesPerSecond();
      if (bandwidth == 0) {
        transmit();
      } else {
        long startNs = Math.max(network.nowNs(), path.busyUntilNs);
        path.busyUntilNs = startNs + buffer.peek().bytes.length * 1_000_000_000L / bandwidth;
        inTransmission = true;
        network.clock().at(path.busyUntilNs, this::endTransmission);
      }
    }
    if (answeredFull && bufferedBytes <= path.settings.sendBufferBytes() / 2) {
      answeredFull = false;
      from.becomesWritable();
    }
  }

  private boolean windowHasRoomFor(Item item) {
    return windowBytes == 0
        || windowBytes + item.bytes.length <= path.settings.receiveBufferBytes();
  }

  private void endTransmission() {
    inTransmission = false;
    if (!buffer.isEmpty()) { // a break may have emptied it
      transmit();
      pump();
    }
  }

  private void transmit() {
    Item item = buffer.poll();
    takenCount = Math.max(0, takenCount - 1);
    bufferedBytes = Math.max(0, bufferedBytes - item.bytes.length);
    if (item.what == What.FRAME) {
      traffic.sent(item.bytes.length, network.nowNs());
      network.countSent(from.kind());
    }
    item.isLost = losesAll;
    putOnTheWay(item);
  }

  private void putOnTheWay(Item item) {
    PathSettings settings = path.settings;
    long arrivalNs = network.nowNs() + settings.delayNs() + network.jitterNs(settings.jitterNs());
    item.arrivalNs = Math.max(arrivalNs, lastArrivalNs);
    lastArrivalNs = item.arrivalNs;
    windowBytes += item.bytes.length;
    onTheWay.add(item);
    awaitArrival();
  }

  private void awaitArrival() {
    if (!hasArrivalTimer && !onTheWay.isEmpty()) {
      hasArrivalTimer = true;
      arrivalTimer = network.clock().at(onTheWay.peek().arrivalNs, this::arrive);
    }
  }

  private void stopArrivals() {
    if (hasArrivalTimer) {
      arrivalTimer.cancel();
      hasArrivalTimer = false;
    }
  }

  private void arrive() {
    hasArrivalTimer = false;
    long nowNs = network.nowNs();
    if (path.isFrozen(nowNs) || isStalled()) {
      return; // thaw goes on
    }
    while (!onTheWay.isEmpty() && onTheWay.peek().arrivalNs <= nowNs) {
      Item item = onTheWay.poll();
      if (!to.isReceiving()) {
        release(item.bytes.length);
        from.peerIsGone();
      } else if (item.isLost) {
        release(item.bytes.length);
      } else {
        if (item.isHeartbeat()) {
          traffic.arrived(nowNs - item.offeredNs, nowNs);
        }
        to.arrived(item);
      }
    }
    awaitArrival();
  }

  @Override
  public String toString() {
    return path + " " + from.kind();
  }

  enum What {
    OPENING,
    FRAME,
    CLOSING
  }

  /** What travels on a wire; a frame, or that the connection begins or ends. */
  static final class Item {
    private static final byte[] NO_BYTES = {};
    private static final byte HEARTBEAT_TAG = 0x4a;

    final What what;
    final byte[] bytes;
    final CloseCause cause;
    final String detail;
    long offeredNs;
    long arrivalNs;
    boolean isLost;

    private Item(What what, byte[] bytes, CloseCause cause, String detail) {
      this.what = what;
      this.bytes = bytes;
      this.cause = cause;
      this.detail = detail;
    }

    /** The frame begins with this message: heartbeats have a frame of their own. */
    boolean isHeartbeat() {
      return bytes.length > 0 && bytes[0] == HEARTBEAT_TAG;
    }

    static Item opening() {
      return new Item(What.OPENING, NO_BYTES, CloseCause.LOCAL, "");
    }

    static Item frame(byte[] bytes) {
      return new Item(What.FRAME, bytes, CloseCause.LOCAL, "");
    }

    static Item closing(CloseCause cause, String detail) {
      return new Item(What.CLOSING, NO_BYTES, cause, Objects.requireNonNull(detail));
    }
  }
}
