package io.understudy.delta;

/** What a drained record becomes on the wire. */
enum Message {
  NOTHING,
  CREATE,
  UPDATE,
  DELETE;

  /** From what it is now and what the peer may hold, never from a history (protocol, rule 1). */
  static Message toSend(boolean live, boolean known, boolean introduced) {
    if (live) {
      return introduced ? UPDATE : CREATE;
    }
    return known ? DELETE : NOTHING; // it lived and died unsent: it costs nothing
  }
}
