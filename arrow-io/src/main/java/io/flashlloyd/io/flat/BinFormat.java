package io.flashlloyd.io.flat;

import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.FileLayout;
import io.flashlloyd.io.source.SourceType;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** .fbin, .u8bin, .i8bin: u32 rows, u32 dimension, then rows x dimension values. */
public final class BinFormat extends FlatFormat {
  private static final int HEADER = 8;

  private final VectorFormat format;
  private final SourceType source;

  public BinFormat(VectorFormat format, SourceType source) {
    this.format = format;
    this.source = source;
  }

  @Override
  FileLayout inspect(FlatContent file, boolean bfloat16) throws IOException {
    if (file.length() < HEADER) {
      throw FlatHeader.tooShort(file, format.optionName(), HEADER);
    }
    refuseWideHeader(file);
    ByteBuffer header = ByteBuffer.wrap(file.head(HEADER)).order(ByteOrder.LITTLE_ENDIAN);
    long rows = Integer.toUnsignedLong(header.getInt(0));
    long dimension = Integer.toUnsignedLong(header.getInt(4));
    FlatHeader.check(file, HEADER, BigInteger.valueOf(rows), BigInteger.valueOf(dimension), source);
    return file.layout(
        format, source, rows, (int) dimension, HEADER, dimension * source.bytes(), null);
  }

  /** Some writers store both numbers in 64 bits. */
  private void refuseWideHeader(FlatContent file) throws IOException {
    if (file.length() < 2 * HEADER) {
      return;
    }
    ByteBuffer wide = ByteBuffer.wrap(file.head(2 * HEADER)).order(ByteOrder.LITTLE_ENDIAN);
    long rows = wide.getLong(0);
    long dimension = wide.getLong(Long.BYTES);
    if (rows > 0
        && dimension > 0
        && BigInteger.valueOf(rows)
            .multiply(BigInteger.valueOf(dimension))
            .multiply(BigInteger.valueOf(source.bytes()))
            .equals(BigInteger.valueOf(file.length() - 2 * HEADER))) {
      throw VectorInputException.inFile(
          file.uri(),
          "its header holds rows and dimension (%d x %d) in 64 bits each (expected 32, as %s has"
                  .formatted(rows, dimension, format.optionName())
              + " them); write it again with a header of 8 bytes");
    }
  }
}
