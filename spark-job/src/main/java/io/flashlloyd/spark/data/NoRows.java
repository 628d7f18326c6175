package io.flashlloyd.spark.data;

import io.flashlloyd.io.ChunkReader;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;

/** For tasks that must reach executors but read nothing: no parent is computed for them. */
record NoRows(int splits) implements VectorSource {
  @Override
  public RDD<InternalRow> parent() {
    return null;
  }

  @Override
  public ChunkReader open(
      int split, scala.collection.Iterator<InternalRow> rows, BufferAllocator allocator) {
    throw new IllegalStateException("Split " + split + " has no rows to read");
  }
}
