package io.understudy.replication;

/** The groups of a member that follows member 2 in all of them. */
final class FollowedGroups extends HeldGroups {
  @Override
  public boolean holds(int group) {
    return false;
  }
}
