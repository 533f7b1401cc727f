package io.understudy.testkit.sim;

/** What went over one direction of a link on connections of one kind; a live view. */
public final class PathTraffic {
  private long sentFrames;
  private long sentBytes;
  private long deliveredFrames;
  private long deliveredBytes;
  private long lastSentNs = Long.MIN_VALUE;
  private long lastDeliveredNs = Long.MIN_VALUE;

  PathTraffic() {}

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
