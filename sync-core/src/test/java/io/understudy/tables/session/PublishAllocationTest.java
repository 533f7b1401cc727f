package io.understudy.tables.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.understudy.delta.ChangeFanout;
import io.understudy.delta.PeerDelta;
import io.understudy.metrics.CounterSet;
import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.HoldsAll;
import io.understudy.table.HotTable;
import io.understudy.table.PublishResult;
import io.understudy.table.TableSpec;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a dataplane thread calls per packet allocates nothing, by the JVM's own counter of this thread. */
class PublishAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int SESSIONS = 20_000;
  private static final int GROUP = 1;

  /** Over all operations: a single boxed number an operation would be 320,000. */
  private static final long TOLERATED_BYTES = 512;

  private SessionTable table;
  private SessionRecord record;
  private long nowNs = 1_000_000_000L;

  @BeforeEach
  void emptyTableWithOnePeer() {
    ChangeFanout fanout = new ChangeFanout(new HoldsAll(), 5_000_000);
    TableSpec spec = SessionTable.spec4(1 << 16, 1);
    HotTable hot = new HotTable(spec, 11, 13, new HoldsAll(), fanout, new CounterSet());
    PeerDelta peer = new PeerDelta(0, List.of(hot));
    peer.setRemembered(true);
    fanout.setPeers(new PeerDelta[] {peer});
    table = new SessionTable(hot);
    record = table.newRecord();
    hot.claimAhead(0, HotTable.PARTITIONS); // as the duty cycle does
    for (int i = 0; i < 3; i++) {
      each(this::create);
      each(this::remove);
    }
  }

  @Test
  void publishOfNewSessionsAllocatesNothing() {
    each(this::create);
    each(this::remove);

    assertEquals(0, allocatedBy(this::create));
  }

  @Test
  void publishOfKnownSessionsAllocatesNothing() {
    each(this::create);
    each(this::change);

    assertEquals(0, allocatedBy(this::change));
  }

  @Test
  void lookupByEitherTupleAllocatesNothing() {
    each(this::create);
    each(this::lookup);
    each(this::lookupReply);

    assertEquals(0, allocatedBy(this::lookup));
    assertEquals(0, allocatedBy(this::lookupReply));
  }

  @Test
  void lookupThatFindsNothingAllocatesNothing() {
    each(this::lookupNothing);

    assertEquals(0, allocatedBy(this::lookupNothing));
  }

  @Test
  void touchAllocatesNothing() {
    each(this::create);
    each(this::touch);

    assertEquals(0, allocatedBy(this::touch));
  }

  @Test
  void removeAllocatesNothing() {
    each(this::create);

    assertEquals(0, allocatedBy(this::remove));
  }

  /** Bytes that this thread claimed meanwhile; next to nothing over all operations counts as none. */
  private long allocatedBy(IntConsumer operation) {
    long thread = Thread.currentThread().getId();
    long before = THREADS.getThreadAllocatedBytes(thread);
    each(operation);
    long allocated = THREADS.getThreadAllocatedBytes(thread) - before;
    return allocated <= TOLERATED_BYTES ? 0 : allocated;
  }

  private static void each(IntConsumer operation) {
    for (int i = 0; i < SESSIONS; i++) {
      operation.accept(i);
    }
  }

  private void create(int i) {
    key(i).policy(i).zones(1, 2).timeoutClass(3);
    record.nat4(NatKind.SOURCE, 0xC0000201, 20_000 + i % 40_000, 0xC6336400 + i / 40_000, 443);
    record.count(Direction.FORWARD, 1, 60);
    assertEquals(PublishResult.QUEUED, table.publish(record, GROUP, 0, 0, nowNs));
  }

  private void change(int i) {
    nowNs += 1_000;
    key(i).policy(i + (int) nowNs).zones(1, 2).timeoutClass(4);
    record.nat4(NatKind.SOURCE, 0xC0000201, 20_000 + i % 40_000, 0xC6336400 + i / 40_000, 443);
    assertEquals(PublishResult.ABSORBED, table.publish(record, GROUP, 0, 0, nowNs));
  }

  private void lookup(int i) {
    key(i);
    assertTrue(table.lookup(record));
  }

  private void lookupReply(int i) {
    int translated = 0xC6336400 + i / 40_000;
    record.key4(0, IpProtocol.TCP, translated, 443, 0xC0000201, 20_000 + i % 40_000);
    assertTrue(table.lookup(record));
  }

  private void lookupNothing(int i) {
    record.key4(7, IpProtocol.UDP, i, 53, i + 1, 53);
    assertEquals(false, table.lookup(record));
  }

  private void touch(int i) {
    key(i);
    assertTrue(table.touch(record, Direction.REVERSE, 1, 1_400, nowNs));
  }

  private void remove(int i) {
    key(i);
    table.remove(record, 0, nowNs);
  }

  private SessionRecord key(int i) {
    return record.key4(0, IpProtocol.TCP, 0x0A000001 + i, 1_024 + i % 50_000, 0x0B000001, 443);
  }
}
