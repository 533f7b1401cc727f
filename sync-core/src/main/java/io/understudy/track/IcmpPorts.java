package io.understudy.track;

import io.understudy.model.IpProtocol;

/**
 * What stands for the ports of an ICMP query in a session key.
 *
 * <p>The requester's port is the id, the responder's the type of the request (256 more where that is the id, 512 more where the id is that). So both ends may ping
 * each other with the same id, and an echo and another query with one id stay apart.
 */
public final class IcmpPorts {
  /**
   * A type that is no query: an error, neighbour discovery, a redirect. It belongs to no session of
   * its own.
   */
  public static final int NO_QUERY = -1;

  private static final int BESIDE = 0x100;

  private IcmpPorts() {}

  /**
   * The type of the request to which a type belongs, itself or its reply; {@link #NO_QUERY} if it
   * is neither.
   */
  public static int requestType(int protocol, int type) {
    return protocol == IpProtocol.ICMP ? requestType4(type) : requestType6(type);
  }

  /** The type is a request, not its reply. */
  public static boolean isRequest(int protocol, int type) {
    return requestType(protocol, type) == type;
  }

  /** The port of the packet's sender, for a query. */
  public static int sourcePort(int protocol, int type, int id) {
    return isRequest(protocol, type) ? id : responderPort(protocol, type, id);
  }

  /** The port of the packet's receiver, for a query. */
  public static int destinationPort(int protocol, int type, int id) {
    return isRequest(protocol, type) ? responderPort(protocol, type, id) : id;
  }

  /** Never the id, nor one with which the requests of both ends would be one session: of these three each leads to the next. */
  private static int responderPort(int protocol, int type, int id) {
    int request = requestType(protocol, type);
    if (id == request) {
      return request | BESIDE;
    }
    return id == (request | BESIDE) ? request | 2 * BESIDE : request;
  }

  /** Echo, time stamp, information, address mask and extended echo. */
  private static int requestType4(int type) {
    switch (type) {
      case 0:
      case 8:
        return 8;
      case 13:
      case 14:
        return 13;
      case 15:
      case 16:
        return 15;
      case 17:
      case 18:
        return 17;
      case 42:
      case 43:
        return 42;
      default:
        return NO_QUERY;
    }
  }

  /** Echo, node information and extended echo. */
  private static int requestType6(int type) {
    switch (type) {
      case 128:
      case 129:
        return 128;
      case 139:
      case 140:
        return 139;
      case 160:
      case 161:
        return 160;
      default:
        return NO_QUERY;
    }
  }
}
