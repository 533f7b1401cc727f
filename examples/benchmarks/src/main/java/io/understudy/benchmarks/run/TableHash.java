package io.understudy.benchmarks.run;

import io.understudy.model.Direction;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.tables.session.SessionView;
import io.understudy.track.FactWords;
import io.understudy.track.SessionFacts;

/** A hash over all records of a session table that does not depend on where they lie: key, facts, values, identity, counters. */
final class TableHash {
  private static final Direction[] DIRECTIONS = Direction.values();

  private final SessionTable table;
  private final SessionRecord session;
  private final SessionFacts facts = new SessionFacts();
  private final long[] factWords = new long[FactWords.WORDS];
  private long sum;
  private long records;

  TableHash(SessionTable table) {
    this.table = table;
    session = table.newRecord();
  }

  /** The sum of the records' hashes; the records are counted too. */
  long compute() {
    sum = 0;
    records = 0;
    long cursor = 0;
    do {
      cursor = table.scan(cursor, 4_096, session, this::add);
    } while (cursor != 0);
    return sum;
  }

  long records() {
    return records;
  }

  private void add(SessionView record) {
    record.loadFacts(facts);
    facts.store(factWords, 0);
    long hash = 1;
    hash = hash * 31 + record.originatorLow();
    hash = mix(hash * 31 + record.responderLow());
    hash = mix(hash * 31 + ((long) record.originatorPort() << 16 | record.responderPort()));
    hash = mix(hash * 31 + ((long) record.protocol() << 16 | record.vsys()));
    for (long word : factWords) {
      hash = mix(hash * 31 + word);
    }
    hash = mix(hash * 31 + record.policy());
    hash = mix(hash * 31 + ((long) record.ingressZone() << 16 | record.egressZone()));
    hash = mix(hash * 31 + ((long) record.timeoutClass() << 16 | record.flags()));
    hash = mix(hash * 31 + record.generation());
    hash = mix(hash * 31 + ((long) record.creator() << 16 | record.group()));
    for (Direction direction : DIRECTIONS) {
      hash = mix(hash * 31 + table.packets(record, direction));
      hash = mix(hash * 31 + table.bytes(record, direction));
    }
    sum += hash;
    records++;
  }

  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
