package io.understudy.testkit.firewall;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What a firewall did with its packets.
 *
 * <p>Thread: written by the dataplane's, read by any; adding allocates nothing.
 */
public final class FirewallCounters {
  private static final int REASONS = DropReason.values().length;

  /** What is counted one by one. */
  public enum Total {
    PACKETS,
    MALFORMED,
    /** Packets that may carry IP in a way that is not decoded. */
    UNDECODED,
    /** Packets of a kind that has no session. */
    WITHOUT_SESSION,
    /** Packets that came while this member held no group. */
    STANDBY_PACKETS,
    /** Packets that found a session. */
    MATCHED,
    /** Packets one step ahead of what this member has seen of their session. */
    AHEAD,
    /** Changes that the peers are owed. */
    OWED,
    /** Sessions that found no room in the table: their packets pass unprotected. */
    TABLE_FULL,
    /** Sessions that were idle too long. */
    AGED_OUT
  }

  private final AtomicLongArray totals = new AtomicLongArray(Total.values().length);
  private final AtomicLongArray created = new AtomicLongArray(ProtocolClass.count());
  private final AtomicLongArray dropped = new AtomicLongArray(ProtocolClass.count() * REASONS);

  void add(Total total) {
    totals.incrementAndGet(total.ordinal());
  }

  void addCreated(ProtocolClass protocol) {
    created.incrementAndGet(protocol.ordinal());
  }

  void addDropped(ProtocolClass protocol, DropReason reason) {
    dropped.incrementAndGet(protocol.ordinal() * REASONS + reason.ordinal());
  }

  public long get(Total total) {
    return totals.get(total.ordinal());
  }

  /** Sessions that packets began here, new generations not counted again. */
  public long created(ProtocolClass protocol) {
    return created.get(protocol.ordinal());
  }

  /** Packets of a protocol dropped for a reason. */
  public long dropped(ProtocolClass protocol, DropReason reason) {
    return dropped.get(protocol.ordinal() * REASONS + reason.ordinal());
  }

  /** Packets of a protocol dropped for any reason. */
  public long dropped(ProtocolClass protocol) {
    long sum = 0;
    for (DropReason reason : DropReason.values()) {
      sum += dropped(protocol, reason);
    }
    return sum;
  }
}
