package io.flashlloyd.spark.data;

import io.flashlloyd.io.ChunkReader;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;

/** For tasks that must reach executors but read nothing: no parent is computed for them. */
record NoRows(int units) implements VectorSource {
  @Override
  public RDD<InternalRow> parent() {
    return null;
  }

  @Override
  public ChunkReader open(
      int unit, scala.collection.Iterator<InternalRow> rows, BufferAllocator allocator) {
    throw new IllegalStateException("Unit " + unit + " has no rows to read");
  }
}
