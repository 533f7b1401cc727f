package io.understudy.testkit.packet;

import static io.understudy.testkit.packet.Frames.decode;
import static io.understudy.testkit.packet.Frames.decodeCut;
import static io.understudy.testkit.packet.Frames.with16;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SctpChunksTest {
  private static final int FIRST_CHUNK = Frames.ETHERNET_HEADER + Frames.IPV4_HEADER + 12;

  @Test
  void handshakeTagsAreRead() {
    Packet init = decode(Frames.ipv4(Frames.init()).frame());
    Packet initAck =
        decode(Frames.ipv6(Segment.sctp(1, 2, 0x1234_5678).initAck(-2, 1, new byte[6])).frame());

    assertEquals(0, init.sctp().verificationTag());
    assertEquals(1, init.sctp().count());
    assertEquals(SctpChunks.INIT, init.sctp().type(0));
    assertEquals(0x1234_5678, init.sctp().initiateTag(0));
    assertEquals(38_412, init.destinationPort());
    assertEquals(0x1234_5678, initAck.sctp().verificationTag());
    assertEquals(SctpChunks.INIT_ACK, initAck.sctp().type(0));
    assertEquals(-2, initAck.sctp().initiateTag(0));
  }

  @Test
  void chunksAreReadInOrder() {
    SctpSegment segment =
        Segment.sctp(1, 2, 3)
            .chunk(SctpChunks.COOKIE_ECHO, 0, new byte[5])
            .chunk(SctpChunks.DATA, 3, new byte[13])
            .chunk(SctpChunks.SHUTDOWN_COMPLETE, 1);

    SctpChunks chunks = decode(Frames.ipv4(segment).frame()).sctp();

    assertEquals(3, chunks.count());
    assertEquals(0, chunks.beyondLimitCount());
    assertEquals(SctpChunks.COOKIE_ECHO, chunks.type(0));
    assertEquals(SctpChunks.DATA, chunks.type(1));
    assertEquals(SctpChunks.SHUTDOWN_COMPLETE, chunks.type(2));
    assertEquals(3, chunks.flags(1));
    assertEquals(17, chunks.length(1));
    assertEquals(FIRST_CHUNK, chunks.offset(0));
    assertEquals(FIRST_CHUNK + 12, chunks.offset(1));
    assertEquals(0, chunks.initiateTag(0));
    assertThrows(IndexOutOfBoundsException.class, () -> chunks.type(3));
  }

  @Test
  void chunksBeyondTheLimitAreCounted() {
    SctpSegment segment = Segment.sctp(1, 2, 3);
    for (int i = 0; i < 300; i++) {
      segment.chunk(SctpChunks.COOKIE_ACK, 0);
    }

    SctpChunks chunks = decode(Frames.ipv4(segment).frame()).sctp();

    assertEquals(SctpChunks.LIMIT, chunks.count());
    assertEquals(300 - SctpChunks.LIMIT, chunks.beyondLimitCount());
  }

  @Test
  void chunksThatWereCapturedAreReadFromACutPacket() {
    SctpSegment segment =
        Segment.sctp(1, 2, 3)
            .chunk(SctpChunks.COOKIE_ACK, 0)
            .init(77, 1)
            .chunk(SctpChunks.DATA, 3, new byte[100]);
    byte[] frame = Frames.ipv4(segment).frame();

    assertEquals(0, decodeCut(frame, FIRST_CHUNK + 3).sctp().count());
    assertEquals(1, decodeCut(frame, FIRST_CHUNK + 7).sctp().count());
    SctpChunks withoutTag = decodeCut(frame, FIRST_CHUNK + 11).sctp();
    assertEquals(2, withoutTag.count());
    assertEquals(0, withoutTag.initiateTag(1));
    assertEquals(7, withoutTag.capturedLength(1));
    assertEquals(77, decodeCut(frame, FIRST_CHUNK + 12).sctp().initiateTag(1));
    Packet cutInData = decodeCut(frame, frame.length - 50);
    assertTrue(cutInData.isIp());
    assertEquals(3, cutInData.sctp().count());
    assertEquals(54, cutInData.sctp().capturedLength(2));
  }

  @Test
  void bytesAfterTheLastChunkThatAreNoChunkArePassedOver() {
    byte[] twoChunks =
        Frames.ipv4(Segment.sctp(1, 2, 3).chunk(SctpChunks.COOKIE_ACK, 0).chunk(0xff, 0)).frame();
    int ipLength = twoChunks.length - Frames.ETHERNET_HEADER;

    for (int cut = 1; cut <= 3; cut++) {
      Packet packet = decode(with16(twoChunks, Frames.ETHERNET_HEADER + 2, ipLength - cut));

      assertTrue(packet.isIp());
      assertEquals(1, packet.sctp().count());
    }
  }

  @Test
  void lastChunkMayLackItsPadding() {
    byte[] frame =
        Frames.ipv4(Segment.sctp(1, 2, 3).chunk(SctpChunks.COOKIE_ECHO, 0, new byte[5])).frame();

    Packet packet =
        decode(
            with16(frame, Frames.ETHERNET_HEADER + 2, frame.length - Frames.ETHERNET_HEADER - 3));

    assertTrue(packet.isIp());
    assertEquals(9, packet.sctp().length(0));
  }

  @Test
  void chunkOfAFirstFragmentReachesIntoTheOthers() {
    byte[] first =
        Frames.ipv4(Segment.sctp(1, 2, 3).chunk(SctpChunks.DATA, 3, new byte[200]))
            .fragments(80)
            .get(0);

    Packet packet = decode(first);

    assertTrue(packet.isIp());
    assertEquals(1, packet.sctp().count());
    assertEquals(204, packet.sctp().length(0));
    assertEquals(68, packet.sctp().capturedLength(0));
  }

  @Test
  void otherPacketsHaveNoChunks() {
    SctpChunks chunks = decode(Frames.ipv4(Frames.syn()).frame()).sctp();

    assertFalse(chunks.isPresent());
    assertEquals(0, chunks.count());
    assertEquals(0, chunks.verificationTag());
  }
}
