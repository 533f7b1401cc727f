package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.table.PublishResult;
import org.junit.jupiter.api.Test;

/**
 * Whoever spoke of a key with a record may hold it (protocol, rule 1): a session that ends between the record and its answer is told of,
 * though nothing of it was ever sent there.
 */
class SpokenOfTest {
  private final OfferingMember holder = new OfferingMember();
  private final OfferingMember loser = new OfferingMember();

  @Test
  void endOfAnAcceptedCandidateIsTold() throws Exception {
    loser.publish();

    loser.offerTo(holder);

    assertEquals(PublishResult.QUEUED, holder.remove());
  }

  @Test
  void endOfWhatAnswersAnOlderCandidateIsTold() throws Exception {
    loser.publish();
    holder.groups.later(10);
    holder.publish();

    loser.offerTo(holder);

    assertEquals(PublishResult.QUEUED, holder.remove());
  }

  @Test
  void endOfWhatGoesOnAboveARefusedCandidateIsTold() throws Exception {
    holder.publish();
    loser.groups.later(10);
    loser.publish();

    loser.offerTo(holder);

    assertEquals(PublishResult.QUEUED, holder.remove());
  }

  @Test
  void endOfASessionOfWhichNobodySpokeIsNot() {
    holder.publish();

    assertEquals(PublishResult.STORED, holder.remove());
  }
}
