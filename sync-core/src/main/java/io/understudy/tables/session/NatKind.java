package io.understudy.tables.session;

/** What a session's NAT binding translates. */
public enum NatKind {
  /** No binding. */
  NONE(0),
  /** The source of the forward direction. */
  SOURCE(1),
  /** Its destination. */
  DESTINATION(2),
  /** Both. */
  SOURCE_AND_DESTINATION(3),
  /** Both, from IPv6 to IPv4; the IPv4 ends are written as IPv4-mapped addresses. */
  NAT64(4),
  /** A kind that a newer member gave and this version does not know: it is kept, and cannot be given here. */
  OTHER(255);

  private static final NatKind[] KNOWN = {NONE, SOURCE, DESTINATION, SOURCE_AND_DESTINATION, NAT64};

  private final int code;

  NatKind(int code) {
    this.code = code;
  }

  /** Its number on the wire. */
  public int code() {
    return code;
  }

  static NatKind ofCode(int code) {
    return code < KNOWN.length ? KNOWN[code] : OTHER;
  }
}
