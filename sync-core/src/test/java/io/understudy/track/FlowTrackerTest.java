package io.understudy.track;

import static io.understudy.model.Direction.FORWARD;
import static io.understudy.model.Direction.REVERSE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.IpProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowTrackerTest {
  private final Watcher member = Watcher.strict();

  @Test
  void udpGoesFromUnrepliedToStream() {
    assertEquals(Verdict.CREATE, member.packet(IpProtocol.UDP, FORWARD));
    assertEquals(SessionEvent.FIRST_FORWARD, member.result().event());
    assertEquals(FlowState.UNREPLIED, member.result().newState());

    member.packet(IpProtocol.UDP, REVERSE);
    assertEquals(SessionEvent.FIRST_REPLY, member.result().event());
    assertEquals(FlowState.REPLIED, member.result().newState());

    member.packet(IpProtocol.UDP, FORWARD);
    assertEquals(SessionEvent.SECOND_FORWARD, member.result().event());
    assertEquals(FlowState.STREAM, member.result().newState());
  }

  /** As a resolver that asks again after a second. */
  @Test
  void queryThatWasRepeatedAndAnsweredIsNoStream() {
    member.packet(IpProtocol.UDP, FORWARD);
    member.packet(IpProtocol.UDP, FORWARD);
    assertEquals(SessionEvent.SECOND_FORWARD, member.result().event());
    member.packet(IpProtocol.UDP, REVERSE);
    assertEquals(FlowState.REPLIED, member.result().newState());
    member.packet(IpProtocol.UDP, REVERSE);
    assertEquals(FlowState.REPLIED, member.result().newState());

    member.packet(IpProtocol.UDP, FORWARD);
    assertEquals(FlowState.STREAM, member.result().newState());
  }

  @Test
  void onlyTheFirstTwoPacketsOfADirectionAreChanges() {
    for (int i = 0; i < 2; i++) {
      member.packet(IpProtocol.UDP, FORWARD);
      assertTrue(member.result().isChanged());
      member.packet(IpProtocol.UDP, REVERSE);
      assertTrue(member.result().isChanged());
    }
    for (int i = 0; i < 5; i++) {
      member.packet(IpProtocol.UDP, FORWARD);
      assertFalse(member.result().isChanged());
      member.packet(IpProtocol.UDP, REVERSE);
      assertFalse(member.result().isChanged());
    }
  }

  @Test
  void otherProtocolsAreConfirmedByASecondPacketOrAReply() {
    member.packet(IpProtocol.GRE, FORWARD);
    assertEquals(FlowState.OTHER_FIRST, member.result().newState());
    member.packet(IpProtocol.GRE, FORWARD);
    assertEquals(FlowState.OTHER_CONFIRMED, member.result().newState());

    Watcher other = Watcher.strict();
    other.packet(IpProtocol.ESP, FORWARD);
    other.packet(IpProtocol.ESP, REVERSE);
    assertEquals(FlowState.OTHER_CONFIRMED, other.result().newState());
  }

  @Test
  void laterFragmentsNeverCreateASession() {
    assertEquals(Verdict.IGNORE, member.laterFragment(IpProtocol.UDP, FORWARD));
    assertTrue(member.facts().isEmpty());
  }

  @Test
  void pingGoesFromRequestedToReplied() {
    assertEquals(Verdict.CREATE, member.icmp(IpProtocol.ICMP, FORWARD, 8));
    assertEquals(SessionEvent.ECHO_REQUEST, member.result().event());
    member.icmp(IpProtocol.ICMP, FORWARD, 8);
    assertFalse(member.result().isChanged());
    member.icmp(IpProtocol.ICMP, REVERSE, 0);
    assertEquals(SessionEvent.ECHO_REPLY, member.result().event());
    assertEquals(IcmpState.ECHO_REPLIED, member.result().newState());
    member.icmp(IpProtocol.ICMP, REVERSE, 0);
    assertFalse(member.result().isChanged());
  }

  @Test
  void otherQueriesAreTrackedApart() {
    assertEquals(Verdict.CREATE, member.icmp(IpProtocol.ICMP, FORWARD, 13));
    assertEquals(SessionEvent.QUERY, member.result().event());
    member.icmp(IpProtocol.ICMP, REVERSE, 14);
    assertEquals(SessionEvent.QUERY_REPLY, member.result().event());
    assertEquals(IcmpState.QUERY_REPLIED, member.result().newState());
  }

  @Test
  void replyWithoutARequestCreatesNothing() {
    assertEquals(Verdict.NO_SESSION, member.icmp(IpProtocol.ICMP, FORWARD, 0));
    assertEquals(Verdict.NO_SESSION, member.icmp(IpProtocol.ICMPV6, FORWARD, 129));
  }

  @Test
  void errorsAndNeighbourDiscoveryCountForNothing() {
    for (int type : new int[] {3, 4, 5, 9, 10, 11, 12}) {
      assertEquals(Verdict.IGNORE, member.icmp(IpProtocol.ICMP, FORWARD, type));
    }
    for (int type : new int[] {1, 2, 3, 4, 130, 131, 132, 133, 134, 135, 136, 137, 143}) {
      assertEquals(Verdict.IGNORE, member.icmp(IpProtocol.ICMPV6, FORWARD, type));
    }
    member.icmp(IpProtocol.ICMP, FORWARD, 8);
    assertEquals(Verdict.IGNORE, member.icmp(IpProtocol.ICMP, REVERSE, 3));
    assertEquals(IcmpState.ECHO_REQUESTED, member.state(IpProtocol.ICMP));
  }

  @Test
  void portsOfAQueryTellRequesterFromResponder() {
    assertEquals(77, IcmpPorts.sourcePort(IpProtocol.ICMP, 8, 77));
    assertEquals(8, IcmpPorts.destinationPort(IpProtocol.ICMP, 8, 77));
    assertEquals(8, IcmpPorts.sourcePort(IpProtocol.ICMP, 0, 77));
    assertEquals(77, IcmpPorts.destinationPort(IpProtocol.ICMP, 0, 77));
    assertEquals(128, IcmpPorts.sourcePort(IpProtocol.ICMPV6, 129, 77));
    assertEquals(IcmpPorts.NO_QUERY, IcmpPorts.requestType(IpProtocol.ICMP, 3));
    assertFalse(IcmpPorts.isRequest(IpProtocol.ICMP, 3));
  }

  /** Both ends may ask with it. */
  @ParameterizedTest
  @CsvSource({"1,8,0", "1,13,14", "58,128,129"})
  void idThatIsTheTypeOfTheRequestStillTellsRequesterFromResponder(
      int protocol, int request, int reply) {
    int responder = IcmpPorts.destinationPort(protocol, request, request);

    assertEquals(request, IcmpPorts.sourcePort(protocol, request, request));
    assertNotEquals(request, responder);
    assertEquals(responder, IcmpPorts.sourcePort(protocol, reply, request));
    assertEquals(request, IcmpPorts.destinationPort(protocol, reply, request));
  }

  @Test
  void requestsOfBothEndsAreNeverOneSession() {
    for (int id = 0; id <= 0xFFFF; id++) {
      int responder = IcmpPorts.destinationPort(IpProtocol.ICMP, 8, id);
      // the other end's request has that id and leads to this one's
      assertNotEquals(id, IcmpPorts.destinationPort(IpProtocol.ICMP, 8, responder), "id " + id);
    }
  }

  @Test
  void everyQueryTypeHasItsReplyBesideIt() {
    int[] requests4 = {8, 13, 15, 17, 42};
    int[] replies4 = {0, 14, 16, 18, 43};
    for (int i = 0; i < requests4.length; i++) {
      assertEquals(requests4[i], IcmpPorts.requestType(IpProtocol.ICMP, requests4[i]));
      assertEquals(requests4[i], IcmpPorts.requestType(IpProtocol.ICMP, replies4[i]));
    }
    for (int request : new int[] {128, 139, 160}) {
      assertEquals(request, IcmpPorts.requestType(IpProtocol.ICMPV6, request));
      assertEquals(request, IcmpPorts.requestType(IpProtocol.ICMPV6, request + 1));
    }
  }
}
