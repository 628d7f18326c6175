package io.flashlloyd.spark.data;

import io.flashlloyd.io.ChunkReader;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.catalyst.InternalRow;

/** Rows of one column of a DataFrame; a unit is a partition. */
public final class DataFrameSource implements VectorSource {
  private static final long serialVersionUID = 1L;

  private final transient RDD<InternalRow> parent;
  private final int units;
  private final String column;
  private final RowVectors vectors;
  private final long chunkBytes;

  /**
   * @param column a column of MLlib vectors, {@code array<float>} or {@code array<double>}
   * @param chunkBytes bound on a chunk's size
   */
  public DataFrameSource(Dataset<?> data, String column, long chunkBytes) {
    this.vectors = RowVectors.of(data.schema(), column);
    this.parent = data.select(data.col(column)).queryExecution().toRdd();
    this.units = parent.getNumPartitions();
    this.column = column;
    this.chunkBytes = chunkBytes;
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
    return new DataFrameChunkReader(rows, vectors, column, unit, allocator, chunkBytes);
  }
}
