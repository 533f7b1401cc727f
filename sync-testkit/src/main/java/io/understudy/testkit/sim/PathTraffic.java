package io.understudy.testkit.sim;

/** What went over one direction of a link on connections of one kind; a live view. */
public final class PathTraffic {
  private long saidHeartbeats;
  private long sentFrames;
  private long sentBytes;
  private long deliveredFrames;
  private long deliveredBytes;
  private long lastSentNs = Long.MIN_VALUE;
  private long lastDeliveredNs = Long.MIN_VALUE;
  private long promptNs;
  private long lastPromptNs = Long.MIN_VALUE;
  private long lastReadSentNs = Long.MIN_VALUE;
  private long lastBrokenNs = Long.MIN_VALUE;
  private long lastCutNs = Long.MIN_VALUE;

  PathTraffic() {}

  /** A heartbeat reached the receiver's machine so long after it was given to the link. */
  void arrived(long tookNs, long nowNs) {
    lastPromptNs = tookNs <= promptNs ? nowNs : lastPromptNs;
  }

  /** A heartbeat that was given to the link then was given to the receiving node. */
  void read(long sentNs) {
    lastReadSentNs = Math.max(lastReadSentNs, sentNs);
  }

  /** A connection was reset by nobody at its ends. */
  void broken(long nowNs) {
    lastBrokenNs = nowNs;
  }

  /** A cut of the path began or ended. */
  void cut(long nowNs) {
    lastCutNs = nowNs;
  }

  /** From now on a heartbeat that takes this long at most is prompt. */
  public void promptWithin(long ns) {
    promptNs = ns;
  }

  /** When a heartbeat last arrived promptly; {@link Long#MIN_VALUE}: none did. */
  public long lastPromptNs() {
    return lastPromptNs;
  }

  /** When the newest heartbeat that the receiving node was given had been given to the link; {@link Long#MIN_VALUE}: none was. */
  public long lastReadSentNs() {
    return lastReadSentNs;
  }

  /** When a cut of the path last began or ended; {@link Long#MIN_VALUE}: never. */
  public long lastCutNs() {
    return lastCutNs;
  }

  /** When a third party last reset a connection; {@link Long#MIN_VALUE}: never. */
  public long lastBrokenNs() {
    return lastBrokenNs;
  }

  /** A member gave a heartbeat to a connection that is up, and it was taken. */
  void said() {
    saidHeartbeats++;
  }

  void sent(int bytes, long nowNs) {
    sentFrames++;
    sentBytes += bytes;
    lastSentNs = nowNs;
  }

  void delivered(int bytes, long nowNs) {
    deliveredFrames++;
    deliveredBytes += bytes;
    lastDeliveredNs = nowNs;
  }

  /** Heartbeats that a member gave to connections that are up; its machine may hold them back. */
  public long saidHeartbeats() {
    return saidHeartbeats;
  }

  /** Frames that left the sender's machine. */
  public long sentFrames() {
    return sentFrames;
  }

  public long sentBytes() {
    return sentBytes;
  }

  /** Frames given to the receiving node. */
  public long deliveredFrames() {
    return deliveredFrames;
  }

  public long deliveredBytes() {
    return deliveredBytes;
  }

  /** When a frame last left the sender's machine; {@link Long#MIN_VALUE}: never. */
  public long lastSentNs() {
    return lastSentNs;
  }

  /** When a frame was last given to the receiving node; {@link Long#MIN_VALUE}: never. */
  public long lastDeliveredNs() {
    return lastDeliveredNs;
  }
}
