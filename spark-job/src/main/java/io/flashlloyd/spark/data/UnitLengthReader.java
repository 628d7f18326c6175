package io.flashlloyd.spark.data;

import io.flashlloyd.engine.HostRows;
import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.io.ElementType;
import io.flashlloyd.io.VectorChunk;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.spark.store.StoredChunk;
import java.io.IOException;
import java.nio.FloatBuffer;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The rows of a split scaled to length 1, float32. A chunk of a smaller type becomes several, so
 * that none is larger than it was.
 */
final class UnitLengthReader implements ChunkReader {
  private final ChunkReader rows;
  private final VectorSplit split;
  private final BufferAllocator allocator;
  private VectorChunk source;
  private int taken;

  UnitLengthReader(ChunkReader rows, VectorSplit split, BufferAllocator allocator) {
    this.rows = rows;
    this.split = split;
    this.allocator = allocator;
  }

  @Override
  public VectorChunk next() throws IOException {
    if (source == null) {
      source = rows.next();
      taken = 0;
      if (source == null) {
        return null;
      }
    }
    int share = (int) ((long) source.rows() * source.type().bytes() / Float.BYTES);
    VectorChunk chunk = scaled(Math.min(source.rows() - taken, Math.max(1, share)));
    taken += chunk.rows();
    if (taken == source.rows()) {
      source.close();
      source = null;
    }
    return chunk;
  }

  private VectorChunk scaled(int count) throws IOException {
    long first = source.firstRow() + taken;
    VectorChunk chunk =
        VectorChunk.allocate(allocator, first, count, source.dimension(), ElementType.FLOAT32);
    try {
      HostRows from = StoredChunk.of(0, source).rows();
      FloatBuffer to = chunk.values().asFloatBuffer();
      float[] row = new float[source.dimension()];
      for (int i = 0; i < count; i++) {
        from.copyRow(taken + i, row);
        if (!DistanceMeasure.COSINE.prepare(row)) {
          long inFile = split.firstRowInFile() + first + i - split.firstRow();
          throw VectorInputException.inRow(split.uri(), inFile, DistanceMeasure.ZERO_VECTOR);
        }
        to.put(row);
      }
      return chunk;
    } catch (IOException | RuntimeException e) {
      chunk.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try (rows) {
      if (source != null) {
        source.close();
        source = null;
      }
    }
  }
}
