/**
 * Counters: what a node did and what it had to refuse.
 *
 * <p>{@link io.understudy.metrics.SyncCounter} is the list, with stable ids; {@link io.understudy.metrics.CounterSet} holds
 * one node's values. Any thread may add; nothing here logs or calls back.
 */
package io.understudy.metrics;
