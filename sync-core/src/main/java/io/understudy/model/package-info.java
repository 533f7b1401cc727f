/**
 * The field's value types: members, groups, terms, roles, directions, protocols.
 *
 * <p>Immutable and free of behaviour beyond their own ranges and order; safe on any thread. The hot path does not use
 * them: there a node, a group or a protocol is an {@code int} and an address one or two {@code long}s. Read {@link
 * io.understudy.model.Term} first: most rules of the stream speak of it.
 */
package io.understudy.model;
