package io.flashlloyd.spark.data;

import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.VectorReaders;
import io.flashlloyd.io.VectorSplit;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.SerializableConfiguration;

/** Rows of files; a split is a range of a file. */
public final class FileSource implements VectorSource {
  private static final long serialVersionUID = 1L;

  private final VectorDataset dataset;
  private final SerializableConfiguration hadoop;
  private final DistanceMeasure measure;

  /** A data set that was opened with this Hadoop configuration, its rows taken as they are. */
  public FileSource(VectorDataset dataset, Configuration hadoop) {
    this(dataset, hadoop, DistanceMeasure.EUCLIDEAN);
  }

  /** The same with rows in the form that {@code measure} needs. */
  public FileSource(VectorDataset dataset, Configuration hadoop, DistanceMeasure measure) {
    this.dataset = dataset;
    this.hadoop = new SerializableConfiguration(hadoop);
    this.measure = measure;
  }

  /** What the files' headers say. */
  public VectorDataset dataset() {
    return dataset;
  }

  @Override
  public DistanceMeasure measure() {
    return measure;
  }

  @Override
  public int splits() {
    return dataset.splits().size();
  }

  @Override
  public RDD<InternalRow> parent() {
    return null;
  }

  @Override
  public ChunkReader open(
      int split, scala.collection.Iterator<InternalRow> rows, BufferAllocator allocator)
      throws IOException {
    VectorSplit range = dataset.splits().get(split);
    ChunkReader reader = VectorReaders.open(dataset, range, hadoop.value(), allocator);
    return measure == DistanceMeasure.COSINE
        ? new UnitLengthReader(reader, range, allocator)
        : reader;
  }

  @Override
  public String place(long row, int column) {
    VectorSplit split = dataset.splits().get(0);
    for (VectorSplit next : dataset.splits()) {
      split = next.firstRow() <= row ? next : split;
    }
    return "%s, row %d, column %d"
        .formatted(split.uri(), split.firstRowInFile() + row - split.firstRow(), column);
  }

  /** The ids of a split's rows, in their order. */
  public IdReader openIds(int split, BufferAllocator allocator) throws IOException {
    return VectorReaders.openIds(dataset, dataset.splits().get(split), hadoop.value(), allocator);
  }

  /** The configuration that the files are read with. */
  public Configuration hadoop() {
    return hadoop.value();
  }
}
