package io.understudy.tables.session;

import io.understudy.model.Direction;
import io.understudy.table.Row;
import io.understudy.track.FactWords;
import io.understudy.track.SessionFacts;
import io.understudy.track.SessionState;

/**
 * What can be read of a session: its ends, its facts, the holder's values, its NAT binding and its usage.
 *
 * <p>Shape: the reading half of a {@link SessionRecord}. Whatever only looks at sessions, to name, compare or count them, takes this.
 *
 * <p>Units: addresses as unsigned big-endian numbers in two {@code long}s, of IPv4 only the low one.
 *
 * <p>Thread: its record's.
 */
public abstract sealed class SessionView permits SessionRecord {
  static final long ORIGINATOR_BIT = 1L << SessionLayout.ORIGINATOR;

  final SessionLayout layout;

  /** The session as a staged record. */
  final long[] words;

  /** The row that the last look-up or scan copied. */
  final long[] row;

  SessionView(SessionLayout layout, int rowWords) {
    this.layout = layout;
    words = new long[layout.schema.words()];
    row = new long[rowWords];
  }

  // ---- the ends

  public boolean isIpv6() {
    return layout.ipv6;
  }

  public int vsys() {
    return (int) (words[layout.tuple] >>> SessionLayout.VSYS) & 0xFFFF;
  }

  public int protocol() {
    return (int) (words[layout.tuple] >>> SessionLayout.PROTOCOL) & 0xFF;
  }

  boolean isOriginatorHigh() {
    return (words[layout.values] & ORIGINATOR_BIT) != 0;
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

  public int ingressZone() {
    return (int) (words[layout.policy] >>> SessionLayout.INGRESS) & 0xFFFF;
  }

  public int egressZone() {
    return (int) words[layout.policy] & 0xFFFF;
  }

  /** Code of the timeout class, 0: that of the session's {@link #state}, which is not backed up apart from the facts. */
  public int timeoutClass() {
    return (int) (words[layout.values] >>> SessionLayout.TIMEOUT);
  }

  /** {@link SessionRecord#LOCAL_ORIGIN} and so on. */
  public int flags() {
    return (int) (words[layout.values] >>> SessionLayout.FLAGS)
        & (1 << SessionLayout.FLAG_BITS) - 1;
  }

  public int sequenceOffset(Direction of) {
    return (int) (of == Direction.FORWARD ? words[layout.offsets] >>> 32 : words[layout.offsets]);
  }

  // ---- NAT

  /** {@link NatKind#NONE}: no binding. */
  public NatKind natKind() {
    return NatKind.ofCode((int) (words[layout.values] >>> SessionLayout.NAT_KIND) & 0xFF);
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

  // ---- what the table knows of it

  /** After a look-up: this member's share of the packets. */
  public long ownPackets(Direction of) {
    return row[Row.COUNTERS + (of == Direction.FORWARD ? 0 : 2)];
  }

  /** After a look-up: this member's share of the bytes. */
  public long ownBytes(Direction of) {
    return row[Row.COUNTERS + (of == Direction.FORWARD ? 1 : 3)];
  }

  /** After a look-up: the number after the last that a direction is known to have sent, 0: nobody said. */
  public int sequenceHint(Direction of) {
    return (int) (of == Direction.FORWARD ? row[Row.HINTS] >>> 32 : row[Row.HINTS]);
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
