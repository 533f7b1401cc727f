package io.understudy.track;

/**
 * The header values of one packet that tracking looks at; reused from packet to packet.
 *
 * <p>Shape: {@link #begin} empties it, one of {@link #tcp}, {@link #icmp} and {@link #sctp} fills
 * it; other protocols need nothing more. Addresses and ports are not here: they found the session
 * and its direction.
 * <p>Units: numbers, tags and lengths as on the wire, unsigned in an {@code int}.
 * <p>Thread: one at a time.
 */
public final class PacketView {
  /** The length of a segment of which only the first fragment is there. */
  public static final int UNKNOWN_LENGTH = -1;

  public static final int FIN = 0x01;
  public static final int SYN = 0x02;
  public static final int RST = 0x04;
  public static final int ACK = 0x10;

  /** Window scale of a SYN without that option. */
  public static final int NO_WINDOW_SCALE = 15;

  /**
   * Chunks kept of one packet. Handshake chunks come first in their packet, so data beyond this may
   * be left out.
   */
  public static final int MAX_CHUNKS = 32;

  /**
   * What a SYN without the option MSS allows (RFC 9293, 3.7.1); options are never all zero, which
   * means "no SYN seen".
   */
  private static final int DEFAULT_MSS = 536;

  private int protocol;
  private boolean counting;

  private int tcpFlags;
  private int sequence;
  private int acknowledgement;
  private int window;
  private int payloadLength;
  private int options;

  private int icmpType;
  private int icmpCode;

  private int verificationTag;
  private int chunkCount;
  private final int[] chunkTypes = new int[MAX_CHUNKS];
  private final int[] chunkFlags = new int[MAX_CHUNKS];
  private final int[] initiateTags = new int[MAX_CHUNKS];

  /** Starts the description of a packet. */
  public PacketView begin(int ipProtocol) {
    protocol = ipProtocol;
    counting = true;
    options = 0;
    chunkCount = 0;
    return this;
  }

  /**
   * The packet is malformed or a later fragment: it counts for nothing. A first fragment is the
   * packet it begins.
   */
  public PacketView countsForNothing() {
    counting = false;
    return this;
  }

  /**
   * A TCP segment.
   *
   * @param flags as on the wire; only {@link #FIN}, {@link #SYN}, {@link #RST} and {@link #ACK} are
   *     looked at
   * @param length payload bytes, without the options; {@link #UNKNOWN_LENGTH}: it goes on in fragments without a header
   */
  public PacketView tcp(int flags, int seq, int ack, int advertisedWindow, int length) {
    tcpFlags = flags;
    sequence = seq;
    acknowledgement = ack;
    window = advertisedWindow;
    payloadLength = length;
    options = FactWords.options(DEFAULT_MSS, NO_WINDOW_SCALE, false, false);
    return this;
  }

  /**
   * The options of a SYN or SYN-ACK, after {@link #tcp}.
   *
   * @param mss 1 to 65535; anything else: none
   * @param windowScale 0 to 14; anything else: none
   */
  public PacketView tcpOptions(int mss, int windowScale, boolean sack, boolean timestamps) {
    boolean hasMss = mss > 0 && mss <= 0xFFFF;
    boolean hasScale = windowScale >= 0 && windowScale < NO_WINDOW_SCALE;
    options =
        FactWords.options(
            hasMss ? mss : DEFAULT_MSS, hasScale ? windowScale : NO_WINDOW_SCALE, sack, timestamps);
    return this;
  }

  public PacketView icmp(int type, int code) {
    icmpType = type;
    icmpCode = code;
    return this;
  }

  /** An SCTP packet; its chunks follow with {@link #chunk}. */
  public PacketView sctp(int tag) {
    verificationTag = tag;
    return this;
  }

  /**
   * The next chunk of an SCTP packet; those beyond {@link #MAX_CHUNKS} are left out.
   *
   * @param initiateTag of INIT and INIT-ACK, otherwise 0
   */
  public PacketView chunk(int type, int flags, int initiateTag) {
    if (chunkCount < MAX_CHUNKS) {
      chunkTypes[chunkCount] = type;
      chunkFlags[chunkCount] = flags;
      initiateTags[chunkCount] = initiateTag;
      chunkCount++;
    }
    return this;
  }

  public int protocol() {
    return protocol;
  }

  boolean isCounting() {
    return counting;
  }

  boolean hasTcpFlag(int flag) {
    return (tcpFlags & flag) != 0;
  }

  int sequence() {
    return sequence;
  }

  int acknowledgement() {
    return acknowledgement;
  }

  int window() {
    return window;
  }

  int payloadLength() {
    return Math.max(0, payloadLength);
  }

  /** Not that of a segment of which only the first fragment is there. */
  boolean isLengthKnown() {
    return payloadLength >= 0;
  }

  /** Packed as the facts hold them. */
  int options() {
    return options;
  }

  int icmpType() {
    return icmpType;
  }

  int icmpCode() {
    return icmpCode;
  }

  int verificationTag() {
    return verificationTag;
  }

  int chunkCount() {
    return chunkCount;
  }

  int chunkType(int index) {
    return chunkTypes[index];
  }

  int chunkFlags(int index) {
    return chunkFlags[index];
  }

  int initiateTag(int index) {
    return initiateTags[index];
  }
}
