package io.understudy.testkit.firewall;

import io.understudy.backup.BackupConfig;
import io.understudy.backup.NodeAddresses;
import io.understudy.testkit.packet.Packet;
import io.understudy.track.Timeouts;
import java.util.List;

/**
 * Settings of a {@link ReferenceFirewall}.
 *
 * @param backup when sessions are backed up
 * @param ownGroup the group of sessions that begin here, while this member holds it; otherwise the lowest it holds
 * @param addresses of the firewall itself; sessions from or to them are not backed up
 * @param vlanVsys the outermost VLAN id is the vsys; otherwise VLANs are not looked at
 * @param ageing sessions end when they are idle too long
 * @param parking packets without a session wait for it a moment; otherwise they are dropped
 * @param pickUp sessions may be picked up in mid-stream
 * @param timeouts when a session is idle too long
 * @param strictWindows TCP segments outside of their windows do not pass; otherwise resets alone
 */
public record FirewallConfig(
    BackupConfig backup,
    int ownGroup,
    NodeAddresses addresses,
    boolean vlanVsys,
    boolean ageing,
    boolean parking,
    boolean pickUp,
    Timeouts timeouts,
    boolean strictWindows) {

  /** The most that one direction of a session can send: 1 Gbit/s. */
  private static final long LINE_BYTES_PER_SECOND = 125_000_000;

  long lineBytesPerSecond() {
    return LINE_BYTES_PER_SECOND;
  }

  /** Nothing but the backup settings: no ageing, no parking, no addresses of its own. */
  public static FirewallConfig of(BackupConfig backup, int ownGroup) {
    return new FirewallConfig(
        backup,
        ownGroup,
        NodeAddresses.of(List.of()),
        false,
        false,
        false,
        false,
        Timeouts.defaults(),
        true);
  }

  /** One end of the packet is the firewall itself. */
  boolean isLocal(Packet packet) {
    return packet.isIpv6()
        ? addresses.contains6(packet.sourceHigh(), packet.sourceLow())
            || addresses.contains6(packet.destinationHigh(), packet.destinationLow())
        : addresses.contains4((int) packet.sourceLow())
            || addresses.contains4((int) packet.destinationLow());
  }

  public FirewallConfig withAddresses(NodeAddresses value) {
    return new FirewallConfig(
        backup, ownGroup, value, vlanVsys, ageing, parking, pickUp, timeouts, strictWindows);
  }

  public FirewallConfig withVlanVsys(boolean value) {
    return new FirewallConfig(
        backup, ownGroup, addresses, value, ageing, parking, pickUp, timeouts, strictWindows);
  }

  public FirewallConfig withAgeing(boolean value) {
    return new FirewallConfig(
        backup, ownGroup, addresses, vlanVsys, value, parking, pickUp, timeouts, strictWindows);
  }

  public FirewallConfig withParking(boolean value) {
    return new FirewallConfig(
        backup, ownGroup, addresses, vlanVsys, ageing, value, pickUp, timeouts, strictWindows);
  }

  public FirewallConfig withStrictWindows(boolean value) {
    return new FirewallConfig(
        backup, ownGroup, addresses, vlanVsys, ageing, parking, pickUp, timeouts, value);
  }
}
