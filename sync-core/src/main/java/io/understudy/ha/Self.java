package io.understudy.ha;

/**
 * This member, in this life.
 *
 * @param incarnation tells its process from any other one with its node id
 */
public record Self(int node, long incarnation) {}
