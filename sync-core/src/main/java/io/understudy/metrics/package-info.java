/**
 * Counters: what a node did and what it had to refuse.
 *
 * <p>{@link io.understudy.metrics.SyncCounter} is the list, with stable ids; {@link io.understudy.metrics.CounterSet} holds
 * one node's values; any thread may add. {@link io.understudy.metrics.PeerLog} is the one way to log what others can cause again and
 * again. Nothing here calls back.
 */
package io.understudy.metrics;
