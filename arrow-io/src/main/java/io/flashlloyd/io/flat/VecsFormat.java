package io.flashlloyd.io.flat;

import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.FileLayout;
import io.flashlloyd.io.source.RowSource;
import io.flashlloyd.io.source.SourceType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** .fvecs and .bvecs: a row is its i32 dimension, then its values. An empty file has no rows. */
public final class VecsFormat extends FlatFormat {
  private final VectorFormat format;
  private final SourceType source;

  public VecsFormat(VectorFormat format, SourceType source) {
    this.format = format;
    this.source = source;
  }

  @Override
  FileLayout inspect(FlatContent file, boolean bfloat16) throws IOException {
    if (file.length() == 0) {
      return file.layout(format, source, 0, 0, 0, 0, null);
    }
    if (file.length() < VecsRows.PREFIX) {
      throw FlatHeader.tooShort(file, format.optionName(), VecsRows.PREFIX);
    }
    byte[] head = file.head(VecsRows.PREFIX);
    int dimension = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    if (dimension < 1) {
      throw VectorInputException.inRow(
          file.uri(),
          0,
          "its dimension is %d (expected at least 1); the file is corrupt or of another format"
              .formatted(dimension));
    }
    long stride = VecsRows.PREFIX + (long) dimension * source.bytes();
    if (file.length() % stride != 0) {
      throw VectorInputException.inFile(
          file.uri(),
          "it has %d bytes (expected a multiple of %d, the length of a row of dimension %d);"
                  .formatted(file.length(), stride, dimension)
              + " it is truncated, or its rows differ in length");
    }
    long rows = file.length() / stride;
    return file.layout(format, source, rows, dimension, 0, stride, null);
  }

  @Override
  RowSource rows(VectorSplit split, int dimension, InputStream in) {
    return new VecsRows(split, dimension, in);
  }
}
