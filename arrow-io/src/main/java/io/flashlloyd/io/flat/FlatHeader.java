package io.flashlloyd.io.flat;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.SourceType;
import java.math.BigInteger;

/** What headers of flat files have in common: a shape that the file's length has to confirm. */
final class FlatHeader {
  private FlatHeader() {}

  /** Checks the shape, in exact arithmetic: a header can claim more than 2^63 bytes. */
  static void check(
      FlatContent file, long headerBytes, BigInteger rows, BigInteger dimension, SourceType source)
      throws VectorInputException {
    if (dimension.signum() <= 0 || dimension.bitLength() > 31) {
      throw VectorInputException.inFile(
          file.uri(),
          "its header says dimension %d (expected 1 to %d); it is wrong or of another format"
              .formatted(dimension, Integer.MAX_VALUE));
    }
    BigInteger expected =
        rows.multiply(dimension)
            .multiply(BigInteger.valueOf(source.bytes()))
            .add(BigInteger.valueOf(headerBytes));
    if (!expected.equals(BigInteger.valueOf(file.length()))) {
      throw VectorInputException.inFile(
          file.uri(),
          "it has %d bytes (expected %d for the header's %d x %d %s); it is truncated, or its"
                  .formatted(file.length(), expected, rows, dimension, source.label())
              + " header lies about its size");
    }
  }

  /** A file that is too short for its own header. */
  static VectorInputException tooShort(FlatContent file, String format, int headerBytes) {
    return VectorInputException.inFile(
        file.uri(),
        "it has %d bytes (expected at least the %d of a %s header); it is truncated"
            .formatted(file.length(), headerBytes, format));
  }

  /** An id column asked of a format that has no columns. */
  static VectorInputException noColumns(String uri, String asked) {
    return VectorInputException.inFile(
        uri, "has no columns (expected one called '%s'); leave the option away".formatted(asked));
  }
}
