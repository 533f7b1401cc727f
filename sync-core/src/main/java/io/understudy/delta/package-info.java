/**
 * What is owed to whom.
 *
 * <p>For each peer and record one word ({@code PeerMarks}) says what the peer knows, what is dirty, and in which frame the
 * record went last. Nothing queues: a record that changes ten times before it is drained is sent once, as it then is, and one
 * that lived and died unsent is not sent at all. {@link io.understudy.delta.Drain} takes dirty records a few at a time and
 * decides what each becomes; {@link io.understudy.delta.InFlight} remembers what lies in unacknowledged frames; {@link
 * io.understudy.delta.Settlement} says what an acknowledgement, a refusal or a lost connection means for a record.
 *
 * <p>Marks are changed under the lock of the record's partition, by dataplane threads ({@link
 * io.understudy.delta.ChangeFanout}) and by the duty cycle. Whether and when frames are sent is {@code replication}'s and
 * {@code bulk}'s business. Read {@code PeerMarks} first.
 */
package io.understudy.delta;
