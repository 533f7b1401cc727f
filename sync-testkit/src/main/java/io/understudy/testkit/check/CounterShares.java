package io.understudy.testkit.check;

import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import io.understudy.wire.ColumnGroup;
import java.util.Arrays;

/**
 * After healing and quiet each of two members remembers the other's share of an entry's counters as that one has it itself (protocol,
 * rule 17).
 *
 * <p>Clusters of three are not compared: each member tells its share when it counts, and a holder tells its own and the receiver's. One
 * that was away does not hear what the third counted before until that counts again (docs/limits.md).
 */
final class CounterShares {
  /** The only one that a member of two has. */
  private static final int PEER_SLOT = 0;

  private final SimCluster sim;
  private long[] row = new long[0];
  private long[] record = new long[0];

  CounterShares(SimCluster sim) {
    this.sim = sim;
  }

  /** Throws a {@link SimFailure} with the first difference. */
  void check() {
    if (!isCompared(sim)) {
      return;
    }
    for (SimNode writer : sim.nodes()) {
      for (int t = 0; t < writer.node().tables().size(); t++) {
        check(writer, t);
      }
    }
  }

  private void check(SimNode writer, int t) {
    HotTable table = writer.node().tables().get(t);
    if (row.length < table.spec().rowWords()) {
      row = new long[table.spec().rowWords()];
      record = new long[table.spec().rowWords() + Row.COUNTER_WORDS];
    }
    for (int p = 0; p < HotTable.PARTITIONS; p++) {
      Partition partition = table.partition(p);
      for (int slot = 0; slot < partition.highWater(); slot++) {
        if (table.copyLive(partition, slot, row) && Row.exclusion(row, 0) == 0) {
          for (SimNode reader : sim.nodes()) {
            if (reader != writer) {
              check(writer, reader, reader.node().tables().get(t));
            }
          }
        }
      }
    }
  }

  private static boolean isCompared(SimCluster sim) {
    return sim.settings().members() == 2;
  }

  private void check(SimNode writer, SimNode reader, HotTable table) {
    long hash = table.hash(row, Row.PAYLOAD);
    Partition partition = table.partition(HotTable.partitionOf(hash));
    int slot = table.find(partition, row, 0, hash);
    if (slot == Partition.NONE) {
      return; // refused for want of room; that all have the same entries is Convergence's
    }
    table.rows().stage(partition, slot, record, 0, ColumnGroup.YOUR_USAGE, PEER_SLOT, sim.nowNs());
    int share = Row.PAYLOAD + table.spec().payloadWords();
    long[] own = Arrays.copyOf(row, Row.COUNTER_WORDS);
    long[] told = Arrays.copyOfRange(record, share, share + Row.COUNTER_WORDS);
    if (!Arrays.equals(own, told)) {
      throw new SimFailure(
          "Convergence",
          "node "
              + writer.id()
              + " counted "
              + Arrays.toString(own)
              + " of generation "
              + Row.generation(row, 0)
              + "@"
              + Row.creator(row, 0)
              + " in partition "
              + partition.number()
              + " of table "
              + table.spec().name()
              + ", node "
              + reader.id()
              + " remembers "
              + Arrays.toString(told));
    }
  }
}
