/**
 * The steady stream: frames out and in, acknowledgements, refusals, epochs.
 *
 * <p>{@link io.understudy.replication.PeerStream} is one peer's: {@code StreamSender} fills frames with what is dirty as long as
 * the window has room; {@code StreamReceiver} applies the peer's batches record by record with the rules of {@code EntryMerge} and
 * {@code Candidates} and notes what the acknowledgement must say; {@code FrameSettlement} settles the frames sent by
 * what the peer acknowledges or refuses, and by connections that end. What a record's marks mean is {@code delta}'s; who holds a
 * group is told by {@link io.understudy.replication.Groups}; the bulk walk adds to the same frames through {@link
 * io.understudy.replication.PeerStream.BulkSide}.
 *
 * <p>Everything runs on the duty cycle's thread and takes a partition's lock for 16 records at a time. Read {@code
 * EntryMerge} for the rules, {@code PeerStream} for the flow.
 */
package io.understudy.replication;
