package io.understudy.backup;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeAddressesTest {
  @Test
  void addressesOfBothFamiliesAreFound() throws UnknownHostException {
    NodeAddresses own =
        NodeAddresses.of(
            List.of(
                InetAddress.getByName("192.0.2.1"),
                InetAddress.getByName("2001:db8::1"),
                InetAddress.getByName("198.51.100.255")));

    assertTrue(own.contains4(0xC0000201));
    assertTrue(own.contains4(0xC63364FF));
    assertFalse(own.contains4(0xC0000202));
    assertTrue(own.contains6(0x20010DB8_00000000L, 1));
    assertFalse(own.contains6(0x20010DB8_00000000L, 2));
    assertFalse(own.contains6(1, 0x20010DB8_00000000L));
    assertFalse(NodeAddresses.of(List.of()).contains4(0));
  }

  @Test
  void multicastIsWhatTheContractSays() {
    assertTrue(NodeAddresses.isMulticast4(0xE0000001));
    assertTrue(NodeAddresses.isMulticast4(0xEFFFFFFF));
    assertTrue(NodeAddresses.isMulticast4(0xFFFFFFFF));
    assertFalse(NodeAddresses.isMulticast4(0xDFFFFFFF));
    assertFalse(NodeAddresses.isMulticast4(0xF0000000));
    assertTrue(NodeAddresses.isMulticast6(0xFF02000000000000L));
    assertFalse(NodeAddresses.isMulticast6(0xFE80000000000000L));
  }
}
