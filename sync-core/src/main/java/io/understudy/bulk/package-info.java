/**
 * A full copy of the groups a member holds, in bounded steps beside live traffic.
 *
 * <p>{@link io.understudy.bulk.BulkSender} walks the tables for one peer and ends each partition with a mark; {@link
 * io.understudy.bulk.BulkReceiver} sweeps at the mark what the holder did not speak of. Frames, windows and acknowledgements are
 * {@code replication}'s; which entries were spoken of is kept in {@link io.understudy.delta.SeenMarks}.
 *
 * <p>Everything runs on the duty cycle's thread. Read {@code BulkSender} first.
 */
package io.understudy.bulk;
