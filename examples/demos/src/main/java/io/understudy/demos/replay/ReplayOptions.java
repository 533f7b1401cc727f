package io.understudy.demos.replay;

import io.understudy.backup.BackupConfig;
import io.understudy.backup.BackupPolicy;
import io.understudy.backup.NodeAddresses;
import io.understudy.testkit.firewall.FirewallConfig;

/**
 * How a capture is replayed.
 *
 * @param quick sessions are backed up with their first packet
 * @param takeoverAt per cent of the packets after which the active is cut off; {@link #NO_TAKEOVER}: never
 * @param settle before the cut, wait until nothing is unacknowledged
 * @param paths forward and return traffic use different members
 * @param addresses of the firewall itself
 * @param linkDelayMs how long the link takes, on the capture's clock; {@link #REAL_LINK}: Netty on loopback
 * @param parking packets without a session wait for it a moment
 * @param ageing sessions end when they are idle too long
 * @param vlanVsys the outermost VLAN id is the vsys
 * @param packets what became of each packet is told
 */
record ReplayOptions(
    boolean quick,
    int takeoverAt,
    boolean settle,
    boolean paths,
    NodeAddresses addresses,
    int linkDelayMs,
    boolean parking,
    boolean ageing,
    boolean vlanVsys,
    boolean packets) {
  static final int NO_TAKEOVER = -1;
  static final int REAL_LINK = -1;

  String mode() {
    return quick ? "quick" : "normal";
  }

  boolean hasTakeover() {
    return takeoverAt != NO_TAKEOVER;
  }

  boolean hasLinkDelay() {
    return linkDelayMs != REAL_LINK;
  }

  /** Link and ageing follow the capture's clock: no real link can. */
  boolean isSimulated() {
    return hasLinkDelay() || ageing;
  }

  FirewallConfig firewall(int ownGroup) {
    BackupPolicy policy = quick ? BackupPolicy.QUICK : BackupPolicy.NORMAL;
    BackupConfig backup = BackupConfig.builder().policy(policy).asymmetricPaths(paths).build();
    return FirewallConfig.of(backup, ownGroup)
        .withAddresses(addresses)
        .withVlanVsys(vlanVsys)
        .withAgeing(ageing)
        .withParking(parking)
        .withStrictWindows(false); // a capture may lack segments that the firewall would have seen
  }
}
