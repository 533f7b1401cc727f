/**
 * Threads, time, chance and the one small store: the doors through which a node sees the world.
 *
 * <p>A node is a {@link io.understudy.runtime.DutyCycle}: it has no thread, clock or randomness of its own, so that the
 * same code runs on an event loop, on the embedder's thread and in a simulation that repeats from a seed. Everything that
 * could differ between two runs enters by {@link io.understudy.runtime.NanoClock}, {@link io.understudy.runtime.Entropy},
 * {@link io.understudy.runtime.StableStore} or a {@link io.understudy.transport.Transport}. Start with {@code DutyCycle}.
 */
package io.understudy.runtime;
