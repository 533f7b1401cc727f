package io.understudy.testkit.firewall;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.track.TcpWindow;

/**
 * The TCP windows of one table's sessions at this member, beside the table, and their hints for the peers.
 *
 * <p>A session that began elsewhere, or before this firewall, is learnt again from the hints of its row: a takeover needs nothing
 * else. Hints are told with whatever is published, and otherwise once in {@link #HINT_EVERY_NS}: with a packet, or by {@link #run} where none
 * follows.
 *
 * <p>Shape: for each slot of the table its generation, when its hints were told, whether newer ones wait, and the window; claimed as slots
 * are used. The slots that wait, in a ring.
 * <p>Thread: the dataplane's. Allocates nothing per packet once a partition's slots have their places.
 */
final class Windows {
  /** Usage goes to the peers once a second or so. */
  static final long HINT_EVERY_NS = 500_000_000L;

  /** Hints are older than the session's last packet by what passes until they are told, sent and received. */
  private static final long HINT_DELAY_NS = 3_000_000_000L;

  private static final int GENERATION = 0;
  private static final int TOLD = 1;
  private static final int WAITS = 2;
  private static final int WINDOW = 3;
  private static final int STRIDE = WINDOW + TcpWindow.WORDS;
  private static final int FIRST_SLOTS = 16;
  private static final int MOST_AT_ONCE = 512;

  private final SessionTable table;
  private final long bytesPerSecond;
  private final long[][] places = new long[HotTable.PARTITIONS][];
  private final TcpWindow window = new TcpWindow();
  private final SessionRecord told;

  /** Partition and slot of each session whose hints wait, from {@link #head} on. */
  private long[] waiting = new long[FIRST_SLOTS];

  /** When each of them is due: in order. */
  private long[] dueNs = new long[FIRST_SLOTS];

  private int head;
  private int waitingCount;
  private long[] present;
  private int at;

  Windows(SessionTable table, long bytesPerSecond) {
    this.table = table;
    this.bytesPerSecond = bytesPerSecond;
    told = table.newRecord();
  }

  /** An empty window, for a packet that may begin a session. */
  TcpWindow empty() {
    present = null;
    window.clear();
    return window;
  }

  /** The window of a session that was looked up; {@code null} where its protocol has none. */
  TcpWindow of(SessionRecord session, long nowNs) {
    if (session.protocol() != IpProtocol.TCP) {
      present = null;
      return null;
    }
    if (!seek(session) || present[at + GENERATION] != generation(session)) {
      long ageNs = nowNs - session.lastSeenNs(nowNs) + HINT_DELAY_NS;
      window.relearn(
          session.sequenceHint(Direction.FORWARD),
          session.sequenceHint(Direction.REVERSE),
          ageNs,
          bytesPerSecond);
    } else {
      window.load(present, at + WINDOW);
    }
    return window;
  }

  /** The packet moved the window, or a SYN was kept in it. */
  void keep(SessionRecord session, long nowNs) {
    if (present == null) {
      return;
    }
    if (present[at + GENERATION] != generation(session)) {
      present[at + GENERATION] = generation(session);
      present[at + TOLD] = nowNs - HINT_EVERY_NS;
    }
    window.store(present, at + WINDOW);
  }

  /** The session begins, on a free key or in place of another generation: {@link #begun} follows when it is published. */
  void tell(SessionRecord session) {
    if (session.protocol() != IpProtocol.TCP) {
      return;
    }
    session.sequenceHints(window.hint(Direction.FORWARD), window.hint(Direction.REVERSE));
  }

  /** The session was published anew: what is kept belongs to its new generation. */
  void begun(SessionRecord session, long nowNs) {
    if (session.protocol() == IpProtocol.TCP && table.lookup(session) && seek(session)) {
      keep(session, nowNs);
      present[at + TOLD] = nowNs;
    }
  }

  /** A packet that is not published: its hints are told when they are due. */
  void tellIfDue(SessionRecord session, long nowNs) {
    if (present != null && nowNs - present[at + TOLD] >= HINT_EVERY_NS) {
      tell(session);
      table.hint(session);
      present[at + TOLD] = nowNs;
    } else if (present != null && present[at + WAITS] == 0 && isAhead(session)) {
      present[at + WAITS] = 1;
      await((long) table.partition(session) << 32 | table.slot(session), nowNs + HINT_EVERY_NS);
    }
  }

  private boolean isAhead(SessionRecord session) {
    return session.sequenceHint(Direction.FORWARD) != window.hint(Direction.FORWARD)
        || session.sequenceHint(Direction.REVERSE) != window.hint(Direction.REVERSE);
  }

  private void await(long place, long atNs) {
    if (waitingCount == waiting.length) {
      waiting = grown(waiting);
      dueNs = grown(dueNs);
      head = 0;
    }
    int next = head + waitingCount++ & waiting.length - 1;
    waiting[next] = place;
    dueNs[next] = atNs;
  }

  private long[] grown(long[] ring) {
    long[] grown = new long[2 * ring.length];
    for (int i = 0; i < ring.length; i++) {
      grown[i] = ring[head + i & ring.length - 1];
    }
    return grown;
  }

  /** Tells the hints of some sessions that were not heard of since they were due. */
  void run(long nowNs) {
    for (int i = 0; i < MOST_AT_ONCE && nextDueNs() <= nowNs; i++) {
      tellNext(nowNs);
    }
  }

  /** Tells all of them now. */
  void runAll(long nowNs) {
    while (waitingCount > 0) {
      tellNext(nowNs);
    }
  }

  /** {@link Long#MAX_VALUE}: none waits. */
  long nextDueNs() {
    return waitingCount == 0 ? Long.MAX_VALUE : dueNs[head];
  }

  private void tellNext(long nowNs) {
    int partition = (int) (waiting[head] >>> 32);
    int slot = (int) waiting[head];
    head = head + 1 & waiting.length - 1;
    waitingCount--;
    long[] place = places[partition];
    int from = slot * STRIDE;
    place[from + WAITS] = 0;
    boolean isThere =
        table.read(table.table().partition(partition), slot, told)
            && place[from + GENERATION] == generation(told);
    if (isThere) {
      window.load(place, from + WINDOW);
      if (isAhead(told)) {
        tell(told);
        table.hint(told);
        place[from + TOLD] = nowNs;
      }
    }
  }

  /** A packet that is published: its hints go along. */
  void tellNow(SessionRecord session, long nowNs) {
    tell(session);
    if (present != null) {
      present[at + TOLD] = nowNs;
    }
  }

  private boolean seek(SessionRecord session) {
    present = null;
    int slot = table.slot(session);
    if (slot == Partition.NONE) {
      return false;
    }
    int partition = table.partition(session);
    at = slot * STRIDE;
    if (places[partition] == null || places[partition].length <= at) {
      int slots = Math.max(FIRST_SLOTS, Integer.highestOneBit(slot) * 2);
      long[] grown = new long[slots * STRIDE];
      if (places[partition] != null) {
        System.arraycopy(places[partition], 0, grown, 0, places[partition].length);
      }
      places[partition] = grown;
    }
    present = places[partition];
    return true;
  }

  private static long generation(SessionRecord session) {
    return session.generation() ^ (long) session.creator() << 48;
  }
}
