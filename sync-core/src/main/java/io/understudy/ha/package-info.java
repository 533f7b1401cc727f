/**
 * Decides who holds each group, and whether the holder may decide: heartbeats, terms, takeover.
 *
 * <p>{@link io.understudy.ha.PeerMonitor} watches and decides nothing. {@code DecisionRight} is the rule of docs/concepts/roles.md for one
 * group, {@code PeerLine} what it must know of the way to one peer: neither has a clock or a socket, and both are walked through every
 * state of a small world. {@link io.understudy.ha.RoleMachine} decides from them, from this member's history and from the stored
 * numbers; whose term it follows and whose turn it is to claim says {@code ClaimOrder}. {@link io.understudy.ha.RoleActions} is what it needs
 * done. It knows no tables and no streams. The duty cycle turns it; whether this member may decide for a group is two volatile
 * reads for any thread.
 *
 * <p>Health scores, admin pins, preemption and planned switchover are not part of it.
 */
package io.understudy.ha;
