package io.understudy.transport.netty;

/**
 * What a {@link NettyTransport} has counted since it was opened.
 *
 * @param opened connections that opened
 * @param failedDials dials that did not become a connection: refused, timed out, or answered by somebody else
 * @param badPreambles accepted connections that were closed because they did not begin as a member's
 * @param badFrames connections closed because their bytes were no frames
 */
public record NettyTransportStats(
    long opened, long failedDials, long badPreambles, long badFrames) {}
