package io.understudy.tables.session;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.table.Row;
import io.understudy.table.SecondaryIndex;
import io.understudy.track.FactWords;
import io.understudy.track.IcmpPorts;
import io.understudy.track.SessionFacts;
import io.understudy.track.SessionState;
import java.util.Arrays;

/**
 * One session, reused from packet to packet: the key of a packet before a look-up, the session after it, and what is published.
 *
 * <p>Shape: words that this object owns; of the table it knows only whose hash of the key it has. {@link #key4} or {@link #key6} sets the key from
 * a packet's source and destination and empties the rest: so filled, with facts and values, it is a new session whose originator is
 * the packet's source. {@link SessionTable#lookup} fills everything else.
 *
 * <p>Units: addresses as unsigned big-endian numbers, IPv4 in an {@code int}, IPv6 in two {@code long}s; ages in nanoseconds.
 *
 * <p>Thread: one at a time.
 */
public final class SessionRecord {
  /** Flags: one end is the firewall itself. */
  public static final int LOCAL_ORIGIN = 1;

  /** Flags: inspected packet by packet; goes on after a takeover. */
  public static final int INSPECTED_FLOW = 1 << 1;

  /** Flags: inspected by a proxy; cannot go on after a takeover. */
  public static final int INSPECTED_PROXY = 1 << 2;

  /** Flags: picked up in mid-stream. */
  public static final int PICKED_UP = 1 << 3;

  private static final long ORIGINATOR_BIT = 1L << SessionLayout.ORIGINATOR;

  final SessionLayout layout;
  final long[] words;
  final long[] row;
  final long[] scratch;
  final SessionMatch match;
  private final SessionRules rules;

  /** What a prefetch read for its second step. */
  long prefetched;

  /** The table that {@link #hash} is of; null: not computed for this key. */
  private HotTable hashedFor;

  private long hash;
  private boolean sourceIsHigh;
  private boolean found;
  private Direction direction = Direction.FORWARD;

  SessionRecord(SessionLayout layout, SessionRules rules, int rowWords) {
    this.layout = layout;
    this.rules = rules;
    words = new long[layout.schema.words()];
    row = new long[rowWords];
    scratch = new long[SecondaryIndex.MAX_KEYS + SecondaryIndex.SCRATCH];
    match = new SessionMatch(layout, rules, words);
  }

  public boolean isIpv6() {
    return layout.ipv6;
  }

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

  /** The key's hash in this table, computed once a key. */
  long hash(HotTable table) {
    if (hashedFor != table) {
      hash = table.hash(words, Row.PAYLOAD);
      hashedFor = table;
    }
    return hash;
  }

  /** A look-up begins. */
  void seek() {
    found = false;
  }

  /** After a look-up by the session's own key. */
  void loadFound() {
    HotTable same = hashedFor; // the key stays
    load(sourceIsHigh == rules.originatorIsHigh(row, 0));
    hashedFor = same;
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
    words[Row.HINTS] = row[Row.HINTS];
    hashedFor = null;
    clearCounters(); // those in the table stay; a publish adds
    found = true;
    direction = forward ? Direction.FORWARD : Direction.REVERSE;
    sourceIsHigh = forward == isOriginatorHigh();
  }

  /** What was counted is in the table now. */
  void clearCounters() {
    for (int i = 0; i < Row.COUNTER_WORDS; i++) {
      words[Row.COUNTERS + i] = 0;
    }
  }

  /** A look-up found the session. */
  public boolean isFound() {
    return found;
  }

  /** The direction of the packet whose key was looked up; forward for a new session. */
  public Direction direction() {
    return direction;
  }

  boolean isOriginatorHigh() {
    return (words[layout.values] & ORIGINATOR_BIT) != 0;
  }

  /** The packet that was looked up begins a new session against the old one's direction: its source is the originator now. */
  public SessionRecord turn() {
    words[layout.values] =
        words[layout.values] & ~ORIGINATOR_BIT | (sourceIsHigh ? ORIGINATOR_BIT : 0);
    direction = Direction.FORWARD;
    return this;
  }

  public int vsys() {
    return (int) (words[layout.tuple] >>> SessionLayout.VSYS) & 0xFFFF;
  }

  public int protocol() {
    return (int) (words[layout.tuple] >>> SessionLayout.PROTOCOL) & 0xFF;
  }

  /** Port of the end that began the session. */
  public int originatorPort() {
    return port(isOriginatorHigh());
  }

  public int responderPort() {
    return port(!isOriginatorHigh());
  }

  private int port(boolean high) {
    return (int) (words[layout.tuple] >>> (high ? SessionLayout.HIGH_PORT : SessionLayout.LOW_PORT))
        & 0xFFFF;
  }

  /** High half of the originator's address; 0 in IPv4. */
  public long originatorHigh() {
    return addressHigh(isOriginatorHigh());
  }

  /** Low half of the originator's address; in IPv4 the address. */
  public long originatorLow() {
    return addressLow(isOriginatorHigh());
  }

  public long responderHigh() {
    return addressHigh(!isOriginatorHigh());
  }

  public long responderLow() {
    return addressLow(!isOriginatorHigh());
  }

  private long addressHigh(boolean high) {
    return layout.ipv6 ? words[Row.PAYLOAD + (high ? 2 : 0)] : 0;
  }

  private long addressLow(boolean high) {
    if (layout.ipv6) {
      return words[Row.PAYLOAD + (high ? 3 : 1)];
    }
    return high ? words[Row.PAYLOAD] & 0xFFFFFFFFL : words[Row.PAYLOAD] >>> 32;
  }

  // ---- facts and state

  public SessionRecord facts(SessionFacts facts) {
    facts.store(words, layout.facts);
    return this;
  }

  /** Copies the facts out. */
  public void loadFacts(SessionFacts into) {
    into.load(words, layout.facts);
  }

  /** The named state, which follows from the facts. */
  public SessionState state() {
    return SessionState.of(protocol(), words, layout.facts);
  }

  /** The SCTP tag or TCP initial sequence number of a direction, 0 if it was not seen. */
  public int isn(Direction of) {
    return of == Direction.FORWARD
        ? FactWords.forwardIsn(words, layout.facts)
        : FactWords.reverseIsn(words, layout.facts);
  }

  // ---- holder's values

  public int policy() {
    return (int) (words[layout.policy] >>> SessionLayout.POLICY);
  }

  public SessionRecord policy(int policy) {
    return set("policy", layout.policy, SessionLayout.POLICY, 32, policy & 0xFFFFFFFFL);
  }

  public int ingressZone() {
    return (int) (words[layout.policy] >>> SessionLayout.INGRESS) & 0xFFFF;
  }

  public int egressZone() {
    return (int) words[layout.policy] & 0xFFFF;
  }

  public SessionRecord zones(int ingress, int egress) {
    set("ingress zone", layout.policy, SessionLayout.INGRESS, 16, ingress);
    return set("egress zone", layout.policy, SessionLayout.EGRESS, 16, egress);
  }

  /** Code of the timeout class, 0: that of the session's {@link #state}, which is not backed up apart from the facts. */
  public int timeoutClass() {
    return (int) (words[layout.values] >>> SessionLayout.TIMEOUT);
  }

  /** Another timeout class than the state's, for example one of the policy's own; 0: the state's. */
  public SessionRecord timeoutClass(int code) {
    return set("timeout class", layout.values, SessionLayout.TIMEOUT, 8, code);
  }

  public int flags() {
    return (int) (words[layout.values] >>> SessionLayout.FLAGS)
        & (1 << SessionLayout.FLAG_BITS) - 1;
  }

  public SessionRecord flags(int flags) {
    return set("flags", layout.values, SessionLayout.FLAGS, SessionLayout.FLAG_BITS, flags);
  }

  /** Sequence offsets that an ALG brought about. */
  public SessionRecord sequenceOffsets(int forward, int reverse) {
    words[layout.offsets] = (long) forward << 32 | reverse & 0xFFFFFFFFL;
    return this;
  }

  public int sequenceOffset(Direction of) {
    return (int) (of == Direction.FORWARD ? words[layout.offsets] >>> 32 : words[layout.offsets]);
  }

  // ---- NAT

  /** 0: no binding. */
  public int natKind() {
    return (int) (words[layout.values] >>> SessionLayout.NAT_KIND) & 0xFF;
  }

  /** The whole binding: source and destination of the forward direction as they are after translation; kind 0: none. */
  public SessionRecord nat4(
      int kind, int source, int sourcePort, int destination, int destinationPort) {
    requireFamily(false);
    words[layout.nat] = (long) source << 32 | destination & 0xFFFFFFFFL;
    return natPorts(kind, sourcePort, destinationPort);
  }

  /** The whole binding, kind 0: none; IPv4 ends of NAT64 as IPv4-mapped addresses. */
  public SessionRecord nat6(
      int kind,
      long sourceHigh,
      long sourceLow,
      int sourcePort,
      long destinationHigh,
      long destinationLow,
      int destinationPort) {
    requireFamily(true);
    words[layout.nat] = sourceHigh;
    words[layout.nat + 1] = sourceLow;
    words[layout.nat + 2] = destinationHigh;
    words[layout.nat + 3] = destinationLow;
    return natPorts(kind, sourcePort, destinationPort);
  }

  /** A binding of kind 0 is none: whatever else was said of it is forgotten, so that all members store the same. */
  private SessionRecord natPorts(int kind, int sourcePort, int destinationPort) {
    if (kind == 0) {
      Arrays.fill(words, layout.nat, Row.PAYLOAD + layout.payloadWords, 0);
    }
    set("NAT kind", layout.values, SessionLayout.NAT_KIND, 8, kind);
    int source = kind == 0 ? 0 : sourcePort;
    int destination = kind == 0 ? 0 : destinationPort;
    set("NAT source port", layout.values, SessionLayout.NAT_SOURCE_PORT, 16, source);
    set("NAT destination port", layout.values, SessionLayout.NAT_DESTINATION_PORT, 16, destination);
    return this;
  }

  public int natSourcePort() {
    return (int) (words[layout.values] >>> SessionLayout.NAT_SOURCE_PORT) & 0xFFFF;
  }

  public int natDestinationPort() {
    return (int) words[layout.values] & 0xFFFF;
  }

  public long natSourceHigh() {
    return layout.ipv6 ? words[layout.nat] : 0;
  }

  public long natSourceLow() {
    return layout.ipv6 ? words[layout.nat + 1] : words[layout.nat] >>> 32;
  }

  public long natDestinationHigh() {
    return layout.ipv6 ? words[layout.nat + 2] : 0;
  }

  public long natDestinationLow() {
    return layout.ipv6 ? words[layout.nat + 3] : words[layout.nat] & 0xFFFFFFFFL;
  }

  private SessionRecord set(String name, int word, int shift, int bits, long value) {
    long mask = (1L << bits) - 1;
    SessionKey.requireFits(name, value, mask);
    words[word] = words[word] & ~(mask << shift) | value << shift;
    return this;
  }

  // ---- usage

  /** Counts a packet with the publish that follows; {@link SessionTable#touch} is for packets that change nothing. */
  public SessionRecord count(Direction of, long packets, long bytes) {
    int at = Row.COUNTERS + (of == Direction.FORWARD ? 0 : 2);
    words[at] += packets;
    words[at + 1] += bytes;
    return this;
  }

  /** After a look-up: this member's share of the packets. */
  public long ownPackets(Direction of) {
    return row[Row.COUNTERS + (of == Direction.FORWARD ? 0 : 2)];
  }

  /** After a look-up: this member's share of the bytes. */
  public long ownBytes(Direction of) {
    return row[Row.COUNTERS + (of == Direction.FORWARD ? 1 : 3)];
  }

  /** After a look-up: the entry's group. */
  public int group() {
    return Row.group(row, 0);
  }

  /** After a look-up: 0 if the session is backed up, otherwise the code of the reason why not. */
  public int exclusion() {
    return Row.exclusion(row, 0);
  }

  /** After a look-up: the generation's counter. */
  public long generation() {
    return Row.generation(row, 0);
  }

  /** After a look-up: who created the generation. */
  public int creator() {
    return Row.creator(row, 0);
  }

  /** After a look-up: when the session last saw traffic. */
  public long lastSeenNs(long nowNs) {
    return Row.lastSeenNs(row[Row.TIMES], nowNs);
  }

  /** After a look-up: seconds since the session was created. */
  public long ageSeconds(long nowNs) {
    return (int) Math.floorDiv(nowNs, 1_000_000_000L) - (int) row[Row.TIMES];
  }
}
