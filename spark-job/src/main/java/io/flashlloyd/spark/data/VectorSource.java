package io.flashlloyd.spark.data;

import io.flashlloyd.io.ChunkReader;
import java.io.IOException;
import java.io.Serializable;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Where rows come from: a number of splits (ranges of files, or partitions of a DataFrame), each
 * of which can be read again whenever an executor has lost its chunks. Travels with every task.
 */
public sealed interface VectorSource extends Serializable
    permits FileSource, DataFrameSource, NoRows {
  /** How many splits there are; they are numbered from 0. */
  int splits();

  /** What distances between these rows are measured by. */
  default DistanceMeasure measure() {
    return DistanceMeasure.EUCLIDEAN;
  }

  /** Whether rows have weights. */
  default boolean weighted() {
    return false;
  }

  /** Weights are multiplied by 2 to this; 0 where there are none or they are whole numbers. */
  default int weightExponent() {
    return 0;
  }

  /**
   * What a message calls a value.
   *
   * @param row as chunks number it
   */
  default String place(long row, int column) {
    return "row %d of a partition, column %d".formatted(row, column);
  }

  /** What to say where there is no row. */
  default IllegalArgumentException noRows() {
    return new IllegalArgumentException(
        "The input has no rows (expected at least one vector); check what it was made from");
  }

  /** The RDD that {@link #open} takes its rows from, on the driver; null where it reads files. */
  RDD<InternalRow> parent();

  /**
   * Opens one split for reading from its start, on an executor.
   *
   * @param rows the rows of the parent's partition {@code split}, or null where there is no parent
   */
  ChunkReader open(
      int split, scala.collection.Iterator<InternalRow> rows, BufferAllocator allocator)
      throws IOException;
}
