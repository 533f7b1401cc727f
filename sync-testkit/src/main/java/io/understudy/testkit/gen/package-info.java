/**
 * Sessions, traffic and faults as functions of a seed, shared by unit, property and simulation tests.
 *
 * <p>{@link io.understudy.testkit.gen.SessionGen} gives keys, {@link io.understudy.testkit.gen.TrafficGen} what dataplanes do with
 * them, {@link io.understudy.testkit.gen.FaultPlanGen} what goes wrong meanwhile. Nothing here checks anything. One thread, the
 * simulation's. Read {@code TrafficGen} first.
 */
package io.understudy.testkit.gen;
