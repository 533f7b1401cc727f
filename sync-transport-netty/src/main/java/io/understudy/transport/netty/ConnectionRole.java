package io.understudy.transport.netty;

import io.understudy.transport.netty.Preamble.BadPreambleException;

/** What differs between a connection that was dialled and one that was accepted. */
interface ConnectionRole {
  /** The node that was dialled, or 0. */
  int dialledNode();

  void connected(LinkHandler link);

  /** Whether the other side may be who it says. */
  void check(Preamble preamble) throws BadPreambleException;

  /** The other side's preamble is good. */
  void greeted(LinkHandler link);

  /** The connection is over. */
  void disconnected(LinkHandler link);
}
