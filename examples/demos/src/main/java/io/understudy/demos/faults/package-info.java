/**
 * Faults of real processes over real sockets: pairs of members are started, stopped, stalled, closed, refused, filled and killed, and
 * in each process a thread asks without end whether the member may decide.
 *
 * <p>{@link io.understudy.demos.faults.FaultsCommand} is the command; {@code FaultTrial} runs one kind of fault many times; {@code
 * MemberProcess} is a member in a process of its own and {@code MemberHandle} the hand on it. What is judged is in {@code
 * DecisionRuns} (when a member might decide) and {@code TwoDeciders} (when two might at once).
 */
package io.understudy.demos.faults;
