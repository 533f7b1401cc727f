package io.understudy.ha;

import io.understudy.model.Role;
import io.understudy.model.Term;

/** What the role machine needs done. Thread: the duty cycle. */
public interface RoleActions {
  /** Reads what the peer's data connections still hold, then closes them. */
  void finishConnections(int peer);

  /** None of those is left; everything they held is applied. */
  boolean isFinished(int peer);

  /** No life of this member begins a term with this number again; throws if that could not be stored safely. */
  void reserve(int group, long number);

  /** The group has another holder, this member or a peer. */
  void onHolderChanged(int group, Term before, Term now);

  /** The member's role changed. */
  void onRoleChanged(int group, Role before, Role now, Term term, String cause);

  /** A peer completed the bulk of this group in its present term, and is connected, or is heard and lost its data connection just now. */
  boolean isAnyPeerInSync(int group);

  /** Something that peers should hear at once. */
  void announce();

  /** What had no room in a connection is said again now, or what was said before is asked for. */
  void repeat();

  /** Every peer should answer at once. */
  void ask();

  /** The member is the group's holder and decides, since it became it or after a doubt whether another one did. */
  void onAnnounce(int group, Term term, String cause);
}
