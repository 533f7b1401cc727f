package io.understudy.testkit.gen;

import io.understudy.model.IpProtocol;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.tables.session.SessionView;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Session keys of both families and all protocols, a function of a seed; used again and again, so that keys are reused.
 *
 * <p>Shape: key {@code i} is the same at every call; {@link #signature} tells sessions apart by a number that a generator writes
 * into values and facts, so that a checker sees when something was applied to another session.
 */
public final class SessionGen {
  private static final int[] PROTOCOLS = {
    IpProtocol.TCP, IpProtocol.UDP, IpProtocol.ICMP, IpProtocol.SCTP
  };
  private static final int MAX_TRIES = 100_000;

  private final List<Key> keys = new ArrayList<>();

  /** One session key. */
  record Key(boolean ipv6, int protocol, int source, int destination, int sourcePort, int port) {
    void set(SessionRecord record, boolean turned) {
      int from = turned ? destination : source;
      int to = turned ? source : destination;
      int fromPort = turned ? port : sourcePort;
      int toPort = turned ? sourcePort : port;
      if (ipv6) {
        record.key6(0, protocol, PREFIX, from, fromPort, PREFIX, to, toPort);
      } else {
        record.key4(0, protocol, from, fromPort, to, toPort);
      }
    }

    private static final long PREFIX = 0x20010db8_00000000L;
  }

  /** So many keys, spread as a hash spreads them. */
  public SessionGen(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      keys.add(random(random));
    }
  }

  private SessionGen(List<Key> keys) {
    this.keys.addAll(keys);
  }

  /** Keys that all lie in the first few partitions of these tables, so that small ones overflow. */
  public static SessionGen crowded(
      long seed, int count, int partitions, SessionTable ipv4, SessionTable ipv6) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < MAX_TRIES && keys.size() < count; i++) {
      Key key = random(random);
      SessionTable table = key.ipv6() ? ipv6 : ipv4;
      SessionRecord record = table.newRecord();
      key.set(record, false);
      if (table.partition(record) < partitions) {
        keys.add(key);
      }
    }
    return new SessionGen(keys);
  }

  private static Key random(SplittableRandom random) {
    int protocol = PROTOCOLS[random.nextInt(PROTOCOLS.length)];
    boolean ports = protocol != IpProtocol.ICMP;
    int source = 0x0a000000 | random.nextInt(1 << 16);
    int destination = 0xc0a80000 | random.nextInt(1 << 12);
    int id = 1 + random.nextInt(60_000);
    return new Key(
        random.nextInt(4) == 0, protocol, source, destination, id, ports ? 53 + id % 400 : id);
  }

  public int count() {
    return keys.size();
  }

  public boolean isIpv6(int key) {
    return keys.get(key).ipv6();
  }

  public int protocol(int key) {
    return keys.get(key).protocol();
  }

  /** Puts the key into the record; turned: as the other end would begin it. */
  public void set(SessionRecord record, int key, boolean turned) {
    keys.get(key).set(record, turned);
  }

  /** 16 bits that depend on the two ends and the protocol, whichever end began. */
  public static int signature(SessionView s) {
    long ends =
        end(s.originatorLow(), s.originatorPort()) + end(s.responderLow(), s.responderPort());
    return (int) mix(ends + s.protocol()) & 0xFFFF;
  }

  private static long end(long address, int port) {
    return mix(address << 16 | port);
  }

  static long mix(long value) {
    long x = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
    x = (x ^ x >>> 27) * 0x94d049bb133111ebL;
    return x ^ x >>> 31;
  }
}
