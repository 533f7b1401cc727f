/**
 * Decides who holds each group: heartbeats, terms, takeover.
 *
 * <p>{@link io.understudy.ha.PeerMonitor} watches and decides nothing; {@link io.understudy.ha.RoleMachine} decides from what it
 * watched, from this member's own history and from the stored numbers: whose term it follows and whether it may claim says {@code
 * ClaimOrder}, what it may trust after a pause {@code SleepFence}; {@link io.understudy.ha.RoleActions} is what it needs done.
 * It knows no tables and no streams. The duty cycle turns it; whether this member may decide for a group is one volatile read for
 * any thread.
 *
 * <p>Health scores, admin pins, preemption and planned switchover are not part of it.
 */
package io.understudy.ha;
