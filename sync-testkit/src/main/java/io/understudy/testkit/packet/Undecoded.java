package io.understudy.testkit.packet;

import java.util.Map;

/**
 * What names the protocol in which a packet may carry IP that is not decoded here.
 *
 * <p>Shape: a layer and a number of that layer; {@link #name} puts both in words. Whatever is not known to carry no IP counts as
 * undecoded: what nobody looked at is to be said, not to be taken for nothing.
 * <p>Source: the LINKTYPE_ registry of tcpdump.org, the ethertypes of IEEE and IANA, the PPP numbers of IANA.
 */
public enum Undecoded {
  /** Nothing: the packet was decoded, or carries no IP. */
  NONE,
  /** A link type of capture files. */
  LINK_TYPE,
  /** An ethertype. */
  ETHERTYPE,
  /** A PPP protocol number, of a PPP link. */
  PPP_PROTOCOL,
  /** The service access point of an LLC header. */
  LLC,
  /** An address family of BSD loopback. */
  ADDRESS_FAMILY;

  private static final int ETHERTYPE_MIN = 0x600;

  private static final Map<Integer, String> LINK_TYPES =
      Map.ofEntries(
          Map.entry(3, "AX25"),
          Map.entry(6, "IEEE802_5"),
          Map.entry(7, "ARCNET_BSD"),
          Map.entry(8, "SLIP"),
          Map.entry(10, "FDDI"),
          Map.entry(51, "PPP_ETHER"),
          Map.entry(100, "ATM_RFC1483"),
          Map.entry(105, "IEEE802_11"),
          Map.entry(107, "FRELAY"),
          Map.entry(109, "ENC"),
          Map.entry(117, "PFLOG"),
          Map.entry(119, "IEEE802_11_PRISM"),
          Map.entry(122, "IP_OVER_FC"),
          Map.entry(123, "SUNATM"),
          Map.entry(127, "IEEE802_11_RADIOTAP"),
          Map.entry(129, "ARCNET_LINUX"),
          Map.entry(138, "APPLE_IP_OVER_IEEE1394"),
          Map.entry(140, "MTP2"),
          Map.entry(141, "MTP3"),
          Map.entry(143, "DOCSIS"),
          Map.entry(144, "LINUX_IRDA"),
          Map.entry(149, "USER2"),
          Map.entry(163, "IEEE802_11_AVS"),
          Map.entry(166, "PPP_PPPD"),
          Map.entry(187, "BLUETOOTH_HCI_H4"),
          Map.entry(189, "USB_LINUX"),
          Map.entry(192, "PPI"),
          Map.entry(195, "IEEE802_15_4_WITHFCS"),
          Map.entry(204, "PPP_WITH_DIR"),
          Map.entry(205, "C_HDLC_WITH_DIR"),
          Map.entry(220, "USB_LINUX_MMAPPED"),
          Map.entry(227, "CAN_SOCKETCAN"),
          Map.entry(239, "NFLOG"),
          Map.entry(247, "INFINIBAND"),
          Map.entry(253, "NETLINK"));

  private static final Map<Integer, String> ETHERTYPES =
      Map.ofEntries(
          Map.entry(0x22f3, "TRILL"),
          Map.entry(0x6558, "transparent Ethernet bridging"),
          Map.entry(0x8847, "MPLS"),
          Map.entry(0x8848, "MPLS multicast"),
          Map.entry(0x8864, "PPPoE session"),
          Map.entry(0x88be, "ERSPAN"),
          Map.entry(0x88e5, "MACsec"),
          Map.entry(0x88e7, "backbone service tag"),
          Map.entry(0x894f, "NSH"),
          Map.entry(0x9200, "VLAN tag"));

  private static final Map<Integer, String> PPP_PROTOCOLS =
      Map.of(
          0x002d, "compressed TCP/IP",
          0x002f, "uncompressed TCP/IP",
          0x003d, "multilink",
          0x00fd, "compressed datagram",
          0x0281, "MPLS",
          0x0283, "MPLS multicast");

  /** An ethertype that is known to carry no IP: ARP, loop tests, discovery, control, industrial and storage protocols. */
  static boolean carriesNoIp(int ethertype) {
    switch (ethertype) {
      case 0x0806, 0x8035, 0x80f3: // ARP, RARP or SLARP, AppleTalk ARP
      case 0x0842, 0x22ea, 0x22f0: // wake on LAN, stream reservation, audio and video
      case 0x0bad, 0x0200, 0x0201, 0x2000: // Vines, PUP, CDP
      case 0x6001, 0x6002, 0x6003, 0x6004, 0x6005, 0x6006, 0x6007: // DEC
      case 0x8037, 0x8137, 0x8138, 0x809b, 0x80d5: // IPX, AppleTalk, SNA
      case 0x8808, 0x8809, 0x8863: // pause, LACP, PPPoE discovery
      case 0x8892,
      0x88a4,
      0x88ab,
      0x88b8,
      0x88b9,
      0x88ba: // PROFINET, EtherCAT, POWERLINK, IEC 61850
      case 0x8899, 0x88a2, 0x88cc, 0x88cd, 0x88d9: // Realtek, AoE, LLDP, SERCOS, LLTD
      case 0x888e,
      0x88c7,
      0x88e1,
      0x88e3,
      0x88f5,
      0x88f6: // EAPOL, pre-authentication, HomePlug, MRP
      case 0x88f7, 0x88fb, 0x8902, 0x8906, 0x8914, 0x8915: // PTP, PRP, CFM, FCoE, FIP, RoCE
      case 0x892f, 0x8940, 0x9000: // HSR, loop test
        return true;
      default:
        return false;
    }
  }

  /** A PPP protocol that is known to carry no IP: all control protocols, and network protocols of others. */
  static boolean carriesNoIpOverPpp(int protocol) {
    switch (protocol) {
      case 0x0023,
      0x0025,
      0x0027,
      0x0029,
      0x002b,
      0x0035,
      0x003f,
      0x0207: // OSI, XNS, DECnet, AppleTalk, IPX, Vines, NetBIOS, CDP
        return true;
      default:
        return protocol >= 0x4000; // control of low-volume networks, of networks, of the link
    }
  }

  /** In words, as {@code ethertype 0x8864 (PPPoE session)}. */
  public String name(int number) {
    return switch (this) {
      case NONE -> "";
      case LINK_TYPE ->
          number < 0
              ? "an undescribed interface"
              : "link type " + number + known(LINK_TYPES, number);
      case ETHERTYPE ->
          number < ETHERTYPE_MIN
              ? String.format("link protocol 0x%04x", number)
              : String.format("ethertype 0x%04x%s", number, known(ETHERTYPES, number));
      case PPP_PROTOCOL ->
          String.format("PPP protocol 0x%04x%s", number, known(PPP_PROTOCOLS, number));
      case LLC ->
          number > 0xff
              ? String.format("SNAP protocol 0x%04x", number & 0xffff)
              : String.format("LLC access point 0x%02x", number);
      case ADDRESS_FAMILY -> "address family " + number;
    };
  }

  private static String known(Map<Integer, String> names, int number) {
    String name = names.get(number);
    return name == null ? "" : " (" + name + ")";
  }
}
