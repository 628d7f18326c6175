package io.flashlloyd.io.flat;

import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.source.FileLayout;
import io.flashlloyd.io.source.SourceFile;
import io.flashlloyd.io.source.SourceType;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.hadoop.conf.Configuration;

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
  FileLayout inspect(SourceFile file, boolean bfloat16, Configuration hadoop) throws IOException {
    if (file.length() < HEADER) {
      throw FlatHeader.tooShort(file, format.optionName(), HEADER);
    }
    ByteBuffer header = ByteBuffer.wrap(file.head(HEADER, hadoop)).order(ByteOrder.LITTLE_ENDIAN);
    long rows = Integer.toUnsignedLong(header.getInt(0));
    long dimension = Integer.toUnsignedLong(header.getInt(4));
    FlatHeader.check(file, HEADER, BigInteger.valueOf(rows), BigInteger.valueOf(dimension), source);
    return FileLayout.flat(
        file, format, source, rows, (int) dimension, HEADER, dimension * source.bytes());
  }
}
