package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.transport.LinkKind;
import io.understudy.transport.netty.Preamble.BadPreambleException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PreambleTest {
  private static final byte[] DATA_ON_LINK_3_BY_NODE_0X1234 = {
    'U', 'S', 'D', 'Y', 1, 2, 3, 0x12, 0x34
  };

  @Test
  void bytesStayAsTheyAre() throws BadPreambleException {
    Preamble preamble = new Preamble(LinkKind.DATA, 3, 0x1234);

    assertArrayEquals(DATA_ON_LINK_3_BY_NODE_0X1234, preamble.toBytes());
    assertEquals(preamble, Preamble.read(DATA_ON_LINK_3_BY_NODE_0X1234));
  }

  @Test
  void largestNumbersComeBack() throws BadPreambleException {
    Preamble preamble = new Preamble(LinkKind.HEARTBEAT, 255, 65535);

    assertEquals(preamble, Preamble.read(preamble.toBytes()));
  }

  @Test
  void otherVersionsKindsAndProtocolsAreRefused() {
    assertEquals("preamble version 2 is not 1", refusal(4, 2));
    assertEquals("connection kind 0 is unknown", refusal(5, 0));
    assertEquals("connection kind 200 is unknown", refusal(5, 200));
    assertEquals("not the connection of a member", refusal(0, 'u'));
  }

  @Test
  void otherProtocolsAreKnownByTheirFirstBytes() {
    byte[] other = "USER".getBytes(StandardCharsets.US_ASCII);

    assertTrue(Preamble.mayBegin(other, 0));
    assertTrue(Preamble.mayBegin(other, 2));
    assertFalse(Preamble.mayBegin(other, 3));
  }

  private static String refusal(int index, int value) {
    byte[] bytes = DATA_ON_LINK_3_BY_NODE_0X1234.clone();
    bytes[index] = (byte) value;
    return assertThrows(BadPreambleException.class, () -> Preamble.read(bytes)).getMessage();
  }
}
