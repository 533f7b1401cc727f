package io.understudy.backup;

/**
 * Why an entry is not backed up, or why two members differ, by its stable code.
 *
 * <p>Always: here - there = (only here, by reason) - (only there, by reason).
 */
public enum BackupReason {
  LOCAL_ORIGIN(1, "It is from or to the firewall itself."),
  MULTICAST(2, "Its destination is a multicast or broadcast address."),
  MODE_NORMAL_ICMP(3, "ICMP echo is backed up in quick mode only."),
  HANDSHAKE_INCOMPLETE(4, "Its handshake is not complete, and the mode is not quick."),
  FIRST_FORWARD_PACKET(5, "Only its first forward packet was seen, and the mode is not quick."),
  PICKUP_OFF(6, "The backup of sessions is turned off."),
  PICKUP_DELAY(7, "It has not lived longer than the pick-up delay."),
  CONNECTIONLESS_OFF(8, "The backup of UDP and ICMP is turned off."),
  HTTP_REPLICATION_OFF(9, "HTTP replication is turned off, and this is a session to an HTTP port."),
  INSPECTED_PROXY(10, "A proxy inspects it, and the proxy's state does not survive."),
  RULE_EXCLUDED(11, "A rule excludes it."),
  TUNNEL_REESTABLISHED(12, "It belongs to a tunnel that ends on the firewall and is set up again."),
  SSL_VPN_SERVICE(13, "It belongs to an SSL VPN service whose client reconnects."),
  HELPER_STATE(14, "Its helper is still setting it up."),
  TABLE_NOT_ELIGIBLE(15, "Entries of this kind are never backed up; their table says why."),
  DYNAMIC_MAC(16, "It is a learnt MAC address, not a static one."),
  DYNAMIC_BLACKLIST(17, "It is a dynamic entry of the blacklist, not a static one."),
  OVERLOAD(18, "The backup was overloaded when it became eligible."),
  PEER_TABLE_FULL(19, "The peer's table is full."),
  PEER_CAPABILITY(20, "The peer cannot store entries of this kind."),
  QUARANTINED(21, "The peer could not apply it and has set it aside."),
  PEER_LOCAL_ORIGIN(22, "It is from or to the peer itself, and exists only there."),
  DELETE_PENDING(23, "It ended here, and the peer has not acknowledged that yet."),
  OTHER_GROUP(24, "It belongs to a group that this member does not hold."),
  NOT_YET_SWEPT(25, "The bulk sync that will remove it has not come to its end.");

  private static final BackupReason[] BY_CODE = values();

  private final int code;
  private final String sentence;

  BackupReason(int code, String sentence) {
    this.code = code;
    this.sentence = sentence;
  }

  /** 1 to 255; 0 is kept for "backed up". */
  public int code() {
    return code;
  }

  public String sentence() {
    return sentence;
  }

  /** There is a reason with this code. */
  public static boolean isKnown(int code) {
    return code >= 1 && code <= BY_CODE.length;
  }

  /** The reason with a code that {@link #isKnown}. */
  public static BackupReason ofCode(int code) {
    if (!isKnown(code)) {
      throw new IllegalArgumentException(
          "backup reason " + code + " is outside 1.." + BY_CODE.length);
    }
    return BY_CODE[code - 1];
  }
}
