package io.understudy.tables.session;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.PublishChecks;
import io.understudy.table.Row;
import io.understudy.table.SecondaryIndex;
import io.understudy.track.IcmpPorts;
import io.understudy.track.SessionFacts;
import java.util.Arrays;

/**
 * One session, reused from packet to packet: the key of a packet before a look-up, the session after it, and what is published.
 *
 * <p>Shape: words that this object owns; of the table it knows only whose hash of the key it has. {@link #key4} or {@link #key6} sets the key from
 * a packet's source and destination and empties the rest: so filled, with facts and values, it is a new session whose originator is
 * the packet's source. {@link SessionTable#lookup} fills everything else. What it then says is read by the {@link SessionView} it is.
 *
 * <p>Units: addresses as unsigned big-endian numbers, IPv4 in an {@code int}, IPv6 in two {@code long}s.
 *
 * <p>Thread: one at a time.
 */
public final class SessionRecord extends SessionView {
  /** Flags: one end is the firewall itself. */
  public static final int LOCAL_ORIGIN = 1;

  /** Flags: inspected packet by packet; goes on after a takeover. */
  public static final int INSPECTED_FLOW = 1 << 1;

  /** Flags: inspected by a proxy; cannot go on after a takeover. */
  public static final int INSPECTED_PROXY = 1 << 2;

  /** Flags: picked up in mid-stream. */
  public static final int PICKED_UP = 1 << 3;

  final long[] scratch;
  final SessionMatch match;
  private final SessionRules rules;

  /** What a prefetch read: kept, or it would not be read. */
  long prefetched;

  /** The table that {@link #hash} is of; null: not computed for this key. */
  private HotTable hashedFor;

  private long hash;

  /** Where {@link #hashedFor} has the session, as of the last look-up. */
  private int slot = Partition.NONE;

  private boolean sourceIsHigh;
  private boolean found;
  private Direction direction = Direction.FORWARD;

  SessionRecord(SessionLayout layout, SessionRules rules, int rowWords) {
    super(layout, rowWords);
    this.rules = rules;
    scratch = new long[SecondaryIndex.MAX_KEYS + SecondaryIndex.SCRATCH];
    match = new SessionMatch(layout, rules, words);
  }

  // ---- key

  /** Sets the key from a packet and empties everything else. For ICMP use {@link #echo4}. */
  public SessionRecord key4(
      int vsys, int protocol, int source, int sourcePort, int destination, int destinationPort) {
    requireFamily(false);
    clear();
    sourceIsHigh = SessionKey.write4(words, source, sourcePort, destination, destinationPort);
    return withKey(vsys, protocol);
  }

  /** Sets the key from a packet and empties everything else. For ICMPv6 use {@link #echo6}. */
  public SessionRecord key6(
      int vsys,
      int protocol,
      long sourceHigh,
      long sourceLow,
      int sourcePort,
      long destinationHigh,
      long destinationLow,
      int destinationPort) {
    requireFamily(true);
    clear();
    sourceIsHigh =
        SessionKey.write6(
            words,
            sourceHigh,
            sourceLow,
            sourcePort,
            destinationHigh,
            destinationLow,
            destinationPort);
    return withKey(vsys, protocol);
  }

  private SessionRecord withKey(int vsys, int protocol) {
    SessionKey.writeCommon(words, layout.tuple, vsys, protocol);
    words[layout.values] = sourceIsHigh ? ORIGINATOR_BIT : 0;
    return this;
  }

  /** The key of an ICMP query: the id plays the requester's port, the request's type the responder's. */
  public SessionRecord echo4(int vsys, int source, int destination, int type, int id) {
    SessionKey.requireQuery(IpProtocol.ICMP, type);
    return key4(
        vsys,
        IpProtocol.ICMP,
        source,
        IcmpPorts.sourcePort(IpProtocol.ICMP, type, id),
        destination,
        IcmpPorts.destinationPort(IpProtocol.ICMP, type, id));
  }

  /** The key of an ICMPv6 query. */
  public SessionRecord echo6(
      int vsys,
      long sourceHigh,
      long sourceLow,
      long destinationHigh,
      long destinationLow,
      int type,
      int id) {
    SessionKey.requireQuery(IpProtocol.ICMPV6, type);
    return key6(
        vsys,
        IpProtocol.ICMPV6,
        sourceHigh,
        sourceLow,
        IcmpPorts.sourcePort(IpProtocol.ICMPV6, type, id),
        destinationHigh,
        destinationLow,
        IcmpPorts.destinationPort(IpProtocol.ICMPV6, type, id));
  }

  private void requireFamily(boolean ipv6) {
    if (layout.ipv6 != ipv6) {
      throw new IllegalStateException(
          "an " + (ipv6 ? "IPv6" : "IPv4") + " key for a record of the other family");
    }
  }

  /** Another key follows. */
  void clear() {
    Arrays.fill(words, 0);
    hashedFor = null;
    found = false;
    direction = Direction.FORWARD;
    match.forgetTag();
  }

  // ---- look-up

  /** The key's hash in this table, computed once a key. */
  long hash(HotTable table) {
    if (hashedFor != table) {
      requireTable(table); // once a key: every call asks for the hash before anything else
      hash = table.hash(words, Row.PAYLOAD);
      hashedFor = table;
      slot = Partition.NONE;
    }
    return hash;
  }

  /** The record is of the table's family and has room for its rows. */
  void requireTable(HotTable table) {
    if (table.spec().schema() != layout.schema || table.spec().rowWords() != row.length) {
      throw new IllegalArgumentException(
          "a record of table "
              + layout.schema.name()
              + ", rows of "
              + row.length
              + " words, is given to table "
              + table.spec().name()
              + ", rows of "
              + table.spec().rowWords()
              + " words; take a newRecord() of the table itself. The call changed nothing");
    }
  }

  /** Where the last look-up by the key in this table found it; {@link Partition#NONE}: nowhere, or there was none. */
  int slotHint(HotTable table) {
    return hashedFor == table ? slot : Partition.NONE;
  }

  /** A look-up begins. */
  void seek() {
    found = false;
    slot = Partition.NONE;
  }

  /** After a look-up by the session's own key. */
  void loadFound(int foundSlot) {
    HotTable same = hashedFor; // the key stays
    load(sourceIsHigh == rules.originatorIsHigh(row, 0));
    hashedFor = same;
    slot = foundSlot;
  }

  /** After a look-up by the reply tuple: a packet from the translated source goes forward. */
  void loadByReply() {
    load(rules.isTranslatedSourceLow(row) != sourceIsHigh);
  }

  /** After a look-up by a tag: a packet of the end that announced it. */
  void loadByTag() {
    load(match.isTagForward());
  }

  /** After a scan. */
  void loadScanned() {
    load(true);
  }

  /** Takes over the row that was copied, and the packet's source as the session's key knows it. */
  private void load(boolean forward) {
    int count = Row.PAYLOAD + layout.payloadWords - Row.GENERATION;
    System.arraycopy(row, Row.GENERATION, words, Row.GENERATION, count);
    hashedFor = null;
    clearCounters(); // those in the table stay; a publish adds
    found = true;
    direction = forward ? Direction.FORWARD : Direction.REVERSE;
    sourceIsHigh = forward == isOriginatorHigh();
  }

  /** What was counted is in the table now, and so are hints. */
  void clearCounters() {
    for (int i = 0; i < Row.COUNTER_WORDS; i++) {
      words[Row.COUNTERS + i] = 0;
    }
    words[Row.HINTS] = 0;
  }

  /** A look-up found the session. */
  public boolean isFound() {
    return found;
  }

  /** The direction of the packet whose key was looked up; forward for a new session. */
  public Direction direction() {
    return direction;
  }

  /** A session begins anew against the old one's direction: the former responder is the originator now. */
  public SessionRecord turn() {
    words[layout.values] ^= ORIGINATOR_BIT;
    direction = direction.opposite();
    return this;
  }

  // ---- what a publish takes

  public SessionRecord facts(SessionFacts facts) {
    facts.store(words, layout.facts);
    return this;
  }

  public SessionRecord policy(int policy) {
    return set("policy", layout.policy, SessionLayout.POLICY, 32, policy & 0xFFFFFFFFL);
  }

  public SessionRecord zones(int ingress, int egress) {
    SessionKey.requireFits("egress zone", egress, 0xFFFF); // or half of them would be set
    set("ingress zone", layout.policy, SessionLayout.INGRESS, 16, ingress);
    return set("egress zone", layout.policy, SessionLayout.EGRESS, 16, egress);
  }

  /** Another timeout class than the state's, for example one of the policy's own; 0: the state's. */
  public SessionRecord timeoutClass(int code) {
    return set("timeout class", layout.values, SessionLayout.TIMEOUT, 8, code);
  }

  public SessionRecord flags(int flags) {
    return set("flags", layout.values, SessionLayout.FLAGS, SessionLayout.FLAG_BITS, flags);
  }

  /** Sequence offsets that an ALG brought about. */
  public SessionRecord sequenceOffsets(int forward, int reverse) {
    words[layout.offsets] = (long) forward << 32 | reverse & 0xFFFFFFFFL;
    return this;
  }

  /**
   * For TCP the number after the last that each direction has sent, as far as this member saw it ({@link
   * io.understudy.track.TcpWindow#hint}); 0 says nothing and leaves what is known. They travel with usage, and who takes over learns
   * the windows again from them.
   */
  public SessionRecord sequenceHints(int forward, int reverse) {
    words[Row.HINTS] = (long) forward << 32 | reverse & 0xFFFFFFFFL;
    return this;
  }

  /** The whole binding: source and destination of the forward direction as they are after translation. */
  public SessionRecord nat4(
      NatKind kind, int source, int sourcePort, int destination, int destinationPort) {
    requireFamily(false);
    requireBinding(kind, sourcePort, destinationPort);
    words[layout.nat] = (long) source << 32 | destination & 0xFFFFFFFFL;
    return natPorts(kind, sourcePort, destinationPort);
  }

  /** The whole binding; IPv4 ends of NAT64 as IPv4-mapped addresses. */
  public SessionRecord nat6(
      NatKind kind,
      long sourceHigh,
      long sourceLow,
      int sourcePort,
      long destinationHigh,
      long destinationLow,
      int destinationPort) {
    requireFamily(true);
    requireBinding(kind, sourcePort, destinationPort);
    words[layout.nat] = sourceHigh;
    words[layout.nat + 1] = sourceLow;
    words[layout.nat + 2] = destinationHigh;
    words[layout.nat + 3] = destinationLow;
    return natPorts(kind, sourcePort, destinationPort);
  }

  /** Before anything of it is set. */
  private static void requireBinding(NatKind kind, int sourcePort, int destinationPort) {
    if (kind == NatKind.OTHER) {
      throw new IllegalArgumentException(
          "NAT kind OTHER is what a newer member gave, and cannot be given here; the record keeps what it had");
    }
    SessionKey.requireFits("NAT source port", sourcePort, 0xFFFF);
    SessionKey.requireFits("NAT destination port", destinationPort, 0xFFFF);
  }

  /** A binding of kind NONE is none: whatever else was said of it is forgotten, so that all members store the same. */
  private SessionRecord natPorts(NatKind kind, int sourcePort, int destinationPort) {
    boolean none = kind == NatKind.NONE;
    if (none) {
      Arrays.fill(words, layout.nat, Row.PAYLOAD + layout.payloadWords, 0);
    }
    set("NAT kind", layout.values, SessionLayout.NAT_KIND, 8, kind.code());
    int source = none ? 0 : sourcePort;
    int destination = none ? 0 : destinationPort;
    set("NAT source port", layout.values, SessionLayout.NAT_SOURCE_PORT, 16, source);
    set("NAT destination port", layout.values, SessionLayout.NAT_DESTINATION_PORT, 16, destination);
    return this;
  }

  private SessionRecord set(String name, int word, int shift, int bits, long value) {
    long mask = (1L << bits) - 1;
    SessionKey.requireFits(name, value, mask);
    words[word] = words[word] & ~(mask << shift) | value << shift;
    return this;
  }

  /**
   * Counts packets with the publish that follows; {@link SessionTable#touch} is for packets that change nothing.
   *
   * @throws IllegalArgumentException a count is negative, or more than 2^48 - 1 would wait for the publish
   */
  public SessionRecord count(Direction of, long packets, long bytes) {
    PublishChecks.checkCounts(packets, bytes);
    int at = Row.COUNTERS + (of == Direction.FORWARD ? 0 : 2);
    PublishChecks.checkCounts(words[at] + packets, words[at + 1] + bytes);
    words[at] += packets;
    words[at + 1] += bytes;
    return this;
  }
}
