/**
 * The bytes of a connection: frames, and the columns that hot records travel in.
 *
 * <p>The {@code .proto} files are the contract, and whatever is written here can be read by any
 * protobuf implementation. Control messages use the generated classes of {@code
 * io.understudy.proto.v1}. Batches of records, and the acknowledgements that answer them, are
 * written and read by hand, because that is where the time goes: column by column over primitive
 * arrays, without an object and without an allocation.
 *
 * <p>What it does: {@link io.understudy.wire.FrameWriter} and {@link
 * io.understudy.wire.FrameReader} write and read one frame each; {@link
 * io.understudy.wire.RecordSchema} tells them how the records of a table are laid out and which
 * {@link io.understudy.wire.Column} each value travels in; {@link io.understudy.wire.ColumnGroup}
 * says which columns a record carries. All bytes from a peer are checked against that: what does
 * not fit is a {@link io.understudy.wire.WireFormatException}, what is not known is skipped and
 * counted.
 *
 * <p>What it leaves to others: the length before a frame and the socket (the transport, which asks
 * {@link io.understudy.wire.FrameLimits#check} before it claims memory); what a record means,
 * whether a slot, a partition, a kind or a term makes sense, and what happens to a connection that
 * sent nonsense ({@code replication}); staging records out of a table and merging them into one
 * (the table's codec).
 *
 * <p>Threads: writers and readers belong to one thread each and keep their arrays for life. Schemas
 * are immutable and shared.
 *
 * <p>Read first: {@code docs/reference/wire.md} for the bytes, then {@code
 * RecordWriter.writeColumn}: one column from the staged records to the frame. {@code
 * RecordReader.readColumn} is the way back.
 */
package io.understudy.wire;
