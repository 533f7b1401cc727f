package io.understudy.testkit.sim;

import java.util.concurrent.TimeUnit;

/**
 * How simulated members make connections and give them up.
 *
 * @param backOffMinNs first wait before dialling again; when an established connection has ended the first dial does not wait
 * @param backOffMaxNs longest wait; it doubles up to here
 * @param connectTimeoutNs how long a dial into silence takes to fail
 * @param silenceTimeoutNs how long the kernel keeps a connection whose peer no longer answers it
 */
public record DialSettings(
    long backOffMinNs, long backOffMaxNs, long connectTimeoutNs, long silenceTimeoutNs) {
  public static final DialSettings DEFAULT =
      new DialSettings(
          TimeUnit.MILLISECONDS.toNanos(10),
          TimeUnit.MILLISECONDS.toNanos(200),
          TimeUnit.MILLISECONDS.toNanos(200),
          TimeUnit.SECONDS.toNanos(10));

  public DialSettings {
    if (backOffMinNs < 1 || backOffMaxNs < backOffMinNs) {
      throw new IllegalArgumentException(
          "back-off from "
              + backOffMinNs
              + " to "
              + backOffMaxNs
              + " ns is no rising range above 0");
    }
    if (connectTimeoutNs < 1 || silenceTimeoutNs < 1) {
      throw new IllegalArgumentException(
          "connect timeout "
              + connectTimeoutNs
              + " and silence timeout "
              + silenceTimeoutNs
              + " must be above 0 ns");
    }
  }

  /** For paths whose round trip is longer than the default. */
  public DialSettings withConnectTimeout(long timeoutNs) {
    return new DialSettings(backOffMinNs, backOffMaxNs, timeoutNs, silenceTimeoutNs);
  }
}
