package io.understudy;

import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;

/**
 * What a node tells its dataplane. Every method does nothing by default.
 *
 * <p>Thread: the duty cycle; be brief, never block.
 */
public interface SyncListener {
  /** The member's role for a group changed. In ACTIVE and STANDALONE the member decides for the group. */
  default void onRole(int group, Role before, Role now, Term term, String cause) {}

  /**
   * The member is the holder and may decide, since it became it or after a doubt whether another one did: what forwards for the
   * group must be told again where it is.
   */
  default void onAnnounce(Announcement announcement) {}

  /** A peer is connected, or its last connection ended. */
  default void onPeer(int node, boolean connected) {}

  /** An entry came from a peer: packets that wait for it may look again. Under the partition's lock. */
  default void onArrived(HotTable table, Partition partition, int slot) {}

  /** An entry ended here by a peer's word: its holder's delete, a sweep, another session. Under the partition's lock. */
  default void onEnded(HotTable table, Partition partition, int slot) {}
}
