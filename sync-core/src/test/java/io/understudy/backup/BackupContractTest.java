package io.understudy.backup;

import static io.understudy.model.Direction.FORWARD;
import static io.understudy.model.Direction.REVERSE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.track.FactWords;
import io.understudy.track.SessionEvent;
import io.understudy.track.SessionFacts;
import io.understudy.track.SessionState;
import io.understudy.track.TcpState;
import io.understudy.track.Verdict;
import io.understudy.track.Watcher;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Every row and every case of the contract in docs/concepts/backup.md, in both modes. */
class BackupContractTest {
  private static final int F = 1_000;
  private static final int R = 5_000;
  private static final int COOKIE_ECHO = 10;
  private static final int COOKIE_ACK = 11;

  /** What a packet causes on the link, if nothing waits there. */
  private enum Sent {
    NOTHING,
    CREATE,
    UPDATE,
    URGENT_UPDATE,
    /** The delete of the old generation and the create of the new, as one record. */
    REPLACE,
    /** The delete of the old generation; the new one is not eligible yet. */
    DELETE
  }

  /** The member that created the session, with its gate. */
  private static final class Member {
    final Watcher watcher;
    private final BackupGate gate;
    private final BackupQuestion question = new BackupQuestion();
    private final int protocol;
    private int flags;
    private long forwardPackets;
    private boolean backedUp;
    private long decision;

    Member(int protocol, BackupPolicy policy, boolean pickUp) {
      this.protocol = protocol;
      gate = new BackupGate(BackupConfig.builder().policy(policy).build());
      watcher = pickUp ? Watcher.thatPicksUp() : Watcher.strict();
    }

    Member flagged(int flag) {
      flags |= flag;
      return this;
    }

    /** After a packet of the watcher. */
    Sent sent(Verdict verdict) {
      switch (verdict) {
        case IGNORE, INVALID, NO_SESSION -> {
          return Sent.NOTHING;
        }
        case NEW_GENERATION -> {
          return replaced();
        }
        case CREATE, ACCEPT -> {
          forwardPackets += watcher.lastDirection() == FORWARD ? 1 : 0;
          return decided();
        }
      }
      throw new IllegalStateException();
    }

    /** The dataplane reports something that is no packet. */
    Sent reports(SessionEvent event) {
      question.session(protocol, 1, 0, 80).change(state(), event, state());
      return published(true);
    }

    BackupReason reason() {
      return BackupDecision.reason(decision);
    }

    private SessionState state() {
      return watcher.state(protocol);
    }

    private Sent decided() {
      question.session(protocol, 1, 0, 80).change(watcher.result());
      return published(watcher.result().isChanged());
    }

    private Sent replaced() {
      boolean known = backedUp;
      backedUp = false;
      forwardPackets = 1;
      Sent sent = decided();
      if (!known) {
        return sent;
      }
      return sent == Sent.CREATE ? Sent.REPLACE : Sent.DELETE;
    }

    private Sent published(boolean changed) {
      boolean known = backedUp;
      question.usage(forwardPackets, 0).flags(flags | (known ? BackupQuestion.BACKED_UP : 0));
      decision = gate.decide(question);
      backedUp = BackupDecision.isBackUp(decision);
      if (!backedUp) {
        return Sent.NOTHING;
      }
      if (!known) {
        return Sent.CREATE;
      }
      if (!changed) {
        return Sent.NOTHING;
      }
      return BackupDecision.isUrgent(decision) ? Sent.URGENT_UPDATE : Sent.UPDATE;
    }
  }

  private static Member normal(int protocol) {
    return new Member(protocol, BackupPolicy.NORMAL, false);
  }

  private static Member quick(int protocol) {
    return new Member(protocol, BackupPolicy.QUICK, false);
  }

  private static void open(Member member) {
    member.sent(member.watcher.syn(FORWARD, F));
    member.sent(member.watcher.synAck(REVERSE, R, F + 1));
    member.sent(member.watcher.ack(FORWARD, F + 1, R + 1));
  }

  private static void end(Member member) {
    member.sent(member.watcher.fin(FORWARD, F + 1, R + 1));
    member.sent(member.watcher.fin(REVERSE, R + 1, F + 2));
    member.sent(member.watcher.ack(FORWARD, F + 2, R + 2));
  }

  @Nested
  class Tcp {
    private final Member normal = normal(IpProtocol.TCP);
    private final Member quick = quick(IpProtocol.TCP);

    @Test
    void normalModeBacksUpWhenTheHandshakeIsComplete() {
      assertEquals(Sent.NOTHING, normal.sent(normal.watcher.syn(FORWARD, F)));
      assertEquals(BackupReason.HANDSHAKE_INCOMPLETE, normal.reason());
      assertEquals(Sent.NOTHING, normal.sent(normal.watcher.synAck(REVERSE, R, F + 1)));
      assertEquals(Sent.CREATE, normal.sent(normal.watcher.ack(FORWARD, F + 1, R + 1)));
    }

    @Test
    void quickModeBacksUpTheHalfOpenSession() {
      assertEquals(Sent.CREATE, quick.sent(quick.watcher.syn(FORWARD, F)));
      assertEquals(Sent.URGENT_UPDATE, quick.sent(quick.watcher.synAck(REVERSE, R, F + 1)));
      assertEquals(Sent.URGENT_UPDATE, quick.sent(quick.watcher.ack(FORWARD, F + 1, R + 1)));
    }

    @Test
    void retransmittedSynIsNothingNew() {
      normal.sent(normal.watcher.syn(FORWARD, F));
      quick.sent(quick.watcher.syn(FORWARD, F));

      assertEquals(Sent.NOTHING, normal.sent(normal.watcher.syn(FORWARD, F)));
      assertEquals(Sent.NOTHING, quick.sent(quick.watcher.syn(FORWARD, F)));
    }

    @Test
    void newIsnOnAHalfOpenSessionIsSentInQuickModeOnly() {
      normal.sent(normal.watcher.syn(FORWARD, F));
      quick.sent(quick.watcher.syn(FORWARD, F));

      assertEquals(Sent.NOTHING, normal.sent(normal.watcher.syn(FORWARD, F + 99)));
      assertEquals(Sent.REPLACE, quick.sent(quick.watcher.syn(FORWARD, F + 99)));
    }

    @Test
    void simultaneousOpenIsCreatedWhenBothSynsAreAcknowledged() {
      Watcher watcher = normal.watcher;
      assertEquals(Sent.NOTHING, normal.sent(watcher.syn(FORWARD, F)));
      assertEquals(Sent.NOTHING, normal.sent(watcher.syn(REVERSE, R)));
      assertEquals(Sent.NOTHING, normal.sent(watcher.synAck(REVERSE, R, F + 1)));
      assertEquals(Sent.CREATE, normal.sent(watcher.synAck(FORWARD, F, R + 1)));
    }

    @Test
    void simultaneousOpenIsCreatedAtTheFirstSynInQuickMode() {
      assertEquals(Sent.CREATE, quick.sent(quick.watcher.syn(FORWARD, F)));
      assertEquals(Sent.URGENT_UPDATE, quick.sent(quick.watcher.syn(REVERSE, R)));
    }

    @Test
    void halvesOfASimultaneousOpenJoinAlsoFromTwoMembers() {
      Member other = quick(IpProtocol.TCP);
      assertEquals(Sent.CREATE, quick.sent(quick.watcher.syn(FORWARD, F)));
      assertEquals(Sent.CREATE, other.sent(other.watcher.syn(FORWARD, R)));
      long[] words = new long[FactWords.WORDS];
      other.watcher.facts().store(words, 0);
      assertEquals(true, FactWords.isOpeningOnly(words, 0));
      FactWords.swapDirections(words, 0);
      SessionFacts turned = new SessionFacts();
      turned.load(words, 0);
      quick.watcher.facts().merge(turned);

      assertEquals(Sent.URGENT_UPDATE, quick.sent(quick.watcher.synAck(REVERSE, R, F + 1)));
      assertEquals(Sent.URGENT_UPDATE, quick.sent(quick.watcher.synAck(FORWARD, F, R + 1)));
      assertEquals(TcpState.ESTABLISHED, quick.watcher.tcpState());
    }

    @Test
    void synAndSynAckAtDifferentMembersAreEstablishedByMergingInBothModes() {
      for (Member member : new Member[] {normal, quick}) {
        Watcher other = Watcher.strict();
        member.sent(member.watcher.syn(FORWARD, F));
        other.mergeFrom(member.watcher);
        other.synAck(REVERSE, R, F + 1);
        member.sent(member.watcher.ack(FORWARD, F + 1, R + 1)); // one step ahead
        assertEquals(SessionEvent.AHEAD, member.watcher.result().event());

        member.watcher.mergeFrom(other);

        assertEquals(TcpState.ESTABLISHED, member.watcher.tcpState());
      }
      assertEquals(Sent.CREATE, normal.reports(SessionEvent.LOOK_AGAIN));
    }

    @Test
    void refusedConnectionIsNeverSentInNormalMode() {
      normal.sent(normal.watcher.syn(FORWARD, F));

      assertEquals(Sent.NOTHING, normal.sent(normal.watcher.rstAck(REVERSE, 0, F + 1)));
      assertEquals(BackupReason.HANDSHAKE_INCOMPLETE, normal.reason());
    }

    @Test
    void refusedConnectionInQuickModeIsAnUrgentUpdateUnlessTheDrainHasNotSentItYet() {
      quick.sent(quick.watcher.syn(FORWARD, F));

      assertEquals(Sent.URGENT_UPDATE, quick.sent(quick.watcher.rstAck(REVERSE, 0, F + 1)));
    }

    @Test
    void finIsAnUpdateInNormalModeAndUrgentInQuickMode() {
      open(normal);
      open(quick);

      assertEquals(Sent.UPDATE, normal.sent(normal.watcher.fin(FORWARD, F + 1, R + 1)));
      assertEquals(Sent.URGENT_UPDATE, quick.sent(quick.watcher.fin(FORWARD, F + 1, R + 1)));
    }

    @Test
    void rstIsUrgentInBothModes() {
      open(normal);
      open(quick);

      assertEquals(Sent.URGENT_UPDATE, normal.sent(normal.watcher.rst(FORWARD, F + 1)));
      assertEquals(Sent.URGENT_UPDATE, quick.sent(quick.watcher.rst(FORWARD, F + 1)));
    }

    @Test
    void synOnAnEndedSessionReplacesItWhenItIsEligible() {
      open(quick);
      end(quick);
      open(normal);
      end(normal);

      assertEquals(Sent.REPLACE, quick.sent(quick.watcher.syn(FORWARD, F + 9_999)));
      // the record stays owed until the new generation is eligible, then delete and create are one
      assertEquals(Sent.DELETE, normal.sent(normal.watcher.syn(FORWARD, F + 9_999)));
      normal.sent(normal.watcher.synAck(REVERSE, R + 99, F + 10_000));
      assertEquals(Sent.CREATE, normal.sent(normal.watcher.ack(FORWARD, F + 10_000, R + 100)));
    }

    @Test
    void dataIsALeaseOnly() {
      for (Member member : new Member[] {normal, quick}) {
        open(member);
        for (int i = 0; i < 10; i++) {
          assertEquals(
              Sent.NOTHING,
              member.sent(member.watcher.tcp(FORWARD, Watcher.ACK, F + 1 + i, R + 1, 1)));
          assertEquals(Sent.NOTHING, member.sent(member.watcher.ack(REVERSE, R + 1, F + 2 + i)));
        }
      }
    }

    @Test
    void sequenceOffsetOfAnAlgIsUrgentInBothModes() {
      open(normal);
      open(quick);

      assertEquals(Sent.URGENT_UPDATE, normal.reports(SessionEvent.SEQUENCE_OFFSET));
      assertEquals(Sent.URGENT_UPDATE, quick.reports(SessionEvent.SEQUENCE_OFFSET));
    }

    @Test
    void sessionPickedUpIsSentWhenBothDirectionsWereSeenOrAtOnce() {
      Member normalPicker = new Member(IpProtocol.TCP, BackupPolicy.NORMAL, true);
      Member quickPicker = new Member(IpProtocol.TCP, BackupPolicy.QUICK, true);

      assertEquals(Sent.CREATE, quickPicker.sent(quickPicker.watcher.ack(FORWARD, F, R)));
      assertEquals(Sent.NOTHING, normalPicker.sent(normalPicker.watcher.ack(FORWARD, F, R)));
      assertEquals(Sent.CREATE, normalPicker.sent(normalPicker.watcher.ack(REVERSE, R, F)));
    }
  }

  @Nested
  class Udp {
    private final Member normal = normal(IpProtocol.UDP);
    private final Member quick = quick(IpProtocol.UDP);

    @Test
    void normalModeBacksUpAtTheSecondForwardPacketAndAReplyDoesNotCount() {
      assertEquals(Sent.NOTHING, packet(normal, FORWARD));
      assertEquals(BackupReason.FIRST_FORWARD_PACKET, normal.reason());
      assertEquals(Sent.NOTHING, packet(normal, REVERSE));
      assertEquals(Sent.NOTHING, packet(normal, REVERSE));
      assertEquals(Sent.NOTHING, packet(normal, REVERSE));
      assertEquals(Sent.CREATE, packet(normal, FORWARD));
    }

    @Test
    void quickModeBacksUpAtTheFirstForwardPacket() {
      assertEquals(Sent.CREATE, packet(quick, FORWARD));
    }

    @Test
    void laterFragmentsCountForNothing() {
      packet(normal, FORWARD);

      assertEquals(
          Sent.NOTHING, normal.sent(normal.watcher.laterFragment(IpProtocol.UDP, FORWARD)));
      assertEquals(Sent.NOTHING, quick.sent(quick.watcher.laterFragment(IpProtocol.UDP, FORWARD)));
      assertEquals(Sent.CREATE, packet(normal, FORWARD));
    }

    private static Sent packet(Member member, Direction direction) {
      return member.sent(member.watcher.packet(IpProtocol.UDP, direction));
    }
  }

  @Nested
  class Icmp {
    @Test
    void normalModeNeverBacksUpAnEcho() {
      Member normal = normal(IpProtocol.ICMP);
      for (int i = 0; i < 5; i++) {
        assertEquals(Sent.NOTHING, normal.sent(normal.watcher.icmp(IpProtocol.ICMP, FORWARD, 8)));
        assertEquals(Sent.NOTHING, normal.sent(normal.watcher.icmp(IpProtocol.ICMP, REVERSE, 0)));
        assertEquals(BackupReason.MODE_NORMAL_ICMP, normal.reason());
      }
    }

    @Test
    void quickModeBacksUpAtTheRequest() {
      Member quick4 = quick(IpProtocol.ICMP);
      Member quick6 = quick(IpProtocol.ICMPV6);

      assertEquals(Sent.CREATE, quick4.sent(quick4.watcher.icmp(IpProtocol.ICMP, FORWARD, 8)));
      assertEquals(Sent.CREATE, quick6.sent(quick6.watcher.icmp(IpProtocol.ICMPV6, FORWARD, 128)));
    }

    @Test
    void otherQueriesAreNeverBackedUp() {
      for (Member member : new Member[] {normal(IpProtocol.ICMP), quick(IpProtocol.ICMP)}) {
        assertEquals(Sent.NOTHING, member.sent(member.watcher.icmp(IpProtocol.ICMP, FORWARD, 13)));
        assertEquals(BackupReason.TABLE_NOT_ELIGIBLE, member.reason());
      }
    }

    @Test
    void errorsCauseNothing() {
      Member quick = quick(IpProtocol.ICMP);
      quick.sent(quick.watcher.icmp(IpProtocol.ICMP, FORWARD, 8));

      assertEquals(Sent.NOTHING, quick.sent(quick.watcher.icmp(IpProtocol.ICMP, REVERSE, 3)));
    }
  }

  @Nested
  class Sctp {
    private final Member normal = normal(IpProtocol.SCTP);
    private final Member quick = quick(IpProtocol.SCTP);

    @Test
    void normalModeBacksUpAtTheCookieAck() {
      Watcher watcher = normal.watcher;
      assertEquals(Sent.NOTHING, normal.sent(watcher.init(FORWARD, F)));
      assertEquals(BackupReason.HANDSHAKE_INCOMPLETE, normal.reason());
      assertEquals(Sent.NOTHING, normal.sent(watcher.initAck(REVERSE, F, R)));
      assertEquals(Sent.NOTHING, normal.sent(watcher.chunks(FORWARD, R, COOKIE_ECHO, 0)));
      assertEquals(Sent.CREATE, normal.sent(watcher.chunks(REVERSE, F, COOKIE_ACK, 3)));
    }

    @Test
    void quickModeBacksUpAtTheInit() {
      assertEquals(Sent.CREATE, quick.sent(quick.watcher.init(FORWARD, F)));
      assertEquals(Sent.URGENT_UPDATE, quick.sent(quick.watcher.initAck(REVERSE, F, R)));
    }

    @Test
    void retransmittedInitIsNothingNew() {
      quick.sent(quick.watcher.init(FORWARD, F));

      assertEquals(Sent.NOTHING, quick.sent(quick.watcher.init(FORWARD, F)));
    }

    @Test
    void restartReplacesTheAssociationAndStaysBackedUp() {
      normal.sent(normal.watcher.init(FORWARD, F));
      normal.sent(normal.watcher.initAck(REVERSE, F, R));
      normal.sent(normal.watcher.chunks(FORWARD, R, COOKIE_ECHO));
      normal.sent(normal.watcher.chunks(REVERSE, F, COOKIE_ACK));

      assertEquals(Sent.REPLACE, normal.sent(normal.watcher.init(FORWARD, F + 9)));
    }

    @Test
    void abortIsUrgentInNormalMode() {
      normal.sent(normal.watcher.init(FORWARD, F));
      normal.sent(normal.watcher.initAck(REVERSE, F, R));
      normal.sent(normal.watcher.chunks(FORWARD, R, COOKIE_ECHO));
      normal.sent(normal.watcher.chunks(REVERSE, F, COOKIE_ACK));

      assertEquals(Sent.URGENT_UPDATE, normal.sent(normal.watcher.chunks(FORWARD, R, 6)));
    }
  }

  @Nested
  class OtherProtocols {
    @Test
    void normalModeBacksUpAtTheSecondForwardPacketOrTheFirstReply() {
      for (int protocol : new int[] {IpProtocol.GRE, IpProtocol.ESP, IpProtocol.AH, 112}) {
        Member twice = normal(protocol);
        assertEquals(Sent.NOTHING, twice.sent(twice.watcher.packet(protocol, FORWARD)));
        assertEquals(BackupReason.FIRST_FORWARD_PACKET, twice.reason());
        assertEquals(Sent.CREATE, twice.sent(twice.watcher.packet(protocol, FORWARD)));

        Member replied = normal(protocol);
        replied.sent(replied.watcher.packet(protocol, FORWARD));
        assertEquals(Sent.CREATE, replied.sent(replied.watcher.packet(protocol, REVERSE)));
      }
    }

    @Test
    void quickModeBacksUpAtTheFirstPacket() {
      Member quick = quick(IpProtocol.GRE);

      assertEquals(Sent.CREATE, quick.sent(quick.watcher.packet(IpProtocol.GRE, FORWARD)));
    }
  }

  @Nested
  class TheFirewallItself {
    @Test
    void isNeverBackedUpInEitherMode() {
      for (int protocol : new int[] {IpProtocol.UDP, IpProtocol.GRE}) {
        for (Member member : new Member[] {normal(protocol), quick(protocol)}) {
          member.flagged(BackupQuestion.LOCAL);
          for (int i = 0; i < 3; i++) {
            assertEquals(Sent.NOTHING, member.sent(member.watcher.packet(protocol, FORWARD)));
            assertEquals(Sent.NOTHING, member.sent(member.watcher.packet(protocol, REVERSE)));
            assertEquals(BackupReason.LOCAL_ORIGIN, member.reason());
          }
        }
      }
      Member tcp = quick(IpProtocol.TCP).flagged(BackupQuestion.LOCAL);
      assertEquals(Sent.NOTHING, tcp.sent(tcp.watcher.syn(FORWARD, F)));
      Member ping = quick(IpProtocol.ICMP).flagged(BackupQuestion.LOCAL);
      assertEquals(Sent.NOTHING, ping.sent(ping.watcher.icmp(IpProtocol.ICMP, FORWARD, 8)));
    }
  }
}
