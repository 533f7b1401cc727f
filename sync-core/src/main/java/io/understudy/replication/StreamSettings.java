package io.understudy.replication;

/**
 * How a stream batches and how much it keeps in flight.
 *
 * @param windowBytes bytes of frames in flight at most
 * @param frameBytes bytes of one frame with records at most
 * @param batchingNs how long a change that is not urgent may wait for company
 */
public record StreamSettings(int windowBytes, int frameBytes, long batchingNs) {}
