package io.flashlloyd.io.output;

import io.flashlloyd.io.VectorFormat;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The flat formats, piece by piece: a head, then row after row. */
public final class FlatOutput {
  private static final int NPY_ALIGNMENT = 64;
  private static final int NPY_PREFIX = 10;
  private static final long MOST_UINT32 = 0xffffffffL;

  private FlatOutput() {}

  /**
   * What stands before the first row; nothing in .fvecs.
   *
   * @param format NPY, FVECS or FBIN
   * @throws IllegalArgumentException for more rows than the format can count
   */
  public static void head(VectorFormat format, LittleEndianFile out, long rows, int dimension)
      throws IOException {
    if (format == VectorFormat.NPY) {
      npyHead(out, "<f4", rows, dimension);
    } else if (format == VectorFormat.FBIN) {
      binHead(out, rows, dimension);
    }
  }

  /** What stands before a row's values; nothing but in .fvecs. */
  public static void beforeRow(VectorFormat format, LittleEndianFile out, int dimension)
      throws IOException {
    if (format == VectorFormat.FVECS) {
      out.putInt(dimension);
    }
  }

  /** The head of all .bin files: rows and columns. */
  public static void binHead(LittleEndianFile out, long rows, int columns) throws IOException {
    if (rows > MOST_UINT32) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%,d rows do not fit a .bin file (expected at most %,d, as it counts them in 32"
                  + " bits)",
              rows,
              MOST_UINT32));
    }
    out.putInt((int) rows);
    out.putInt(columns);
  }

  /**
   * The head of a .npy file, version 1.
   *
   * @param descr NumPy's name of the type, such as {@code <f4}
   * @param shape of one or two sides
   */
  public static void npyHead(LittleEndianFile out, String descr, long... shape) throws IOException {
    String sides =
        shape.length == 1
            ? shape[0] + ","
            : Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
    String dict =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(descr, sides);
    int length = NPY_PREFIX + dict.length() + 1;
    int padded = (length + NPY_ALIGNMENT - 1) / NPY_ALIGNMENT * NPY_ALIGNMENT;
    out.putByte(0x93);
    out.putAscii("NUMPY");
    out.putShort(1);
    out.putShort(padded - NPY_PREFIX);
    out.putAscii(dict + " ".repeat(padded - length) + "\n");
  }
}
