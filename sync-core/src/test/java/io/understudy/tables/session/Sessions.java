package io.understudy.tables.session;

import io.understudy.metrics.CounterSet;
import io.understudy.model.Direction;
import io.understudy.table.Authority;
import io.understudy.table.ChangeSink;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.PublishResult;
import io.understudy.table.TableRows;
import io.understudy.track.SessionFacts;

/** A session table of either family on a member without peers, with addresses that are small numbers. */
final class Sessions {
  static final int GROUP = 1;
  static final int NODE = 3;

  final SessionTable table;
  final boolean ipv6;
  private long generation;
  private long nowNs = 1_000_000_000L;

  Sessions(boolean ipv6) {
    this(ipv6, 5);
  }

  /** With a hash key of its own. */
  Sessions(boolean ipv6, long hashKey0) {
    this.ipv6 = ipv6;
    table =
        new SessionTable(
            new HotTable(
                ipv6 ? SessionTable.spec6(4_096, 2) : SessionTable.spec4(4_096, 2),
                hashKey0,
                6,
                new Always(),
                new Nobody(),
                new CounterSet()));
  }

  SessionRecord record() {
    return table.newRecord();
  }

  /** The record with the key of a packet. */
  SessionRecord packet(int protocol, long source, int sourcePort, long to, int toPort) {
    return key(record(), 0, protocol, source, sourcePort, to, toPort);
  }

  SessionRecord key(
      SessionRecord record,
      int vsys,
      int protocol,
      long source,
      int sourcePort,
      long destination,
      int destinationPort) {
    return ipv6
        ? record.key6(
            vsys,
            protocol,
            high(source),
            source,
            sourcePort,
            high(destination),
            destination,
            destinationPort)
        : record.key4(vsys, protocol, (int) source, sourcePort, (int) destination, destinationPort);
  }

  /** Gives the record a binding: its forward direction as it is after translation. */
  SessionRecord nat(SessionRecord record, long source, int sourcePort, long to, int toPort) {
    return ipv6
        ? record.nat6(NatKind.DESTINATION, high(source), source, sourcePort, high(to), to, toPort)
        : record.nat4(NatKind.DESTINATION, (int) source, sourcePort, (int) to, toPort);
  }

  /** Some addresses differ in their high half, some only in the low one. */
  static long high(long address) {
    return (address & 1) == 0 ? 0x20010db8_00000000L : 0xfd00_0000_0000_0000L + (address & 2);
  }

  PublishResult publish(SessionRecord record) {
    return table.publish(record, GROUP, 0, 0, nowNs++);
  }

  /** A session comes from a peer; its group is held here, as after a takeover. */
  void arrive(SessionRecord record) {
    HotTable hot = table.table();
    long hash = record.hash(hot);
    Partition partition = hot.partition(HotTable.partitionOf(hash));
    partition.lock();
    try {
      int slot = hot.rows().claim(partition, Partition.NONE, hash);
      long meta = TableRows.meta(0, GROUP, NODE + 1);
      hot.rows().begin(partition, slot, record.words, 0, meta, 1, nowNs++);
    } finally {
      partition.unlock();
    }
  }

  PublishResult publishAnew(SessionRecord record) {
    return table.publish(record, GROUP, 0, HotTable.NEW_GENERATION, nowNs++);
  }

  PublishResult remove(SessionRecord record) {
    return table.remove(record, 0, nowNs++);
  }

  /** Facts from what was seen: bits, ISN or tag of either direction. */
  static SessionFacts facts(int forwardBits, int forwardIsn, int reverseBits, int reverseIsn) {
    SessionFacts facts = new SessionFacts();
    facts.load(factWords(forwardBits, forwardIsn, reverseBits, reverseIsn), 0);
    return facts;
  }

  static long[] factWords(int forwardBits, int forwardIsn, int reverseBits, int reverseIsn) {
    return new long[] {
      (long) forwardIsn << 32 | reverseIsn & 0xFFFFFFFFL, 0, (long) forwardBits << 10 | reverseBits
    };
  }

  /** The direction in which the packet's session is found, or null. */
  Direction find(int protocol, long source, int sourcePort, long to, int toPort) {
    SessionRecord packet = packet(protocol, source, sourcePort, to, toPort);
    return table.lookup(packet) ? packet.direction() : null;
  }

  private final class Always implements Authority {
    @Override
    public boolean holds(int group) {
      return group == GROUP;
    }

    @Override
    public long termNumber(int group) {
      return 1;
    }

    @Override
    public long nextGeneration() {
      return ++generation;
    }

    @Override
    public int nodeId() {
      return NODE;
    }
  }

  private static final class Nobody implements ChangeSink {
    @Override
    public boolean onChange(
        HotTable table, Partition partition, int slot, int groups, boolean urgent, long nowNs) {
      return true;
    }

    @Override
    public boolean onEnd(
        HotTable table, Partition partition, int slot, boolean urgent, long nowNs) {
      return false;
    }

    @Override
    public boolean wasSpokenOf(HotTable table, Partition partition, int slot) {
      return false;
    }

    @Override
    public boolean mayBeElsewhere(HotTable table, Partition partition, int slot) {
      return false;
    }

    @Override
    public void onNewSlot(HotTable table, Partition partition, int slot, boolean fresh) {}
  }
}
