package io.understudy.testkit.sim;

import java.util.concurrent.TimeUnit;

/**
 * How one direction of a link between two members behaves while nothing is wrong with it.
 *
 * @param delayNs time on the way
 * @param jitterNs added to it at random, 0 to this much; order within a connection is kept
 * @param bytesPerSecond shared by all connections of the direction; 0: no limit
 * @param sendBufferBytes what a connection takes before it answers FULL
 * @param receiveBufferBytes what may be on the way and unread together; one frame always may
 */
public record PathSettings(
    long delayNs, long jitterNs, long bytesPerSecond, int sendBufferBytes, int receiveBufferBytes) {
  /** A dedicated link in a rack: 50 us, a little jitter, no limit of bandwidth, 256 KiB and 1 MiB of buffers. */
  public static final PathSettings DEFAULT =
      new PathSettings(
          TimeUnit.MICROSECONDS.toNanos(50),
          TimeUnit.MICROSECONDS.toNanos(10),
          0,
          256 << 10,
          1 << 20);

  public PathSettings {
    check("delayNs", delayNs, 0);
    check("jitterNs", jitterNs, 0);
    check("bytesPerSecond", bytesPerSecond, 0);
    check("sendBufferBytes", sendBufferBytes, 1);
    check("receiveBufferBytes", receiveBufferBytes, 1);
  }

  public PathSettings withDelay(long delayNs, long jitterNs) {
    return new PathSettings(delayNs, jitterNs, bytesPerSecond, sendBufferBytes, receiveBufferBytes);
  }

  public PathSettings withBandwidth(long bytesPerSecond) {
    return new PathSettings(delayNs, jitterNs, bytesPerSecond, sendBufferBytes, receiveBufferBytes);
  }

  public PathSettings withBuffers(int sendBufferBytes, int receiveBufferBytes) {
    return new PathSettings(delayNs, jitterNs, bytesPerSecond, sendBufferBytes, receiveBufferBytes);
  }

  private static void check(String name, long value, long min) {
    if (value < min) {
      throw new IllegalArgumentException(name + " " + value + " is below " + min);
    }
  }
}
