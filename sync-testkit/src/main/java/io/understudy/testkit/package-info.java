/**
 * Simulated nodes and clusters: the whole of a node under a simulated clock, network, store and chance.
 *
 * <p>{@link io.understudy.testkit.SimCluster} is what a test uses. Everything repeats from a seed; one thread. {@link
 * io.understudy.testkit.MemoryPair} is for measuring: two nodes with nothing between them.
 */
package io.understudy.testkit;
