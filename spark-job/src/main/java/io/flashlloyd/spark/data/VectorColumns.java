package io.flashlloyd.spark.data;

import io.flashlloyd.io.ChunkReader;
import java.io.Serializable;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;

/**
 * How weighted vectors are read from a DataFrame's rows.
 *
 * @param column of MLlib vectors, {@code array<float>} or {@code array<double>}
 * @param vectors reads the column's type
 * @param slice the part of the vector that is read
 * @param weights what rows count, or null where all count once; rows of weight 0 are checked and
 *     left out
 * @param measure rows are brought into the form that it needs
 * @param chunkBytes bound on a chunk's size
 */
public record VectorColumns(
    String column,
    RowVectors vectors,
    Slice slice,
    RowWeights weights,
    DistanceMeasure measure,
    long chunkBytes)
    implements Serializable {
  /** Whole vectors of this column, weighted or not. */
  public static VectorColumns of(
      Dataset<?> data,
      String column,
      RowWeights weights,
      DistanceMeasure measure,
      long chunkBytes) {
    RowVectors vectors = RowVectors.of(data.schema(), column);
    return new VectorColumns(column, vectors, Slice.ALL, weights, measure, chunkBytes);
  }

  /** The same columns, but only a part of each vector. */
  public VectorColumns sliced(Slice part) {
    return new VectorColumns(column, vectors, part, weights, measure, chunkBytes);
  }

  /** What to say where a DataFrame has no row. */
  public IllegalArgumentException noRows() {
    return new IllegalArgumentException(
        "Column %s has no rows (expected at least one vector); check what the DataFrame selects"
            .formatted(column));
  }

  /** How many columns {@link #open} expects at the start of a row. */
  public int count() {
    return weights == null ? 1 : 2;
  }

  /** What is to be selected, and {@code more} behind it. */
  public Column[] of(Dataset<?> data, Column... more) {
    Column[] all = new Column[count() + more.length];
    all[0] = data.col(column).as("vector");
    if (weights != null) {
      all[1] = data.col(weights.column()).cast(DataTypes.DoubleType).as("weight");
    }
    System.arraycopy(more, 0, all, count(), more.length);
    return all;
  }

  /**
   * Reads rows of the columns selected into chunks.
   *
   * @param subject what errors call the rows' origin
   */
  public ChunkReader open(
      scala.collection.Iterator<InternalRow> rows, String subject, BufferAllocator allocator) {
    return new DataFrameChunkReader(rows, this, subject, allocator);
  }
}
