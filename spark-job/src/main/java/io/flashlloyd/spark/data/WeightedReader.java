package io.flashlloyd.spark.data;

import io.flashlloyd.engine.HostRows;
import io.flashlloyd.io.ChunkBuilder;
import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.VectorChunk;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.WeightReader;
import io.flashlloyd.spark.store.StoredChunk;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;

/** The rows of a split, float32, with what each counts; rows of weight 0 are left out. */
final class WeightedReader implements ChunkReader {
  private final ChunkReader rows;
  private final WeightReader weights;
  private final RowWeights scale;
  private final VectorSplit split;
  private final BufferAllocator allocator;
  private ChunkBuilder builder;
  private VectorChunk source;
  private int taken;
  private float[] row;
  private double[] some = {};
  private int atSome;
  private long read;

  /** Owns both readers. */
  WeightedReader(
      ChunkReader rows,
      WeightReader weights,
      RowWeights scale,
      VectorSplit split,
      BufferAllocator allocator) {
    this.rows = rows;
    this.weights = weights;
    this.scale = scale;
    this.split = split;
    this.allocator = allocator;
  }

  @Override
  public VectorChunk next() throws IOException {
    while (source != null || nextSource()) {
      HostRows from = StoredChunk.of(0, source).rows();
      while (taken < source.rows()) {
        from.copyRow(taken++, row);
        long weight = nextWeight();
        if (weight == 0) {
          builder.skip(row);
        } else {
          builder.add(row, weight);
        }
        VectorChunk full = builder.takeIfFull();
        if (full != null) {
          return full;
        }
      }
      source.close();
      source = null;
    }
    return builder == null ? null : builder.finish();
  }

  private boolean nextSource() throws IOException {
    source = rows.next();
    taken = 0;
    if (source != null && builder == null) {
      row = new float[source.dimension()];
      builder =
          new ChunkBuilder(
              allocator,
              source.dimension(),
              InputSpec.DEFAULT_CHUNK_BYTES,
              source.firstRow(),
              split.uri());
    }
    return source != null;
  }

  private long nextWeight() throws IOException {
    if (atSome == some.length) {
      some = weights.next(source.rows() - taken + 1);
      atSome = 0;
      if (some == null) {
        throw VectorInputException.inFile(
            split.uri(), "its column of weights ends before the vectors; was it replaced?");
      }
    }
    return scale.quantize(false, some[atSome++], split.uri(), split.firstRowInFile() + read++);
  }

  @Override
  public void close() throws IOException {
    try (rows;
        weights) {
      if (builder != null) {
        builder.close();
      }
      if (source != null) {
        source.close();
        source = null;
      }
    }
  }
}
