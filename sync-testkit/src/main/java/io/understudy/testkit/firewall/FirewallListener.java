package io.understudy.testkit.firewall;

import io.understudy.tables.session.SessionRecord;
import io.understudy.testkit.packet.Packet;

/**
 * What a firewall tells whoever counts. Every method does nothing by default.
 *
 * <p>Thread: the dataplane's. Records and packets are reused after the call.
 */
public interface FirewallListener {
  /** A packet began a session on a key that had none. */
  default void onCreated(SessionRecord session) {}

  /** A session is backed up from now on. */
  default void onBackedUp(SessionRecord session) {}

  /** A packet that was parked went its way: through its session, or nowhere. */
  default void onUnparked(Packet packet, int vsys, boolean matched) {}
}
