package io.understudy.tables.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.PublishChecks;
import io.understudy.table.Row;
import io.understudy.track.SessionFacts;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SessionRecordProperties {
  @Property(seed = "4701", tries = 1_000)
  void bothDirectionsHaveOneKey(@ForAll long seed, @ForAll boolean ipv6) {
    Random random = new Random(seed);
    Sessions sessions = new Sessions(ipv6);
    long one = address(random);
    long other = random.nextInt(4) == 0 ? one : address(random);
    int onePort = random.nextInt(1 << 16);
    int otherPort = random.nextInt(4) == 0 ? onePort : random.nextInt(1 << 16);
    int protocol = random.nextInt(256);
    int vsys = random.nextInt(1 << 16);

    SessionRecord there =
        sessions.key(sessions.record(), vsys, protocol, one, onePort, other, otherPort);
    SessionRecord back =
        sessions.key(sessions.record(), vsys, protocol, other, otherPort, one, onePort);

    assertArrayEquals(key(there), key(back));
    assertEquals(vsys, there.vsys());
    assertEquals(protocol, back.protocol());
    assertEnd(ipv6, one, onePort, there.originatorHigh(), there.originatorLow());
    assertEquals(onePort, there.originatorPort());
    assertEnd(ipv6, other, otherPort, there.responderHigh(), there.responderLow());
    assertEquals(otherPort, there.responderPort());
    assertEnd(ipv6, other, otherPort, back.originatorHigh(), back.originatorLow());
    assertEquals(otherPort, back.originatorPort());
    assertEquals(Direction.FORWARD, there.direction());
    assertFalse(there.isFound());
  }

  @Property(seed = "4702", tries = 1_000)
  void everyFieldReadsBackAndDisturbsNoOther(@ForAll long seed, @ForAll boolean ipv6) {
    Random random = new Random(seed);
    SessionRecord record = new Sessions(ipv6).record();
    Fields expected = Fields.random(random, ipv6);
    Runnable[] writes = expected.writes(record);
    java.util.Collections.shuffle(Arrays.asList(writes), random);
    key(record, ipv6);

    for (Runnable write : writes) {
      write.run();
    }
    for (Runnable write : writes) {
      write.run(); // once more over what is there: nothing of the former value stays
    }

    expected.assertReadFrom(record);
    assertEquals(IpProtocol.TCP, record.protocol());
    assertEquals(4_000, record.originatorPort());
  }

  @Property(seed = "4703", tries = 300)
  void aNewKeyEmptiesEverything(@ForAll long seed, @ForAll boolean ipv6) {
    SessionRecord used = new Sessions(ipv6).record();
    key(used, ipv6);
    for (Runnable write : Fields.random(new Random(seed), ipv6).writes(used)) {
      write.run();
    }
    SessionRecord fresh = new Sessions(ipv6).record();

    key(used, ipv6);

    key(fresh, ipv6);
    assertArrayEquals(fresh.words, used.words);
  }

  private static void key(SessionRecord record, boolean ipv6) {
    if (ipv6) {
      record.key6(9, IpProtocol.TCP, 1, 2, 4_000, 3, 4, 80);
    } else {
      record.key4(9, IpProtocol.TCP, 0x0A000001, 4_000, 0x0B000001, 80);
    }
  }

  private static long[] key(SessionRecord record) {
    return Arrays.copyOfRange(record.words, Row.PAYLOAD, Row.PAYLOAD + record.layout.keyWords);
  }

  private static void assertEnd(boolean ipv6, long address, int port, long high, long low) {
    assertEquals(ipv6 ? Sessions.high(address) : 0, high);
    assertEquals(ipv6 ? address : address & 0xFFFFFFFFL, low);
  }

  private static long address(Random random) {
    return random.nextInt(3) == 0 ? random.nextInt(4) : random.nextInt();
  }

  /** One value for each setter. */
  private record Fields(
      boolean ipv6,
      int policy,
      int ingress,
      int egress,
      int timeout,
      int flags,
      int[] offsets,
      NatKind natKind,
      int[] natPorts,
      long[] nat,
      long[] counts,
      SessionFacts facts) {

    static Fields random(Random random, boolean ipv6) {
      SessionFacts facts = new SessionFacts();
      facts.load(random.longs(3).toArray(), 0);
      long[] nat = random.longs(4).toArray();
      if (!ipv6) {
        nat = new long[] {0, nat[1] & 0xFFFFFFFFL, 0, nat[3] & 0xFFFFFFFFL};
      }
      return new Fields(
          ipv6,
          random.nextInt(),
          random.nextInt(1 << 16),
          random.nextInt(1 << 16),
          random.nextInt(1 << 8),
          random.nextInt(1 << 15),
          new int[] {random.nextInt(), random.nextInt()},
          NatKind.ofCode(1 + random.nextInt(4)),
          new int[] {random.nextInt(1 << 16), random.nextInt(1 << 16)},
          nat,
          random.longs(4, 0, PublishChecks.MAX_COUNT / 2).toArray(),
          facts);
    }

    Runnable[] writes(SessionRecord to) {
      return new Runnable[] {
        () -> to.policy(policy),
        () -> to.zones(ingress, egress),
        () -> to.timeoutClass(timeout),
        () -> to.flags(flags),
        () -> to.sequenceOffsets(offsets[0], offsets[1]),
        () -> to.facts(facts),
        () -> {
          if (ipv6) {
            to.nat6(natKind, nat[0], nat[1], natPorts[0], nat[2], nat[3], natPorts[1]);
          } else {
            to.nat4(natKind, (int) nat[1], natPorts[0], (int) nat[3], natPorts[1]);
          }
        },
        () -> {
          to.clearCounters();
          to.count(Direction.FORWARD, counts[0], counts[1]);
          to.count(Direction.REVERSE, counts[2], counts[3]);
        }
      };
    }

    void assertReadFrom(SessionRecord from) {
      assertEquals(policy, from.policy());
      assertEquals(ingress, from.ingressZone());
      assertEquals(egress, from.egressZone());
      assertEquals(timeout, from.timeoutClass());
      assertEquals(flags, from.flags());
      assertEquals(offsets[0], from.sequenceOffset(Direction.FORWARD));
      assertEquals(offsets[1], from.sequenceOffset(Direction.REVERSE));
      assertEquals(natKind, from.natKind());
      assertEquals(natPorts[0], from.natSourcePort());
      assertEquals(natPorts[1], from.natDestinationPort());
      assertEquals(nat[0], from.natSourceHigh());
      assertEquals(nat[1], from.natSourceLow());
      assertEquals(nat[2], from.natDestinationHigh());
      assertEquals(nat[3], from.natDestinationLow());
      SessionFacts read = new SessionFacts();
      from.loadFacts(read);
      assertEquals(facts, read);
      assertEquals(facts.isn(Direction.FORWARD), from.isn(Direction.FORWARD));
      assertEquals(facts.isn(Direction.REVERSE), from.isn(Direction.REVERSE));
      assertArrayEquals(
          counts, Arrays.copyOfRange(from.words, Row.COUNTERS, Row.COUNTERS + counts.length));
    }
  }
}
