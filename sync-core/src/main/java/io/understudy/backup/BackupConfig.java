package io.understudy.backup;

import io.understudy.model.IpProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Which sessions are backed up, and when.
 *
 * @param policy what sessions follow that no rule matches; default {@link BackupPolicy#NORMAL}
 * @param rules first match wins; default none
 * @param pickup off: no session is backed up, other tables are; default on
 * @param connectionless off: no UDP and no ICMP; default on
 * @param httpReplication off: no TCP sessions to {@code httpPorts}; default on
 * @param httpPorts the ports that {@code httpReplication} governs; default 80 and 8080
 * @param excludeInspected sessions that a proxy inspects are not backed up, because its state does
 *     not survive; default on. Off only where the dataplane can go on without the proxy.
 * @param asymmetricPaths forward and return traffic may use different members; default off. It
 *     refuses a delay, in which return traffic would find no session.
 * @param adaptive whether scopes switch themselves to quick mode; default off
 */
public record BackupConfig(
    BackupPolicy policy,
    List<BackupRule> rules,
    boolean pickup,
    boolean connectionless,
    boolean httpReplication,
    List<Integer> httpPorts,
    boolean excludeInspected,
    boolean asymmetricPaths,
    AdaptiveConfig adaptive) {
  private static final List<Integer> HTTP_PORTS = List.of(80, 8080);
  private static final Duration SESSION_PICKUP_DELAY = Duration.ofSeconds(30);
  private static final int MAX_RULES = 1_000;
  private static final int MAX_PORT = 0xFFFF;

  public BackupConfig {
    Objects.requireNonNull(policy, "backup.policy");
    Objects.requireNonNull(adaptive, "backup.adaptive");
    rules = List.copyOf(rules);
    httpPorts = List.copyOf(httpPorts);
    if (rules.size() > MAX_RULES) {
      throw new IllegalArgumentException(
          "backup.rules has " + rules.size() + " rules, more than " + MAX_RULES);
    }
    for (int port : httpPorts) {
      if (port < 1 || port > MAX_PORT) {
        throw new IllegalArgumentException(
            "backup.httpPorts contains " + port + ", outside 1.." + MAX_PORT);
      }
    }
    if (!httpReplication && httpPorts.isEmpty()) {
      throw new IllegalArgumentException(
          "backup.httpReplication is off and backup.httpPorts is empty: it would exclude nothing");
    }
    checkDelay(policy, rules, asymmetricPaths, adaptive);
  }

  /** The defaults: normal mode, everything eligible. */
  public static BackupConfig hotStandby() {
    return builder().build();
  }

  /** As {@link #hotStandby}, but no HTTP until its replication is turned on. */
  public static BackupConfig statefulFailover() {
    return builder().httpReplication(false).build();
  }

  /** TCP only. */
  public static BackupConfig sessionPickup() {
    return tcpOnly().build();
  }

  /** TCP, UDP and ICMP, which in normal mode is not backed up. */
  public static BackupConfig sessionPickupConnectionless() {
    return builder()
        .rule(BackupRule.any(BackupPolicy.NORMAL).forProtocol(IpProtocol.TCP))
        .rule(BackupRule.any(BackupPolicy.NORMAL).forProtocol(IpProtocol.UDP))
        .rule(BackupRule.any(BackupPolicy.NORMAL).forProtocol(IpProtocol.ICMP))
        .rule(BackupRule.any(BackupPolicy.NORMAL).forProtocol(IpProtocol.ICMPV6))
        .rule(BackupRule.any(BackupPolicy.NEVER))
        .build();
  }

  /** TCP sessions that live longer than 30 s. */
  public static BackupConfig sessionPickupDelay() {
    BackupPolicy delayed = BackupPolicy.delayed(SESSION_PICKUP_DELAY);
    return builder()
        .policy(delayed)
        .rule(BackupRule.any(delayed).forProtocol(IpProtocol.TCP))
        .rule(BackupRule.any(BackupPolicy.NEVER))
        .connectionless(false)
        .build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts with these settings. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.policy = policy;
    builder.rules.addAll(rules);
    builder.pickup = pickup;
    builder.connectionless = connectionless;
    builder.httpReplication = httpReplication;
    builder.httpPorts = httpPorts;
    builder.excludeInspected = excludeInspected;
    builder.asymmetricPaths = asymmetricPaths;
    builder.adaptive = adaptive;
    return builder;
  }

  private static Builder tcpOnly() {
    return builder()
        .rule(BackupRule.any(BackupPolicy.NORMAL).forProtocol(IpProtocol.TCP))
        .rule(BackupRule.any(BackupPolicy.NEVER))
        .connectionless(false);
  }

  private static void checkDelay(
      BackupPolicy policy,
      List<BackupRule> rules,
      boolean asymmetricPaths,
      AdaptiveConfig adaptive) {
    boolean delayed = isDelayed(policy);
    boolean quick = isQuick(policy);
    for (BackupRule rule : rules) {
      delayed |= isDelayed(rule.policy());
      quick |= isQuick(rule.policy());
    }
    if (delayed && (quick || adaptive.enabled())) {
      throw new IllegalArgumentException(
          "backup.pickupDelay and quick mode exclude each other:"
              + " quick mode backs up at the first packet");
    }
    if (delayed && asymmetricPaths) {
      throw new IllegalArgumentException(
          "backup.pickupDelay and backup.asymmetricPaths exclude each other:"
              + " return traffic would find no session during the delay");
    }
  }

  private static boolean isDelayed(BackupPolicy policy) {
    return policy instanceof BackupPolicy.Delayed;
  }

  private static boolean isQuick(BackupPolicy policy) {
    return policy instanceof BackupPolicy.Quick;
  }

  /** Collects settings; {@link #build} checks how they go together. */
  public static final class Builder {
    private BackupPolicy policy = BackupPolicy.NORMAL;
    private final List<BackupRule> rules = new ArrayList<>();
    private boolean pickup = true;
    private boolean connectionless = true;
    private boolean httpReplication = true;
    private List<Integer> httpPorts = HTTP_PORTS;
    private boolean excludeInspected = true;
    private boolean asymmetricPaths;
    private AdaptiveConfig adaptive = AdaptiveConfig.OFF;

    private Builder() {}

    public Builder policy(BackupPolicy value) {
      policy = value;
      return this;
    }

    /** Adds a rule behind those there. */
    public Builder rule(BackupRule value) {
      rules.add(value);
      return this;
    }

    /** Replaces the rules there. */
    public Builder rules(List<BackupRule> values) {
      rules.clear();
      rules.addAll(values);
      return this;
    }

    public Builder pickup(boolean value) {
      pickup = value;
      return this;
    }

    public Builder connectionless(boolean value) {
      connectionless = value;
      return this;
    }

    public Builder httpReplication(boolean value) {
      httpReplication = value;
      return this;
    }

    public Builder httpPorts(List<Integer> value) {
      httpPorts = value;
      return this;
    }

    public Builder excludeInspected(boolean value) {
      excludeInspected = value;
      return this;
    }

    public Builder asymmetricPaths(boolean value) {
      asymmetricPaths = value;
      return this;
    }

    public Builder adaptive(AdaptiveConfig value) {
      adaptive = value;
      return this;
    }

    public BackupConfig build() {
      return new BackupConfig(
          policy,
          rules,
          pickup,
          connectionless,
          httpReplication,
          httpPorts,
          excludeInspected,
          asymmetricPaths,
          adaptive);
    }
  }
}
