package io.understudy.metrics;

/** The counters of a node, in the order of their stable ids. */
public enum SyncCounter {
  TABLE_FULL(0, "entries", "Entries that found no room in their table, local or from a peer."),
  STALE_TERM_BATCHES(
      1, "batches", "Batches dropped because their term was older than the one known."),
  STALE_EPOCH_BATCHES(
      2, "batches", "Batches dropped because they came late, from a stream that had begun anew."),
  UNKNOWN_HANDLES(3, "records", "Records refused because their handle meant nothing here."),
  RECORDS_SENT(4, "records", "Records written into frames."),
  RECORDS_APPLIED(5, "records", "Records received and merged."),
  CREATES_SENT(6, "records", "Introductions written into frames, also of new generations."),
  UPDATES_SENT(7, "records", "Updates written into frames."),
  DELETES_SENT(8, "records", "Deletes written into frames."),
  PAYLOAD_BYTES_SENT(
      9, "bytes", "Bytes of the frames that carried records, without their length prefixes."),
  PAYLOAD_BYTES_RECEIVED(10, "bytes", "Bytes of the data frames received."),
  RECORDS_RESENT(
      11,
      "records",
      "Records owed again because their connection ended before the acknowledgement."),
  FRAMES_REJECTED(12, "frames", "Frames that could not be read; each closed its connection."),
  UNKNOWN_FIELDS(
      13, "fields", "Fields, messages and tables that this version does not know and skipped."),
  SWEPT(14, "entries", "Entries removed because a bulk sync of the holder did not contain them."),
  CANDIDATES_ACCEPTED(
      15, "entries", "Candidates of the loser of a split that the holder took over."),
  CANDIDATES_REFUSED(16, "entries", "Candidates of the loser of a split that the holder refused."),
  BINDINGS_RELEASED(17, "bindings", "NAT bindings given up because another session had the same."),
  DEBTS_DROPPED(18, "peers", "Times a peer was away too long and owes a sweep instead of deletes."),
  HELLO_REFUSED(19, "connections", "Connections refused at HELLO."),
  TAKEOVERS(20, "terms", "Terms this member began."),
  NEEDS_SENT(21, "entries", "Entries asked of their holder."),
  ENTRIES_ENDED_BY_PEER(22, "entries", "Entries that ended by a delete of their holder."),
  CROWDED_KEYS(
      23,
      "keys",
      "Reply tuples and SCTP tags by which an entry is not found: too many others have the same."),
  STORE_FAILURES(
      24, "saves", "Saves that the stable store refused; what was to be stored is not used."),
  RECORDS_REFUSED(25, "records", "Records of peers refused because their table was full here."),
  RECORDS_QUARANTINED(
      26, "records", "Records of peers refused because they cannot be of their table."),
  RECORDS_REFUSED_BY_PEER(
      27, "records", "Records that a peer refused: it had no room, or quarantined them."),
  STREAMS_STALLED(
      28,
      "connections",
      "Data connections closed because nothing on them was acknowledged while the peer was heard."),
  CALLBACKS_FAILED(29, "callbacks", "Callbacks of the listener that threw."),
  EVENTS_FOLDED(
      30,
      "events",
      "Entries that came or ended, and changes of roles, peers and faults, without an event of their own: the listener was slow."),
  CLOCKS_NOT_BELIEVED(
      31,
      "heartbeats",
      "Heartbeats whose generation clock was passed over: nobody can have counted so far.");

  private final int id;
  private final String unit;
  private final String sentence;

  SyncCounter(int id, String unit, String sentence) {
    this.id = id;
    this.unit = unit;
    this.sentence = sentence;
  }

  public int id() {
    return id;
  }

  public String unit() {
    return unit;
  }

  public String sentence() {
    return sentence;
  }
}
