package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.io.source.SourceType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What .npy, .fvecs, .bvecs, .fbin, .u8bin and .i8bin files can do wrong. */
class BadFlatFileTest {
  private static final int ROWS = 20;
  private static final int DIMENSION = 5;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"NPY_F2", "NPY_F4", "NPY_F8", "FVECS", "FBIN"})
  void shouldNameTheCellThatIsNotFinite(FlatTestFile format) throws Exception {
    for (double bad :
        new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      byte[] values = new byte[ROWS * DIMENSION * format.type.bytes()];
      int cell = 13 * DIMENSION + 2;
      put(values, cell, bad, format.type);
      Path file = write(format, values, ROWS);
      // In chunks of one row and of all: the row is counted in the file either way.
      assertRefused(file, 1, file.getFileName() + ", row 13, column 2: the value is " + bad);
      assertRefused(
          file, 1 << 20, "row 13, column 2", "(expected a finite number); drop or repair");
    }
  }

  @ParameterizedTest
  @EnumSource(names = "NPY_F8")
  void shouldRefuseWhatFloat32CannotHold(FlatTestFile format) throws Exception {
    byte[] values = new byte[ROWS * DIMENSION * 8];
    put(values, 7, 1e300, format.type);
    assertRefused(write(format, values, ROWS), 1 << 20, "row 1, column 2", "1.0E300", "rescale");
  }

  @ParameterizedTest
  @EnumSource
  void shouldRefuseTruncatedFilesBeforeReadingThem(FlatTestFile format) throws Exception {
    byte[] whole = bytes(format, ROWS);
    for (int length = 1; length < whole.length; length++) {
      boolean wholeRows =
          format.hasRowPrefix() && length % (4 + DIMENSION * format.type.bytes()) == 0;
      if (!wholeRows) {
        Path file = folder.resolve("t." + format.extension);
        Files.write(file, Arrays.copyOf(whole, length));
        VectorInputException error = Vectors.refusedAtOpen(file);
        assertThat(error).as("%d bytes", length).hasMessageContaining("t." + format.extension);
        assertThat(error.getMessage()).as("%d bytes", length).containsAnyOf("truncated", "magic");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldRefuseFilesThatAreTooLong(FlatTestFile format) throws Exception {
    byte[] whole = bytes(format, ROWS);
    Path file = folder.resolve("t." + format.extension);
    Files.write(file, Arrays.copyOf(whole, whole.length + 3));
    assertThat(Vectors.refusedAtOpen(file))
        .hasMessageContaining("it has %d bytes (expected".formatted(whole.length + 3));
  }

  @ParameterizedTest
  @EnumSource(names = {"FBIN", "U8BIN", "I8BIN"})
  void shouldRefuseHeadersThatLie(FlatTestFile format) throws Exception {
    byte[] whole = bytes(format, ROWS);
    for (int[] shape :
        new int[][] {{ROWS + 1, DIMENSION}, {ROWS, 0}, {-1, -1}, {-1, Integer.MAX_VALUE}}) {
      System.arraycopy(FlatTestFile.ints(shape), 0, whole, 0, 8);
      Path file = folder.resolve("t." + format.extension);
      Files.write(file, whole);
      assertThat(Vectors.refusedAtOpen(file)).hasMessageContaining("header");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NPY_F4", "NPY_U1"})
  void shouldRefuseNpyShapesThatLie(FlatTestFile format) throws Exception {
    for (int[] shape : new int[][] {{ROWS + 1, DIMENSION}, {ROWS, 0}, {999_999_999, 999_999_999}}) {
      byte[] values = new byte[ROWS * DIMENSION * format.type.bytes()];
      byte[] honest = format.bytes(values, ROWS, DIMENSION);
      byte[] header = Arrays.copyOf(honest, honest.length - values.length);
      String dict = new String(header, 10, header.length - 10, StandardCharsets.US_ASCII);
      String lie = dict.replace("(20, 5)", "(%d, %d)".formatted(shape[0], shape[1]));
      byte[] file = Arrays.copyOf(header, 10 + lie.length() + values.length);
      file[8] = (byte) lie.length();
      System.arraycopy(lie.getBytes(StandardCharsets.US_ASCII), 0, file, 10, lie.length());
      Path path = folder.resolve("t.npy");
      Files.write(path, file);
      assertThat(Vectors.refusedAtOpen(path)).hasMessageContaining("header");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FVECS", "BVECS"})
  void shouldNameTheRowOfAnotherLength(FlatTestFile format) throws Exception {
    byte[] whole = bytes(format, ROWS);
    int stride = 4 + DIMENSION * format.type.bytes();
    System.arraycopy(FlatTestFile.ints(6), 0, whole, 11 * stride, 4);
    Path file = folder.resolve("t." + format.extension);
    Files.write(file, whole);
    assertRefused(file, 50, "row 11: the vector has 6 values (expected 5)");
  }

  @ParameterizedTest
  @EnumSource
  void shouldRefuseFilesWithoutRows(FlatTestFile format) throws Exception {
    Path file = write(format, new byte[0], 0);
    assertThat(Vectors.refusedAtOpen(file))
        .hasMessageContaining("the input has no rows (expected at least one vector)");
  }

  private Path write(FlatTestFile format, byte[] values, int rows) throws Exception {
    Path file = folder.resolve("f." + format.extension);
    format.write(file, values, rows, DIMENSION);
    return file;
  }

  private static byte[] bytes(FlatTestFile format, int rows) {
    return format.bytes(new byte[rows * DIMENSION * format.type.bytes()], rows, DIMENSION);
  }

  private static void put(byte[] values, int cell, double value, SourceType type) {
    ByteBuffer buffer = ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case FLOAT64 -> buffer.putDouble(cell * 8, value);
      case FLOAT32 -> buffer.putFloat(cell * 4, (float) value);
      default ->
          buffer.putShort(
              cell * 2, (short) (Double.isNaN(value) ? 0x7e00 : value > 0 ? 0x7c00 : 0xfc00));
    }
  }
}
