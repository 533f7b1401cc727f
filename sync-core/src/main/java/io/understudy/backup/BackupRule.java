package io.understudy.backup;

import java.util.Objects;

/**
 * One line of the rule list: sessions that match all of its conditions follow its policy. The first
 * match wins.
 *
 * <p>Made with {@link #any} and the {@code for} methods, each of which adds a condition.
 *
 * @param policy what sessions that match follow
 * @param group 1 to 63, or {@link #ANY}
 * @param protocol IP protocol number, or {@link #ANY}
 * @param vsys virtual system, or {@link #ANY}
 * @param ingressZone zone the session comes from, or {@link #ANY}
 * @param egressZone zone it goes to, or {@link #ANY}
 * @param firstPort first of the service ports, 0 with {@code lastPort} 65535 for any; the service
 *     port is the destination port of the forward direction
 * @param lastPort last of the service ports
 */
public record BackupRule(
    BackupPolicy policy,
    int group,
    int protocol,
    int vsys,
    int ingressZone,
    int egressZone,
    int firstPort,
    int lastPort) {
  public static final int ANY = -1;

  private static final int MAX_GROUP = 63;
  private static final int MAX_PROTOCOL = 255;
  private static final int MAX_PORT = 0xFFFF;

  public BackupRule {
    Objects.requireNonNull(policy, "policy");
    check("group", group, group == ANY ? ANY : 1, MAX_GROUP);
    check("protocol", protocol, ANY, MAX_PROTOCOL);
    check("vsys", vsys, ANY, Integer.MAX_VALUE);
    check("ingressZone", ingressZone, ANY, Integer.MAX_VALUE);
    check("egressZone", egressZone, ANY, Integer.MAX_VALUE);
    check("firstPort", firstPort, 0, MAX_PORT);
    check("lastPort", lastPort, firstPort, MAX_PORT);
  }

  /** A rule that every session matches. */
  public static BackupRule any(BackupPolicy policy) {
    return new BackupRule(policy, ANY, ANY, ANY, ANY, ANY, 0, MAX_PORT);
  }

  public BackupRule forGroup(int value) {
    return new BackupRule(
        policy, value, protocol, vsys, ingressZone, egressZone, firstPort, lastPort);
  }

  public BackupRule forProtocol(int value) {
    return new BackupRule(policy, group, value, vsys, ingressZone, egressZone, firstPort, lastPort);
  }

  public BackupRule forVsys(int value) {
    return new BackupRule(
        policy, group, protocol, value, ingressZone, egressZone, firstPort, lastPort);
  }

  /** Sessions from one zone to another; those in the other direction need a rule of their own. */
  public BackupRule forZones(int ingress, int egress) {
    return new BackupRule(policy, group, protocol, vsys, ingress, egress, firstPort, lastPort);
  }

  /** Sessions to one port. */
  public BackupRule forPort(int port) {
    return forPorts(port, port);
  }

  /** Sessions to a range of ports, both included. */
  public BackupRule forPorts(int first, int last) {
    return new BackupRule(policy, group, protocol, vsys, ingressZone, egressZone, first, last);
  }

  /** Protocols without ports match too. */
  boolean isForAnyPort() {
    return firstPort == 0 && lastPort == MAX_PORT;
  }

  private static void check(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "backup.rule." + name + " of " + value + " is outside " + min + ".." + max);
    }
  }
}
