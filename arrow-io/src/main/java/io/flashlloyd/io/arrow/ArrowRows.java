package io.flashlloyd.io.arrow;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.ChunkFiller;
import io.flashlloyd.io.source.ColumnChoice;
import io.flashlloyd.io.source.RowSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.hadoop.conf.Configuration;

/** The vectors of a split's record batches; only their buffers are read. */
final class ArrowRows implements RowSource {
  private static final int WINDOW = 1 << 20;

  private final VectorSplit split;
  private final ArrowPart part;
  private final ArrowColumn column;
  private final byte[] window = new byte[WINDOW];
  private final ByteBuffer view = ByteBuffer.wrap(window).order(ByteOrder.LITTLE_ENDIAN);
  private InputStream values;
  private long elementsLeft;

  ArrowRows(VectorSplit split, ColumnChoice choice, Configuration hadoop) throws IOException {
    this.split = split;
    this.part = new ArrowPart(split, hadoop);
    try {
      this.column =
          ArrowColumns.of(split.uri(), part.schema(), choice.bfloat16())
              .vectors(choice.column())
              .vectors()
              .orElseThrow();
    } catch (VectorInputException e) {
      part.close();
      throw e;
    }
  }

  @Override
  public void fill(ChunkFiller filler) throws IOException {
    try {
      while (elementsLeft == 0) {
        nextBatch(filler.dimension());
      }
      int size = split.source().bytes();
      int count = (int) Math.min(Math.min(filler.missing(), WINDOW / size), elementsLeft);
      BufferStream.readFully(values, window, count * size);
      filler.append(view, 0, split.source(), count);
      elementsLeft -= count;
    } catch (IOException | RuntimeException e) {
      throw ArrowFile.explain(split.uri(), e);
    }
  }

  private void nextBatch(int dimension) throws IOException {
    closeValues();
    VectorBatch batch =
        new VectorBatch(
            split.uri(),
            column,
            part.schema().getFields(),
            part.next(),
            part.firstRowInFile(),
            part.stream());
    if (batch.rows() > 0) {
      values = batch.values(dimension);
      elementsLeft = batch.rows() * dimension;
    }
  }

  private void closeValues() throws IOException {
    if (values != null) {
      values.close();
      values = null;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      closeValues();
    } finally {
      part.close();
    }
  }
}
