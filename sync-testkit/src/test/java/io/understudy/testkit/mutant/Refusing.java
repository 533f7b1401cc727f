package io.understudy.testkit.mutant;

import com.google.protobuf.ByteString;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.IpProtocol;
import io.understudy.proto.v1.Frame;
import io.understudy.proto.v1.RefusedRecords;
import io.understudy.table.HotTable;
import io.understudy.tables.session.SessionRecord;
import java.util.function.UnaryOperator;

/**
 * A pair whose first member publishes one session and hears that the second refused it, for a reason that this version of the
 * library does not give itself.
 */
final class Refusing {
  private final OtherPair pair;
  private final byte reason;
  private boolean isTold;

  /** @param reason as on the wire, with 0x80 where the peer holds an older version */
  Refusing(int reason) {
    this.reason = (byte) reason;
    pair = new OtherPair(UnaryOperator.identity(), this::refuse);
    pair.run(1_000);
    Stage.check("Settled", pair.first().isInSync(2, 1), "the pair is not in sync");
  }

  OtherPair pair() {
    return pair;
  }

  /** The first acknowledgement after the session was sent says that its only record is refused. */
  private Frame refuse(Frame frame) {
    if (isTold || !frame.hasAck() || sent() == 0) {
      return frame;
    }
    isTold = true;
    RefusedRecords.Builder refused =
        RefusedRecords.newBuilder()
            .setFrame(frame.getAck().getFrame())
            .addRecord(0)
            .setReason(ByteString.copyFrom(new byte[] {reason}));
    return frame.toBuilder().setAck(frame.getAck().toBuilder().addRefused(refused)).build();
  }

  /** Begins or changes the session, and lets time pass. */
  void publish(int policy) {
    publish(policy, 0);
  }

  /** Begins a new generation of the session, and lets time pass. */
  void publishAnew(int policy) {
    publish(policy, HotTable.NEW_GENERATION);
  }

  private void publish(int policy, int options) {
    SessionRecord record = Stage.fact(session(), 0, 1, 0).policy(policy).zones(1, 2);
    pair.sessions().publish(record, 1, 0, options | HotTable.URGENT, pair.nowNs());
    pair.run(200);
    Stage.check("Settled", isTold, "the session was not sent");
  }

  /** Ends the session. Answers how many deletes were sent. */
  long remove() {
    long before = pair.first().counters().get(SyncCounter.DELETES_SENT);
    pair.sessions().remove(session(), HotTable.URGENT, pair.nowNs());
    pair.run(200);
    return pair.first().counters().get(SyncCounter.DELETES_SENT) - before;
  }

  private SessionRecord session() {
    return pair.sessions().newRecord().key4(0, IpProtocol.UDP, 0x0a000001, 1_000, 0xc0a80001, 53);
  }

  /** How often the session was sent. */
  long sent() {
    return pair.first().counters().get(SyncCounter.CREATES_SENT)
        + pair.first().counters().get(SyncCounter.UPDATES_SENT);
  }
}
