package io.flashlloyd.spark.data;

import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.VectorReaders;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.SerializableConfiguration;

/** Rows of files; a unit is a split. */
public final class FileSource implements VectorSource {
  private static final long serialVersionUID = 1L;

  private final VectorDataset dataset;
  private final SerializableConfiguration hadoop;

  /** A data set that was opened with this Hadoop configuration. */
  public FileSource(VectorDataset dataset, Configuration hadoop) {
    this.dataset = dataset;
    this.hadoop = new SerializableConfiguration(hadoop);
  }

  /** What the files' headers say. */
  public VectorDataset dataset() {
    return dataset;
  }

  @Override
  public int units() {
    return dataset.splits().size();
  }

  @Override
  public RDD<InternalRow> parent() {
    return null;
  }

  @Override
  public ChunkReader open(
      int unit, scala.collection.Iterator<InternalRow> rows, BufferAllocator allocator)
      throws IOException {
    return VectorReaders.open(dataset, dataset.splits().get(unit), hadoop.value(), allocator);
  }

  /** The ids of a unit's rows, in their order. */
  public IdReader openIds(int unit, BufferAllocator allocator) throws IOException {
    return VectorReaders.openIds(dataset, dataset.splits().get(unit), hadoop.value(), allocator);
  }

  /** The configuration that the files are read with. */
  public Configuration hadoop() {
    return hadoop.value();
  }
}
