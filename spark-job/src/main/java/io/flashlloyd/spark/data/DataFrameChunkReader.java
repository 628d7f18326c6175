package io.flashlloyd.spark.data;

import io.flashlloyd.io.ChunkBuilder;
import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.io.VectorChunk;
import io.flashlloyd.io.VectorInputException;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.sql.catalyst.InternalRow;

/** Rows of a DataFrame, of one partition or one group, into chunks of float32. */
final class DataFrameChunkReader implements ChunkReader {
  private final scala.collection.Iterator<InternalRow> rows;
  private final VectorColumns columns;
  private final String subject;
  private final BufferAllocator allocator;
  private ChunkBuilder builder;
  private long read;

  DataFrameChunkReader(
      scala.collection.Iterator<InternalRow> rows,
      VectorColumns columns,
      String subject,
      BufferAllocator allocator) {
    this.rows = rows;
    this.columns = columns;
    this.subject = subject;
    this.allocator = allocator;
  }

  @Override
  public VectorChunk next() throws IOException {
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      if (row.isNullAt(0)) {
        throw VectorInputException.inRow(
            subject, read, "the vector is null (expected a vector in every row; drop such rows)");
      }
      float[] vector = columns.slice().of(columns.vectors().read(row), subject, read);
      if (builder == null) {
        if (vector.length == 0) {
          throw VectorInputException.inRow(
              subject, read, "the vector has no values (expected at least one)");
        }
        builder = new ChunkBuilder(allocator, vector.length, columns.chunkBytes(), 0, subject);
      }
      if (!columns.measure().prepare(vector)) {
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
      if (columns.weights() == null) {
        builder.add(vector);
      } else {
        addWeighted(row, vector);
      }
    } catch (VectorInputException e) {
      int missing = columns.vectors().nullElement(row);
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
    double value = missing ? 0 : row.getDouble(1);
    long weight = columns.weights().quantize(missing, value, subject, read);
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
