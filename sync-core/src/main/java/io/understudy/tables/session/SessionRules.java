package io.understudy.tables.session;

import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.table.RecordRules;
import io.understudy.table.Row;
import io.understudy.table.SecondaryIndex;
import io.understudy.track.FactWords;
import io.understudy.wire.ColumnGroup;

/** How two records of one session merge, and under what else a session is found. Thread: any; keeps no state. */
final class SessionRules implements RecordRules {
  private static final long ORIGINATOR_BIT = 1L << SessionLayout.ORIGINATOR;

  /** In the values word: NAT kind and ports. */
  private static final long NAT_VALUES = 0xFF_FFFF_FFFFL;

  private static final long OTHER_VALUES = ~NAT_VALUES & ~ORIGINATOR_BIT;

  /** Tells tags from tuples in the secondary index. */
  private static final long TAG_MARK = 0x7A65_0000_0000_0001L;

  private final SessionLayout layout;

  SessionRules(SessionLayout layout) {
    this.layout = layout;
  }

  @Override
  public int mergeFacts(long[] slab, int row, long[] record, int at) {
    int facts = layout.facts;
    if (sameDirections(slab, row, record, at)) {
      return groups(FactWords.merge(slab, row + facts, record, at + facts));
    }
    // the record's creator saw the other end first
    FactWords.swapDirections(record, at + facts);
    int changed = groups(FactWords.merge(slab, row + facts, record, at + facts));
    FactWords.swapDirections(record, at + facts);
    return changed;
  }

  private static int groups(int changed) {
    return ((changed & FactWords.CHANGED_BITS) != 0 ? ColumnGroup.FACTS : 0)
        | ((changed & FactWords.CHANGED_FORWARD_OPENING) != 0 ? ColumnGroup.OPEN_FORWARD : 0)
        | ((changed & FactWords.CHANGED_REVERSE_OPENING) != 0 ? ColumnGroup.OPEN_REVERSE : 0)
        | ((changed & FactWords.CHANGED_FORWARD_FIN) != 0 ? ColumnGroup.FIN_FORWARD : 0)
        | ((changed & FactWords.CHANGED_REVERSE_FIN) != 0 ? ColumnGroup.FIN_REVERSE : 0);
  }

  @Override
  public boolean sameDirections(long[] slab, int row, long[] record, int at) {
    return ((slab[row + layout.values] ^ record[at + layout.values]) & ORIGINATOR_BIT) == 0;
  }

  @Override
  public boolean isOfTable(long[] record, int at) {
    return SessionKey.isCanonical(record, at + Row.PAYLOAD, layout.ipv6);
  }

  @Override
  public void takeDirections(long[] slab, int row, long[] record, int at) {
    record[at + layout.values] =
        record[at + layout.values] & ~ORIGINATOR_BIT | slab[row + layout.values] & ORIGINATOR_BIT;
  }

  @Override
  public int replaceHolderValues(long[] slab, int row, long[] record, int at, int groups) {
    int changed = 0;
    if ((groups & ColumnGroup.KEY) != 0 && !sameDirections(slab, row, record, at)) {
      FactWords.swapDirections(slab, row + layout.facts);
      slab[row + layout.values] ^= ORIGINATOR_BIT;
      changed |= ColumnGroup.KEY;
    }
    if ((groups & ColumnGroup.HOLDER) != 0) {
      boolean differs = replace(slab, row + layout.policy, record[at + layout.policy], -1L);
      differs |= replace(slab, row + layout.values, record[at + layout.values], OTHER_VALUES);
      changed |= differs ? ColumnGroup.HOLDER : 0;
    }
    if ((groups & ColumnGroup.OFFSETS) != 0
        && replace(slab, row + layout.offsets, record[at + layout.offsets], -1L)) {
      changed |= ColumnGroup.OFFSETS;
    }
    if ((groups & ColumnGroup.NAT) != 0) {
      boolean differs = replace(slab, row + layout.values, record[at + layout.values], NAT_VALUES);
      for (int i = layout.nat; i < Row.PAYLOAD + layout.payloadWords; i++) {
        differs |= replace(slab, row + i, record[at + i], -1L);
      }
      changed |= differs ? ColumnGroup.NAT : 0;
    }
    return changed;
  }

  private static boolean replace(long[] slab, int word, long value, long mask) {
    long before = slab[word];
    slab[word] = before & ~mask | value & mask;
    return slab[word] != before;
  }

  @Override
  public int compareHolderValues(long[] slab, int row, long[] record, int at) {
    for (int i = layout.policy; i < Row.PAYLOAD + layout.payloadWords; i++) {
      int order = Long.compareUnsigned(record[at + i], slab[row + i]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  @Override
  public int wholeGroups(long[] slab, int row) {
    int facts = row + layout.facts;
    long options = slab[facts + 2] >>> 20;
    int groups = ColumnGroup.FACTS | ColumnGroup.HOLDER;
    groups |= (slab[facts] >>> 32 | options >>> 22) != 0 ? ColumnGroup.OPEN_FORWARD : 0;
    groups |= (slab[facts] << 32 | options & 0x3FFFFF) != 0 ? ColumnGroup.OPEN_REVERSE : 0;
    groups |= slab[facts + 1] >>> 32 != 0 ? ColumnGroup.FIN_FORWARD : 0;
    groups |= (int) slab[facts + 1] != 0 ? ColumnGroup.FIN_REVERSE : 0;
    groups |= slab[row + layout.offsets] != 0 ? ColumnGroup.OFFSETS : 0;
    return groups | (hasBinding(slab, row) ? ColumnGroup.NAT : 0);
  }

  @Override
  public boolean joins(long[] slab, int row, long[] record, int at) {
    if (bindingsConflict(slab, row, record, at)) {
      return false;
    }
    int protocol = protocol(slab, row);
    if (protocol != IpProtocol.TCP && protocol != IpProtocol.SCTP) {
      return true;
    }
    boolean crossed =
        !sameDirections(slab, row, record, at)
            && FactWords.isOpeningOnly(slab, row + layout.facts)
            && FactWords.isOpeningOnly(record, at + layout.facts);
    return crossed || sameOpening(slab, row, record, at);
  }

  @Override
  public boolean sameOpening(long[] slab, int row, long[] record, int at) {
    long mine = slab[row + layout.facts];
    long theirs = record[at + layout.facts];
    if (!sameDirections(slab, row, record, at)) {
      theirs = Long.rotateLeft(theirs, 32);
    }
    boolean sameForward = mine >>> 32 != 0 && mine >>> 32 == theirs >>> 32;
    boolean sameReverse = (int) mine != 0 && (int) mine == (int) theirs;
    boolean otherForward = mine >>> 32 != 0 && theirs >>> 32 != 0 && !sameForward;
    boolean otherReverse = (int) mine != 0 && (int) theirs != 0 && !sameReverse;
    return (sameForward || sameReverse) && !otherForward && !otherReverse;
  }

  private boolean bindingsConflict(long[] slab, int row, long[] record, int at) {
    return hasBinding(slab, row) && hasBinding(record, at) && isOtherBinding(slab, row, record, at);
  }

  @Override
  public boolean isOtherBinding(long[] slab, int row, long[] record, int at) {
    boolean differs = ((slab[row + layout.values] ^ record[at + layout.values]) & NAT_VALUES) != 0;
    for (int i = layout.nat; i < Row.PAYLOAD + layout.payloadWords; i++) {
      differs |= slab[row + i] != record[at + i];
    }
    return differs;
  }

  @Override
  public boolean hasBinding(long[] slab, int row) {
    return (slab[row + layout.values] >>> SessionLayout.NAT_KIND & 0xFF) != 0;
  }

  @Override
  public boolean sameBinding(long[] slab, int row, long[] otherSlab, int otherRow) {
    if (!hasBinding(otherSlab, otherRow)) {
      return false;
    }
    for (int i = 0; i < layout.keyWords; i++) {
      if (replyWord(slab, row, i) != replyWord(otherSlab, otherRow, i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int secondaryHashes(HotTable table, long[] slab, int row, long[] out) {
    int count = 0;
    if (hasBinding(slab, row)) {
      for (int i = 0; i < layout.keyWords; i++) {
        out[SecondaryIndex.MAX_KEYS + i] = replyWord(slab, row, i);
      }
      out[count++] = table.hash(out, SecondaryIndex.MAX_KEYS, layout.keyWords);
    }
    if (protocol(slab, row) == IpProtocol.SCTP) {
      int facts = row + layout.facts;
      boolean high = originatorIsHigh(slab, row);
      count = addTag(table, slab, row, FactWords.forwardIsn(slab, facts), high, out, count);
      count = addTag(table, slab, row, FactWords.reverseIsn(slab, facts), !high, out, count);
      // former tags are in use until a COOKIE-ACK proves the newer ones
      count = addTag(table, slab, row, FactWords.forwardFin(slab, facts), high, out, count);
      count = addTag(table, slab, row, FactWords.reverseFin(slab, facts), !high, out, count);
    }
    return count;
  }

  /** A tag with the port of the end that announced it. */
  private int addTag(
      HotTable table,
      long[] slab,
      int row,
      int tag,
      boolean announcerIsHigh,
      long[] out,
      int count) {
    if (tag == 0) {
      return count;
    }
    long tuple = slab[row + layout.tuple];
    int low = (int) (tuple >>> SessionLayout.LOW_PORT) & 0xFFFF;
    int high = (int) (tuple >>> SessionLayout.HIGH_PORT) & 0xFFFF;
    int vsys = (int) (tuple >>> SessionLayout.VSYS) & 0xFFFF;
    int announcer = announcerIsHigh ? high : low;
    long hash = tagHash(table, vsys, announcer, announcerIsHigh ? low : high, tag, out);
    for (int i = 0; i < count; i++) {
      if (out[i] == hash) {
        return count; // both ends chose the same port and tag: each hash is indexed once
      }
    }
    out[count] = hash;
    return count + 1;
  }

  /** The secondary hash of an SCTP tag; the scratch behind {@code out}'s hashes is used. */
  static long tagHash(
      HotTable table, int vsys, int announcerPort, int otherPort, int tag, long[] out) {
    int at = SecondaryIndex.MAX_KEYS;
    out[at] = TAG_MARK ^ (long) vsys << 16;
    out[at + 1] = (long) announcerPort << 48 | (long) otherPort << 32 | tag & 0xFFFFFFFFL;
    return table.hash(out, at, 2);
  }

  /** Word {@code index} of the key under which replies arrive: the translated ends in canonical order. */
  long replyWord(long[] words, int row, int index) {
    long values = words[row + layout.values];
    long sourcePort = values >>> SessionLayout.NAT_SOURCE_PORT & 0xFFFF;
    long destinationPort = values & 0xFFFF;
    boolean sourceIsLow = isSourceLow(words, row, sourcePort, destinationPort);
    if (index == layout.keyWords - 1) {
      long low = sourceIsLow ? sourcePort : destinationPort;
      long high = sourceIsLow ? destinationPort : sourcePort;
      return low << SessionLayout.LOW_PORT
          | high << SessionLayout.HIGH_PORT
          | words[row + layout.tuple] & 0xFFFF_FFFFL;
    }
    int nat = row + layout.nat;
    if (!layout.ipv6) {
      return sourceIsLow ? words[nat] : Long.rotateLeft(words[nat], 32);
    }
    return words[nat + (sourceIsLow ? index : index ^ 2)];
  }

  private boolean isSourceLow(long[] words, int row, long sourcePort, long destinationPort) {
    int nat = row + layout.nat;
    int order;
    if (layout.ipv6) {
      order = Long.compareUnsigned(words[nat], words[nat + 2]);
      order = order != 0 ? order : Long.compareUnsigned(words[nat + 1], words[nat + 3]);
    } else {
      order = Integer.compareUnsigned((int) (words[nat] >>> 32), (int) words[nat]);
    }
    return order != 0 ? order < 0 : sourcePort <= destinationPort;
  }

  boolean isTranslatedSourceLow(long[] row) {
    long values = row[layout.values];
    return isSourceLow(row, 0, values >>> SessionLayout.NAT_SOURCE_PORT & 0xFFFF, values & 0xFFFF);
  }

  int protocol(long[] words, int row) {
    return (int) (words[row + layout.tuple] >>> SessionLayout.PROTOCOL) & 0xFF;
  }

  boolean originatorIsHigh(long[] words, int row) {
    return (words[row + layout.values] & ORIGINATOR_BIT) != 0;
  }
}
