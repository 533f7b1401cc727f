package io.understudy.tables.session;

import io.understudy.model.Direction;
import io.understudy.table.EntryEvent;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.PublishResult;
import io.understudy.table.TableId;
import io.understudy.table.TableSpec;

/**
 * The sessions of one address family: IPv4 or IPv6.
 *
 * <p>A session is found by its original tuple, by its reply tuple where it has a NAT binding, and, for SCTP, by ports and tag
 * ({@link #lookupTag}), on every member.
 *
 * <p>Thread: any. Nothing on these paths allocates or waits longer than for the copying of 16 records.
 *
 * <p>Errors: {@link PublishResult}; a record of the other family, a group that this member does not have, an exclusion, an option or
 * a count that is none throw {@link IllegalArgumentException}, and the call changes nothing.
 */
public final class SessionTable {
  private final HotTable table;
  private final SessionLayout layout;

  /** Wraps a node's table that was declared with {@link #spec4} or {@link #spec6}. */
  public SessionTable(HotTable table) {
    this.table = table;
    layout = table.spec().number() == TableId.SESSION6 ? SessionLayout.IPV6 : SessionLayout.IPV4;
    if (table.spec().schema() != layout.schema) {
      throw new IllegalArgumentException("table " + table.spec().name() + " is no session table");
    }
  }

  /** Declares the table of IPv4 sessions. */
  public static TableSpec spec4(int capacity, int peerSlots) {
    return spec(SessionLayout.IPV4, capacity, peerSlots);
  }

  /** Declares the table of IPv6 sessions. */
  public static TableSpec spec6(int capacity, int peerSlots) {
    return spec(SessionLayout.IPV6, capacity, peerSlots);
  }

  private static TableSpec spec(SessionLayout layout, int capacity, int peerSlots) {
    return new TableSpec(
        layout.schema,
        layout.keyWords,
        layout.payloadWords,
        new SessionRules(layout),
        capacity,
        peerSlots);
  }

  public HotTable table() {
    return table;
  }

  /** A record to use with this table again and again. */
  public SessionRecord newRecord() {
    return new SessionRecord(layout, (SessionRules) table.spec().rules(), table.spec().rowWords());
  }

  /**
   * Creates the session or changes it: facts accumulate, the holder's values replace those there.
   *
   * @param group the HA group of a new session, one of the node's
   * @param exclusion 0: back it up; otherwise the code of the reason why not, 1 to 255
   * @param options {@link HotTable#URGENT}, {@link HotTable#NEW_GENERATION}, {@link HotTable#WITHDRAW}
   */
  public PublishResult publish(
      SessionRecord session, int group, int exclusion, int options, long nowNs) {
    PublishResult result =
        table.publish(
            session.words,
            session.hash(table),
            session.slotHint(table),
            group,
            exclusion,
            options,
            nowNs);
    if (result.isWritten()) {
      session.clearCounters();
    }
    return result;
  }

  /**
   * Brings what a lookup, touch or publish of these keys needs into the processor's cache. A dataplane that works in packet batches
   * calls it once a batch, before it looks up the first packet: then memory is waited for a few times, not a few times a packet.
   */
  public void prefetch(SessionRecord[] sessions, int count) {
    long read = prefetchPlaces(sessions, count);
    for (int i = 0; i < count; i++) {
      read ^= table.readAhead().row(sessions[i].hash(table));
    }
    keep(sessions, count, read);
  }

  /** The same for sessions that are published or removed without a lookup: not what they count. */
  public void prefetchChanges(SessionRecord[] sessions, int count) {
    long read = prefetchPlaces(sessions, count);
    for (int i = 0; i < count; i++) {
      read ^= table.readAhead().change(sessions[i].hash(table));
    }
    keep(sessions, count, read);
  }

  private long prefetchPlaces(SessionRecord[] sessions, int count) {
    for (int i = 0; i < count; i++) {
      sessions[i].hash(table); // before the first read, so that nothing comes between two of them
    }
    long read = 0;
    for (int i = 0; i < count; i++) {
      read ^= table.readAhead().place(sessions[i].hash(table));
    }
    return read;
  }

  /** What is not used would not be read. */
  private static void keep(SessionRecord[] sessions, int count, long read) {
    if (count > 0) {
      sessions[0].prefetched = read;
    }
  }

  /** Finds the session of a packet whose key is in the record, by either tuple, and fills the record. */
  public boolean lookup(SessionRecord session) {
    session.seek();
    int slot = table.findLive(session.words, session.hash(table), session.row);
    if (slot != Partition.NONE) {
      session.loadFound(slot);
      return true;
    }
    return lookupReply(session);
  }

  private boolean lookupReply(SessionRecord session) {
    long hash = session.hash(table);
    if (!table.lookupSecondary(hash, session.match.replyTuple, session.row)) {
      return false;
    }
    session.loadByReply();
    return true;
  }

  /**
   * Finds an SCTP association by one of its tags: a packet on a secondary path. The record's direction is then that of the end which
   * announced the tag.
   *
   * @param announcerPort port of the end that announced the tag
   */
  public boolean lookupTag(
      SessionRecord session, int vsys, int announcerPort, int otherPort, int tag) {
    session.requireTable(table);
    session.seek();
    if (tag == 0) {
      return false;
    }
    long hash = SessionRules.tagHash(table, vsys, announcerPort, otherPort, tag, session.scratch);
    session.match.seekTag(vsys, announcerPort, otherPort, tag);
    if (!table.lookupSecondary(hash, session.match.tag, session.row)) {
      return false;
    }
    session.loadByTag();
    return true;
  }

  /**
   * Counts a packet that changes nothing else, and keeps the session alive; peers learn within a second or so.
   *
   * @param session as looked up
   * @return false: the session is gone
   */
  public boolean touch(
      SessionRecord session, Direction direction, long packets, long bytes, long nowNs) {
    return table.touch(
        session.words, session.hash(table), direction == Direction.REVERSE, packets, bytes, nowNs);
  }

  /**
   * Tells the sequence hints of the record ({@link SessionRecord#sequenceHints}) where nothing is published. Not for every packet:
   * they travel with usage, once a second or so, and more often than that nobody reads them.
   *
   * @return false: the session is gone
   */
  public boolean hint(SessionRecord session) {
    boolean there = table.hint(session.words, session.hash(table));
    session.sequenceHints(0, 0);
    return there;
  }

  /**
   * The number of a session within its {@link #partition}, the same as long as the generation lives; for what
   * a dataplane keeps beside the table. It is looked up again where it was not found by its own key.
   *
   * @return {@link Partition#NONE}: the session is gone
   */
  public int slot(SessionRecord session) {
    int slot = session.slotHint(table);
    return slot != Partition.NONE
        ? slot
        : table.findLive(session.words, session.hash(table), session.row);
  }

  /** Ends the session, if this member holds its group. */
  public PublishResult remove(SessionRecord session, int options, long nowNs) {
    return table.remove(
        session.words, session.hash(table), session.slotHint(table), options, nowNs);
  }

  /** All members' shares of a direction's packets, after a look-up. */
  public long packets(SessionView session, Direction of) {
    return table.totalCounter(session.row, of == Direction.FORWARD ? 0 : 2);
  }

  /** All members' shares of a direction's bytes, after a look-up. */
  public long bytes(SessionView session, Direction of) {
    return table.totalCounter(session.row, of == Direction.FORWARD ? 1 : 3);
  }

  /**
   * Goes on through the live sessions, in no particular order: for ageing, for a dump.
   *
   * @param cursor 0 to begin, otherwise the last answer
   * @param limit slots looked at
   * @return where to go on, 0: that was the end
   */
  public long scan(long cursor, int limit, SessionRecord into, Visitor visitor) {
    into.requireTable(table);
    long at = cursor;
    for (int i = 0; i < limit && at < (long) HotTable.PARTITIONS << 32; i++) {
      Partition partition = table.partition((int) (at >>> 32));
      int slot = (int) at;
      if (slot >= partition.highWater()) {
        at = (at >>> 32) + 1 << 32;
      } else {
        at++;
        if (table.copyLive(partition, slot, into.row)) {
          into.loadScanned();
          visitor.visit(into);
        }
      }
    }
    return at < (long) HotTable.PARTITIONS << 32 ? at : 0;
  }

  /** Fills the record with the session in a slot, as a node's listener names it; false if none lives there. */
  public boolean read(Partition partition, int slot, SessionRecord into) {
    into.requireTable(table);
    if (!table.copyLive(partition, slot, into.row)) {
      return false;
    }
    into.loadScanned();
    return true;
  }

  /** Fills the record with the session of an event. */
  public void read(EntryEvent event, SessionRecord into) {
    into.requireTable(table);
    if (event.table() != table.spec().number()) {
      throw new IllegalArgumentException(
          "an event of table " + event.table() + " is read by table " + table.spec().name());
    }
    event.copyRow(into.row);
    into.loadScanned();
  }

  /** Sees the sessions of a scan. */
  @FunctionalInterface
  public interface Visitor {
    /** The record is filled again for the next one. */
    void visit(SessionRecord session);
  }

  /** The partition that the session's key lies in. */
  public int partition(SessionRecord session) {
    return HotTable.partitionOf(session.hash(table));
  }

  public long liveCount() {
    return table.liveCount();
  }
}
