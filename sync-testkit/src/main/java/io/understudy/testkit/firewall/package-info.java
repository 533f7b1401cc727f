/**
 * A small stateful firewall on the library's own tables: two zones, no address translation, no payload inspection.
 *
 * <p>{@link io.understudy.testkit.firewall.ReferenceFirewall} is how a dataplane without a session table of its own uses the
 * library, and what the captures are run through: decode, find the session, track, ask when it is backed up, publish. It is not
 * fast and not meant to be: it has one thread, and one packet at a time. {@link io.understudy.testkit.firewall.Paths} says
 * which of two members a packet meets when forward and return traffic use different ones.
 *
 * <p>Left to others: reading captures ({@link io.understudy.testkit.packet}), roles and replication (the node).
 *
 * <p>One dataplane thread, except where a method says otherwise. Read {@code ReferenceFirewall} first.
 */
package io.understudy.testkit.firewall;
