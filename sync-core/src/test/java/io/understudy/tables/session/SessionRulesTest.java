package io.understudy.tables.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.IpProtocol;
import io.understudy.track.SessionFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When records of two creators are one session (protocol, rule 6). */
class SessionRulesTest {
  private static final int OPENING = 1;
  private static final int ANSWERED = 1 << 1;
  private static final long LOW = 10;
  private static final long HIGH = 20;

  private final Sessions sessions = new Sessions(false);
  private final SessionRules rules = new SessionRules(SessionLayout.IPV4);

  @ParameterizedTest
  @ValueSource(ints = {IpProtocol.TCP, IpProtocol.SCTP})
  void theSameFirstNumberIsTheSameSession(int protocol) {
    SessionRecord one = fromLow(protocol, Sessions.facts(OPENING, 77, 0, 0));
    SessionRecord other = fromLow(protocol, Sessions.facts(OPENING, 77, OPENING, 88));

    assertOneSession(true, one, other);
    assertSameOpening(true, one, other);
  }

  @ParameterizedTest
  @ValueSource(ints = {IpProtocol.TCP, IpProtocol.SCTP})
  void anotherFirstNumberIsAnotherSession(int protocol) {
    SessionRecord one = fromLow(protocol, Sessions.facts(OPENING, 77, 0, 0));
    SessionRecord other = fromLow(protocol, Sessions.facts(OPENING, 78, 0, 0));

    assertOneSession(false, one, other);
    assertSameOpening(false, one, other);
  }

  @ParameterizedTest
  @ValueSource(ints = {IpProtocol.TCP, IpProtocol.SCTP})
  void crossedOpeningsThatNobodyAnsweredAreOneSession(int protocol) {
    SessionRecord one = fromLow(protocol, Sessions.facts(OPENING, 77, 0, 0));
    SessionRecord other = fromHigh(protocol, Sessions.facts(OPENING, 88, 0, 0));

    assertOneSession(true, one, other);
    assertSameOpening(false, one, other);
  }

  @ParameterizedTest
  @ValueSource(ints = {IpProtocol.TCP, IpProtocol.SCTP})
  void aCrossedOpeningThatWasAnsweredIsAnotherSession(int protocol) {
    SessionRecord one = fromLow(protocol, Sessions.facts(OPENING | ANSWERED, 77, 0, 0));
    SessionRecord other = fromHigh(protocol, Sessions.facts(OPENING, 88, 0, 0));

    assertOneSession(false, one, other);
  }

  @ParameterizedTest
  @ValueSource(ints = {IpProtocol.TCP, IpProtocol.SCTP})
  void creatorsThatSawOppositeEndsFirstCompareTheSameEnd(int protocol) {
    SessionRecord one = fromLow(protocol, Sessions.facts(OPENING | ANSWERED, 77, OPENING, 88));
    SessionRecord other = fromHigh(protocol, Sessions.facts(OPENING | ANSWERED, 88, 0, 0));
    SessionRecord stranger = fromHigh(protocol, Sessions.facts(OPENING | ANSWERED, 77, 0, 0));

    assertOneSession(true, one, other);
    assertSameOpening(true, one, other);
    assertOneSession(false, one, stranger);
  }

  @Test
  void oneEqualNumberDoesNotOutweighADifferentOne() {
    SessionRecord one = fromLow(IpProtocol.TCP, Sessions.facts(OPENING, 77, OPENING, 88));
    SessionRecord other = fromLow(IpProtocol.TCP, Sessions.facts(OPENING, 77, OPENING, 89));

    assertOneSession(false, one, other);
    assertSameOpening(false, one, other);
  }

  @Test
  void numbersThatNobodySawAreNotEqual() {
    SessionRecord one = fromLow(IpProtocol.TCP, Sessions.facts(ANSWERED, 0, ANSWERED, 0));
    SessionRecord other = fromLow(IpProtocol.TCP, Sessions.facts(ANSWERED, 0, ANSWERED, 0));

    assertOneSession(false, one, other);
  }

  @ParameterizedTest
  @ValueSource(ints = {IpProtocol.UDP, IpProtocol.ICMP, IpProtocol.GRE, IpProtocol.ESP})
  void otherProtocolsJoinUnlessTheirBindingsConflict(int protocol) {
    SessionFacts seen = Sessions.facts(OPENING, 0, 0, 0);

    assertOneSession(true, fromLow(protocol, seen), fromHigh(protocol, seen));
    assertOneSession(true, bound(fromLow(protocol, seen), 5), fromLow(protocol, seen));
    assertOneSession(true, bound(fromLow(protocol, seen), 5), bound(fromLow(protocol, seen), 5));
    assertOneSession(false, bound(fromLow(protocol, seen), 5), bound(fromLow(protocol, seen), 6));
  }

  @Test
  void nothingJoinsWithAnotherBinding() {
    SessionFacts opened = Sessions.facts(OPENING, 77, 0, 0);
    SessionRecord one = bound(fromLow(IpProtocol.TCP, opened), 5);
    SessionRecord other = bound(fromLow(IpProtocol.TCP, opened), 6);

    assertOneSession(false, one, other);
    assertSameOpening(true, one, other);
  }

  @Test
  void bindingsAreTheSameWhenTheirReplyTuplesAre() {
    SessionFacts seen = Sessions.facts(OPENING, 0, 0, 0);
    SessionRecord one = bound(fromLow(IpProtocol.UDP, seen), 5);
    SessionRecord same =
        sessions.nat(sessions.packet(IpProtocol.UDP, 30, 99, HIGH, 80), 40, 5, HIGH, 80);
    SessionRecord turned =
        sessions.nat(sessions.packet(IpProtocol.UDP, 30, 98, HIGH, 80), HIGH, 80, 40, 5);
    SessionRecord other = bound(fromLow(IpProtocol.UDP, seen), 6);
    SessionRecord tcp = bound(fromLow(IpProtocol.TCP, seen), 5);

    assertTrue(rules.sameBinding(one.words, 0, same.words, 0));
    assertTrue(rules.sameBinding(one.words, 0, turned.words, 0));
    assertFalse(rules.sameBinding(one.words, 0, other.words, 0));
    assertFalse(rules.sameBinding(one.words, 0, tcp.words, 0));
    assertFalse(rules.sameBinding(one.words, 0, fromLow(IpProtocol.UDP, seen).words, 0));
  }

  private SessionRecord fromLow(int protocol, SessionFacts facts) {
    return sessions.packet(protocol, LOW, 1_000, HIGH, 80).facts(facts);
  }

  private SessionRecord fromHigh(int protocol, SessionFacts facts) {
    return sessions.packet(protocol, HIGH, 80, LOW, 1_000).facts(facts);
  }

  private SessionRecord bound(SessionRecord record, int port) {
    return sessions.nat(record, 40, port, HIGH, 80);
  }

  private void assertOneSession(boolean expected, SessionRecord one, SessionRecord other) {
    assertEquals(expected, rules.joins(one.words, 0, other.words, 0));
    assertEquals(expected, rules.joins(other.words, 0, one.words, 0));
  }

  private void assertSameOpening(boolean expected, SessionRecord one, SessionRecord other) {
    assertEquals(expected, rules.sameOpening(one.words, 0, other.words, 0));
    assertEquals(expected, rules.sameOpening(other.words, 0, one.words, 0));
  }
}
