package io.flashlloyd.spark.data;

import io.flashlloyd.io.ChunkReader;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;

/** Rows of one column of a DataFrame, weighted by another or not; a unit is a partition. */
public final class DataFrameSource implements VectorSource {
  private static final long serialVersionUID = 1L;

  private final transient RDD<InternalRow> parent;
  private final int units;
  private final String column;
  private final RowVectors vectors;
  private final RowWeights weights;
  private final DistanceMeasure measure;
  private final long chunkBytes;

  /** Rows that all count once, taken as they are. */
  public DataFrameSource(Dataset<?> data, String column, long chunkBytes) {
    this(data, column, null, DistanceMeasure.EUCLIDEAN, chunkBytes);
  }

  /**
   * @param column a column of MLlib vectors, {@code array<float>} or {@code array<double>}
   * @param weights what rows count, or null where all count once; rows of weight 0 are checked and
   *     left out
   * @param measure rows are brought into the form that it needs
   * @param chunkBytes bound on a chunk's size
   */
  public DataFrameSource(
      Dataset<?> data,
      String column,
      RowWeights weights,
      DistanceMeasure measure,
      long chunkBytes) {
    this.vectors = RowVectors.of(data.schema(), column);
    this.weights = weights;
    this.measure = measure;
    this.parent = data.select(columns(data, column, weights)).queryExecution().toRdd();
    this.units = parent.getNumPartitions();
    this.column = column;
    this.chunkBytes = chunkBytes;
  }

  private static Column[] columns(Dataset<?> data, String column, RowWeights weights) {
    Column vector = data.col(column);
    return weights == null
        ? new Column[] {vector}
        : new Column[] {vector, data.col(weights.column()).cast(DataTypes.DoubleType)};
  }

  @Override
  public DistanceMeasure measure() {
    return measure;
  }

  @Override
  public int weightExponent() {
    return weights == null ? 0 : weights.exponent();
  }

  @Override
  public int units() {
    return units;
  }

  @Override
  public RDD<InternalRow> parent() {
    return parent;
  }

  @Override
  public ChunkReader open(
      int unit, scala.collection.Iterator<InternalRow> rows, BufferAllocator allocator) {
    return new DataFrameChunkReader(
        rows, vectors, weights, measure, RowWeights.subject(column, unit), allocator, chunkBytes);
  }
}
