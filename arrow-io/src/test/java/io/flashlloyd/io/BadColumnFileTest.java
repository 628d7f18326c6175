package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.io.ArrowTestFile.ListKind;
import io.flashlloyd.io.source.SourceType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Parquet and Arrow files can do wrong. */
class BadColumnFileTest {
  private static final int ROWS = 300;
  private static final int DIMENSION = 4;
  private static final int BAD_ROW = 257;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void shouldNameWhatIsWrongInParquet(ParquetTestFile shape) throws Exception {
    for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      if (!shape.canHoldNaN()) {
        break;
      }
      List<Double[]> rows = rows();
      rows.get(BAD_ROW)[3] = bad;
      assertRefused(parquet(shape, rows), 100, "row 257, column 3: the value is " + bad);
    }
    List<Double[]> ragged = rows();
    ragged.set(BAD_ROW, new Double[] {1.0, 2.0, 3.0});
    assertRefused(parquet(shape, ragged), 100, "row 257: the vector has 3 values (expected 4)");
    // An empty list counts as one value, which makes up for a longer row.
    ragged.set(BAD_ROW, new Double[0]);
    ragged.set(BAD_ROW + 9, new Double[] {1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0});
    assertRefused(parquet(shape, ragged), 100, "row 257: the vector has 0 values (expected 4)");
  }

  @ParameterizedTest
  @EnumSource(
      names = {"LIST_OF_FLOAT", "REPEATED_FIELD"},
      mode = EnumSource.Mode.EXCLUDE)
  void shouldNameNullsInParquet(ParquetTestFile shape) throws Exception {
    List<Double[]> rows = rows();
    rows.set(BAD_ROW, null);
    assertRefused(parquet(shape, rows), 100, "row 257: the vector is null (expected values)");
    if (shape.canHoldNullElement()) {
      List<Double[]> holes = rows();
      holes.get(BAD_ROW)[1] = null;
      assertRefused(parquet(shape, holes), 100, "row 257, column 1: the value is null");
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldNameWhatIsWrongInArrow(ListKind kind) throws Exception {
    for (CodecType codec : List.of(CodecType.NO_COMPRESSION, CodecType.ZSTD)) {
      List<Double[]> rows = rows();
      rows.get(BAD_ROW)[3] = Double.NaN;
      assertRefused(arrow(kind, rows, codec), 100, "row 257, column 3: the value is NaN");
      rows = rows();
      rows.set(BAD_ROW, null);
      assertRefused(arrow(kind, rows, codec), 100, "row 257: the vector is null");
      rows = rows();
      rows.get(BAD_ROW)[1] = null;
      assertRefused(arrow(kind, rows, codec), 100, "row 257, column 1: the value is null");
      if (kind != ListKind.FIXED) {
        rows = rows();
        rows.set(BAD_ROW, new Double[] {1.0});
        assertRefused(
            arrow(kind, rows, codec), 100, "row 257: the vector has 1 values (expected 4)");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "arrow"})
  void shouldRefuseTruncatedFilesBeforeReadingThem(String format) throws Exception {
    byte[] whole = Files.readAllBytes(write(format));
    Path file = folder.resolve("t." + format);
    for (int length = 0; length < whole.length; length += 1 + whole.length / 97) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(Vectors.refusedAtOpen(file))
          .as("%d bytes", length)
          .hasMessageContaining("t." + format);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "arrow"})
  void shouldRefuseFilesWithoutRows(String format) throws Exception {
    Path file = folder.resolve("e." + format);
    if (format.equals("parquet")) {
      ParquetTestFile.LIST_OF_FLOAT.write(file, List.of(), new Random(1));
    } else {
      new ArrowTestFile(ListKind.LIST, SourceType.FLOAT32)
          .write(file, List.of(), DIMENSION, CodecType.NO_COMPRESSION, new Random(1));
    }
    assertThat(Vectors.refusedAtOpen(file)).hasMessageContaining("the input has no rows");
  }

  @ParameterizedTest
  @CsvSource({
    "parquet,nowhere,has no column 'nowhere'",
    "arrow,nowhere,has no column 'nowhere'",
    "parquet,before,column 'before' does not hold vectors (expected lists of floats",
    "arrow,number,column 'number' does not hold vectors (expected lists of floats",
  })
  void shouldListTheColumnsThereAre(String format, String column, String message) throws Exception {
    InputSpec spec = new InputSpec(List.of(write(format).toString()), null, column, null, 1000);
    assertThat(Vectors.refusedAtOpen(spec))
        .hasMessageContaining(message)
        .hasMessageContaining(format.equals("parquet") ? "before: INT64" : "number: Int(64, true)")
        .hasMessageContaining("v: ");
  }

  @ParameterizedTest
  @CsvSource({
    "parquet,v,id column 'v' is",
    "arrow,v,id column 'v' is",
    "arrow,no,has no column 'no'"
  })
  void shouldRefuseIdColumnsThatCannotNameRows(String format, String column, String message)
      throws Exception {
    InputSpec spec = new InputSpec(List.of(write(format).toString()), null, null, column, 1000);
    assertThat(Vectors.refusedAtOpen(spec)).hasMessageContaining(message);
  }

  @Test
  void shouldRefuseFeatherVersion1ByName() throws Exception {
    Path file = folder.resolve("old.feather");
    Files.write(file, "FEA1 and so on and so on, FEA1".getBytes(StandardCharsets.US_ASCII));
    assertThat(Vectors.refusedAtOpen(file))
        .hasMessageContaining("is Feather version 1 (expected version 2");
  }

  private Path write(String format) throws Exception {
    return format.equals("parquet")
        ? parquet(ParquetTestFile.LIST_OF_NULLABLE_FLOAT, rows())
        : arrow(ListKind.LIST, rows(), CodecType.NO_COMPRESSION);
  }

  private Path parquet(ParquetTestFile shape, List<Double[]> rows) throws Exception {
    Path file = Files.createTempFile(folder, "bad", ".parquet");
    Files.delete(file);
    shape.write(file, rows, new Random(5));
    return file;
  }

  private Path arrow(ListKind kind, List<Double[]> rows, CodecType codec) throws Exception {
    Path file = Files.createTempFile(folder, "bad", ".arrow");
    new ArrowTestFile(kind, SourceType.FLOAT32).write(file, rows, DIMENSION, codec, new Random(5));
    return file;
  }

  private static List<Double[]> rows() {
    List<Double[]> rows = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      rows.add(new Double[] {row + 1.0, 2.0, -3.0, 0.5});
    }
    return rows;
  }
}
