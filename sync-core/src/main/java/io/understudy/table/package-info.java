/**
 * What any replicated table provides, and the slabs that hot ones live in.
 *
 * <p>A hot table is 256 partitions of fixed-size rows in primitive arrays, found by a keyed hash. The dataplane's threads
 * publish, look up and touch; each takes one partition's lock for the copy of a record, or none. This package knows rows,
 * keys, generations and indexes; it does not know peers: what is owed to whom lies in the marks that it keeps in the
 * rows for {@code delta}, and what a payload means is told by a {@link io.understudy.table.RecordRules}.
 *
 * <p>Read {@link io.understudy.table.Row}, then {@link io.understudy.table.Partition}, then {@link
 * io.understudy.table.HotTable}.
 */
package io.understudy.table;
