package io.understudy;

import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.table.EntryEvent;

/**
 * What a node tells its dataplane. Every method does nothing by default.
 *
 * <p>A callback may throw, block, publish or close the node: that stops nothing. What throws is counted and logged; behind one that
 * blocks the others wait: of each group's roles, each peer and each fault the last 16, of the rest the newest.
 *
 * <p>Thread: for every method the executor given to {@link SyncNodeBuilder#callbacks}, by default a thread of the transport's; one call at a
 * time.
 */
public interface SyncListener {
  /**
   * The member's role for a group changed. In ACTIVE and STANDALONE the member decides for the group; whether it may at this moment
   * says {@link SyncNode#mayDecide}.
   *
   * @param before its role as last told
   */
  default void onRole(int group, Role before, Role now, Term term, String cause) {}

  /**
   * The member is the holder and may decide, since it became it or after a doubt whether another one did: what forwards for the
   * group must be told again where it is.
   */
  default void onAnnounce(Announcement announcement) {}

  /** Something is not as it should be. It goes on until {@link #onFaultEnded}, and {@link NodeStatus#faults} holds it. */
  default void onFaultBegan(Fault fault) {}

  /** It is over; the fault is the same as the one that began ({@link Fault#isSame}), with its count. */
  default void onFaultEnded(Fault fault) {}

  /** A peer can be sent records, or cannot any more. */
  default void onPeer(int node, boolean connected) {}

  /** A peer has everything of a group that this member holds. */
  default void onPeerInSync(int node, int group) {}

  /** This member has everything of a group that a peer holds. */
  default void onSyncComplete(int group) {}

  /** An entry of a watched table came from a peer. */
  default void onArrived(EntryEvent entry) {}

  /** An entry of a watched table ended here by a peer's word: its holder's delete, a sweep, another session. */
  default void onEnded(EntryEvent entry) {}

  /** Entries of this table came that somebody waits for, or more came and ended than could be told: whoever waits looks again. */
  default void onLookAgain(int table) {}
}
