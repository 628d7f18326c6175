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
  private final RowWeights weights;

  /** A data set that was opened with this Hadoop configuration, its rows taken as they are. */
  public FileSource(VectorDataset dataset, Configuration hadoop) {
    this(dataset, hadoop, DistanceMeasure.EUCLIDEAN);
  }

  /** The same with rows in the form that {@code measure} needs. */
  public FileSource(VectorDataset dataset, Configuration hadoop, DistanceMeasure measure) {
    this(dataset, new SerializableConfiguration(hadoop), measure, null);
  }

  private FileSource(
      VectorDataset dataset,
      SerializableConfiguration hadoop,
      DistanceMeasure measure,
      RowWeights weights) {
    this.dataset = dataset;
    this.hadoop = hadoop;
    this.measure = measure;
    this.weights = weights;
  }

  /** The same rows with what the column of weights says; rows of weight 0 are left out. */
  public FileSource weighted(RowWeights found) {
    return new FileSource(dataset, hadoop, measure, found);
  }

  @Override
  public boolean weighted() {
    return weights != null;
  }

  @Override
  public int weightExponent() {
    return weights == null ? 0 : weights.exponent();
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
    ChunkReader rowsRead =
        measure == DistanceMeasure.COSINE ? new UnitLengthReader(reader, range, allocator) : reader;
    if (weights == null) {
      return rowsRead;
    }
    try {
      return new WeightedReader(
          rowsRead,
          VectorReaders.openWeights(dataset, range, hadoop.value()),
          weights,
          range,
          allocator);
    } catch (IOException | RuntimeException e) {
      rowsRead.close();
      throw e;
    }
  }

  @Override
  public String place(long row, int column) {
    VectorSplit split = dataset.splits().get(0);
    for (VectorSplit next : dataset.splits()) {
      split = next.firstRow() <= row ? next : split;
    }
    // Rows of weight 0 before it in its chunk are not counted.
    return "%s, %srow %d, column %d"
        .formatted(
            split.uri(),
            weights == null ? "" : "near ",
            split.firstRowInFile() + row - split.firstRow(),
            column);
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
