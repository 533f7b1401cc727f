package io.understudy.table;

/**
 * Lets one live entry at a time have a NAT binding: asked before a publish writes one.
 *
 * <p>Shape: whoever takes a binding holds its {@link Claim} while it asks and writes, so that of two threads that take the same one
 * the second sees the first. Entries that peers send do not ask: two members cut off from each other may both have given a binding, and
 * the merge decides.
 *
 * <p>Thread: any, under the lock of the partition of the entry that takes the binding; claims come after that lock and before those of
 * the secondary index. Allocates nothing.
 */
final class Bindings {
  private static final int CLAIMS = 64;

  private final HotTable table;
  private final RecordRules rules;
  private final Authority authority;
  private final SecondaryIndex index;
  private final TableReader reader;
  private final Claim[] claims = new Claim[CLAIMS];

  Bindings(HotTable table, Authority authority, SecondaryIndex index, TableReader reader) {
    this.table = table;
    this.authority = authority;
    this.index = index;
    this.reader = reader;
    rules = table.spec().rules();
    for (int i = 0; i < CLAIMS; i++) {
      claims[i] = new Claim();
    }
  }

  /** A publish with these arguments gives an entry a binding that it does not have. */
  boolean isAnother(Partition partition, int slot, long[] record, int group, int options) {
    if (slot == Partition.NONE || !Row.isLive(partition.slab(slot), partition.row(slot))) {
      return authority.holds(group);
    }
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    if ((options & HotTable.NEW_GENERATION) == 0
        && !(rules.isOtherBinding(slab, row, record, 0)
            && rules.sameDirections(slab, row, record, 0))) {
      return false;
    }
    return authority.holds(Row.group(slab, row));
  }

  /** Of this record, which has a binding. */
  Claim claim(Partition partition, long[] record) {
    return claims[(int) (hash(partition, record) >>> 40) & CLAIMS - 1];
  }

  private long hash(Partition partition, long[] record) {
    long[] hashes = partition.scratch(0);
    rules.secondaryHashes(table, record, 0, hashes);
    return hashes[0]; // the binding's comes first
  }

  /** The right to take one of the bindings that share it. */
  final class Claim {
    private final long[] row = new long[table.spec().rowWords()];
    private final RowFilter sameBinding = this::hasSameBinding; // made once: it allocates nothing
    private long[] record;

    /**
     * Whether another live entry has the record's binding. The caller holds this claim's monitor.
     *
     * @param slot of the entry that takes it, or {@link Partition#NONE}
     */
    boolean isTaken(Partition partition, int slot, long[] taking) {
      record = taking;
      long hash = hash(partition, taking);
      int self =
          slot == Partition.NONE ? HashIndex.NONE : SlotReference.of(partition.number(), slot);
      return reader.isThere(index.segment(hash), (int) hash, sameBinding, self, row);
    }

    private boolean hasSameBinding(long[] candidate) {
      return rules.sameBinding(record, 0, candidate, 0);
    }
  }
}
