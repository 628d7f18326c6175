package io.flashlloyd.spark.data;

import io.flashlloyd.io.ChunkReader;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.catalyst.InternalRow;

/** Rows of one column of a DataFrame, weighted by another or not; a split is a partition. */
public final class DataFrameSource implements VectorSource {
  private static final long serialVersionUID = 1L;

  private final transient RDD<InternalRow> parent;
  private final int splits;
  private final VectorColumns columns;

  /** Rows that all count once, taken as they are. */
  public DataFrameSource(Dataset<?> data, String column, long chunkBytes) {
    this(data, VectorColumns.of(data, column, null, DistanceMeasure.EUCLIDEAN, chunkBytes));
  }

  /** Rows of these columns. */
  public DataFrameSource(Dataset<?> data, VectorColumns columns) {
    this.columns = columns;
    this.parent = data.select(columns.of(data)).queryExecution().toRdd();
    this.splits = parent.getNumPartitions();
  }

  @Override
  public DistanceMeasure measure() {
    return columns.measure();
  }

  @Override
  public boolean weighted() {
    return columns.weights() != null;
  }

  @Override
  public int weightExponent() {
    return columns.weights() == null ? 0 : columns.weights().exponent();
  }

  @Override
  public IllegalArgumentException noRows() {
    return columns.noRows();
  }

  @Override
  public int splits() {
    return splits;
  }

  @Override
  public RDD<InternalRow> parent() {
    return parent;
  }

  @Override
  public ChunkReader open(
      int split, scala.collection.Iterator<InternalRow> rows, BufferAllocator allocator) {
    return columns.open(rows, RowWeights.subject(columns.column(), split), allocator);
  }
}
