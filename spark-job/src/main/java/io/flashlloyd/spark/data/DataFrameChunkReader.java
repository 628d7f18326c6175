package io.flashlloyd.spark.data;

import io.flashlloyd.io.ChunkBuilder;
import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.io.VectorChunk;
import io.flashlloyd.io.VectorInputException;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.sql.catalyst.InternalRow;

/** One DataFrame partition's rows, into chunks of float32. */
final class DataFrameChunkReader implements ChunkReader {
  private final scala.collection.Iterator<InternalRow> rows;
  private final RowVectors vectors;
  private final RowWeights weights;
  private final DistanceMeasure measure;
  private final String subject;
  private final BufferAllocator allocator;
  private final long chunkBytes;
  private ChunkBuilder builder;
  private long read;

  DataFrameChunkReader(
      scala.collection.Iterator<InternalRow> rows,
      RowVectors vectors,
      RowWeights weights,
      DistanceMeasure measure,
      String subject,
      BufferAllocator allocator,
      long chunkBytes) {
    this.rows = rows;
    this.vectors = vectors;
    this.weights = weights;
    this.measure = measure;
    this.subject = subject;
    this.allocator = allocator;
    this.chunkBytes = chunkBytes;
  }

  @Override
  public VectorChunk next() throws IOException {
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      if (row.isNullAt(0)) {
        throw VectorInputException.inRow(
            subject, read, "the vector is null (expected a vector in every row; drop such rows)");
      }
      float[] vector = vectors.read(row);
      if (builder == null) {
        if (vector.length == 0) {
          throw VectorInputException.inRow(
              subject, read, "the vector has no values (expected at least one)");
        }
        builder = new ChunkBuilder(allocator, vector.length, chunkBytes, 0, subject);
      }
      if (!measure.prepare(vector)) {
        throw VectorInputException.inRow(subject, read, DistanceMeasure.ZERO_VECTOR);
      }
      add(row, vector);
      read++;
      VectorChunk full = builder.takeIfFull();
      if (full != null) {
        return full;
      }
    }
    return builder == null ? null : builder.finish();
  }

  private void add(InternalRow row, float[] vector) throws IOException {
    try {
      if (weights == null) {
        builder.add(vector);
      } else {
        addWeighted(row, vector);
      }
    } catch (VectorInputException e) {
      int missing = vectors.nullElement(row);
      throw missing < 0
          ? e
          : VectorInputException.inCell(
              subject,
              read,
              missing,
              "the value is null (expected a finite number); drop or fill the row");
    }
  }

  private void addWeighted(InternalRow row, float[] vector) throws IOException {
    boolean missing = row.isNullAt(1);
    long weight = weights.quantize(missing, missing ? 0 : row.getDouble(1), subject, read);
    if (weight == 0) {
      builder.skip(vector);
    } else {
      builder.add(vector, weight);
    }
  }

  @Override
  public void close() {
    if (builder != null) {
      builder.close();
    }
  }
}
