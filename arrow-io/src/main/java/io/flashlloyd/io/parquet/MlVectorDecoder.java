package io.flashlloyd.io.parquet;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.SourceType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Spark MLlib's VectorUDT: struct&lt;type tinyint, size int, indices array&lt;int&gt;, values
 * array&lt;double&gt;&gt;, where type 1 is dense (values only) and type 0 sparse (size, indices,
 * values).
 */
final class MlVectorDecoder implements VectorDecoder {
  private static final int DENSE = 1;

  private final String uri;
  private final NumberCursor types;
  private final NumberCursor sizes;
  private final ListCursor indices;
  private final ListCursor values;
  private byte[] dense = new byte[0];
  private ByteBuffer row;
  private long rowInFile;
  private int sparse;

  MlVectorDecoder(
      String uri, NumberCursor types, NumberCursor sizes, ListCursor indices, ListCursor values) {
    this.uri = uri;
    this.types = types;
    this.sizes = sizes;
    this.indices = indices;
    this.values = values;
  }

  @Override
  public int next(long number) throws IOException {
    rowInFile = number;
    row = null;
    boolean present = types.next();
    boolean sized = sizes.next();
    int indexCount = indices.next();
    int valueCount = values.next();
    if (!present) {
      throw ListDecoder.nullVector(uri, rowInFile);
    }
    ListDecoder.check(uri, rowInFile, valueCount, values);
    if (types.value() == DENSE) {
      row = values.row();
      return valueCount;
    }
    if (!sized) {
      throw malformed("it has no size");
    }
    ListDecoder.check(uri, rowInFile, indexCount, indices);
    if (indexCount != valueCount) {
      throw malformed("%d indices and %d values".formatted(indexCount, valueCount));
    }
    sparse = valueCount;
    return Math.toIntExact(sizes.value());
  }

  private ByteBuffer scatter(int size, int count) throws VectorInputException {
    if (dense.length != (long) size * Double.BYTES) {
      dense = new byte[Math.multiplyExact(size, Double.BYTES)];
    } else {
      Arrays.fill(dense, (byte) 0);
    }
    ByteBuffer scattered = ByteBuffer.wrap(dense).order(ByteOrder.LITTLE_ENDIAN);
    int previous = -1;
    for (int i = 0; i < count; i++) {
      int index = indices.row().getInt(i * Integer.BYTES);
      if (index <= previous || index >= size) {
        throw malformed("index %d after %d in size %d".formatted(index, previous, size));
      }
      scattered.putDouble(index * Double.BYTES, values.row().getDouble(i * Double.BYTES));
      previous = index;
    }
    return scattered;
  }

  private VectorInputException malformed(String problem) {
    return VectorInputException.inRow(
        uri,
        rowInFile,
        "the sparse vector is malformed: %s (expected as many indices as values, rising, below"
                .formatted(problem)
            + " size); write it again with MLlib");
  }

  @Override
  public ByteBuffer row() throws VectorInputException {
    if (row == null) {
      row = scatter((int) sizes.value(), sparse);
    }
    return row;
  }

  @Override
  public SourceType source() {
    return SourceType.FLOAT64;
  }
}
