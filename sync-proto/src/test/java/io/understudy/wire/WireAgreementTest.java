package io.understudy.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.proto.v1.Batch;
import io.understudy.proto.v1.Frame;
import io.understudy.proto.v1.SessionColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The worked example of {@code docs/reference/wire.md}: the page, the codec and the generated
 * classes agree.
 */
class WireAgreementTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "wire.md");
  private static final RecordSchema SCHEMA = SessionSchemas.IPV4;
  private static final int CREATE =
      ColumnGroup.KEY | ColumnGroup.FACTS | ColumnGroup.OPEN_FORWARD | ColumnGroup.HOLDER;

  @Test
  void theExampleOfThePageIsWhatIsWritten() throws IOException {
    assertEquals(pageExample(), HexFormat.of().formatHex(example()));
  }

  @Test
  void theExampleIsReadBack() throws WireFormatException {
    assertArrayEquals(staged(), Frames.records(SCHEMA, example()));
  }

  @Test
  void theGeneratedClassesReadTheExampleAsItIsMeant() {
    Batch batch = Frames.parse(example()).getBatch(0);
    SessionColumns columns = batch.getSession();

    assertEquals(List.of(CREATE, ColumnGroup.FACTS), batch.getPresentList());
    assertEquals(List.of(7, 2), batch.getSlotList());
    assertEquals(List.of(1, 4), batch.getSlotIncarnationList());
    assertEquals(List.of(5L), batch.getGenerationList());
    assertEquals(List.of(1), batch.getCreatorList());
    assertEquals(List.of(1), batch.getVersionList());
    assertEquals(List.of(0x0A000001), columns.getLowAddress4List());
    assertEquals(
        0x9C40,
        columns.getLowPort().byteAt(0) & 0xFF | columns.getLowPort().byteAt(1) << 8 & 0xFF00);
    assertEquals(List.of(1, 3), columns.getForwardFactsList());
    assertEquals(List.of(0, 3), columns.getReverseFactsList());
    assertEquals(List.of(300), columns.getPolicyList());
    assertEquals(0, columns.getFlagsCount());
  }

  @Test
  void theGeneratedClassesWriteTheExampleShorterButEqual() throws WireFormatException {
    Frame frame = Frames.parse(example());

    byte[] shorter = frame.toByteArray();

    // two nested lengths of 3 bytes where 1 does
    assertEquals(example().length - 4, shorter.length);
    assertArrayEquals(staged(), Frames.records(SCHEMA, shorter));
  }

  private static byte[] example() {
    FrameWriter writer = new FrameWriter();
    writer.number(41);
    writer.beginBatch(1, 200, 1, 3, 1, 9, 0);
    writer.records(SCHEMA, staged(), 2);
    writer.endBatch();
    return Frames.copy(writer);
  }

  private static long[] staged() {
    long[] staged = new long[2 * SCHEMA.words()];
    staged[RecordSchema.HANDLE] = 7L << 32 | 1;
    staged[RecordSchema.HEAD] = 1L << 32 | 1 << 16 | CREATE;
    staged[RecordSchema.GENERATION] = 5;
    put(staged, 0, "low_address4", 0x0A000001);
    put(staged, 0, "high_address4", 0xC0000209L);
    put(staged, 0, "low_port", 40_000);
    put(staged, 0, "high_port", 443);
    put(staged, 0, "protocol", 6);
    put(staged, 0, "created_age", 2);
    put(staged, 0, "forward_facts", 1);
    put(staged, 0, "forward_isn", 0x11223344);
    put(staged, 0, "forward_options", 1 << 20 | 7 << 16 | 1460);
    put(staged, 0, "timeout_class", 2);
    put(staged, 0, "policy", 300);
    put(staged, 0, "ingress_zone", 1);
    put(staged, 0, "egress_zone", 2);
    staged[SCHEMA.words() + RecordSchema.HANDLE] = 9L << 32 | 4;
    staged[SCHEMA.words() + RecordSchema.HEAD] = ColumnGroup.FACTS;
    put(staged, 1, "forward_facts", 3);
    put(staged, 1, "reverse_facts", 3);
    return staged;
  }

  private static void put(long[] staged, int record, String name, long value) {
    Column column =
        SCHEMA.columns().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    staged[record * SCHEMA.words() + column.word()] |= value << column.shift();
  }

  /** The first column of the page's block of bytes, as one row of digits. */
  private static String pageExample() throws IOException {
    return Files.readAllLines(PAGE).stream()
        .dropWhile(line -> !line.equals("```hex"))
        .skip(1)
        .takeWhile(line -> !line.equals("```"))
        .map(line -> line.split(" {2,}")[0].replace(" ", ""))
        .collect(Collectors.joining());
  }
}
