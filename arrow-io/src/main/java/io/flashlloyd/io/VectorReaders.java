package io.flashlloyd.io;

import io.flashlloyd.io.source.ChunkFiller;
import io.flashlloyd.io.source.FileFormat;
import io.flashlloyd.io.source.FillingChunkReader;
import io.flashlloyd.io.source.RowSource;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.hadoop.conf.Configuration;

/** Splits to chunks, to ids and to weights. Any thread may open a reader; one thread uses it. */
public final class VectorReaders {
  private VectorReaders() {}

  /**
   * A reader of one split's vectors.
   *
   * @param allocator counts the chunks; it must outlive them
   */
  public static ChunkReader open(
      VectorDataset dataset, VectorSplit split, Configuration hadoop, BufferAllocator allocator)
      throws IOException {
    FileFormat format = Formats.of(split.format());
    RowSource source = format.open(split, dataset.dimension(), dataset.columnChoice(), hadoop);
    return new FillingChunkReader(
        source,
        new ChunkFiller(
            allocator, split, dataset.dimension(), dataset.type(), dataset.spec().chunkBytes()));
  }

  /**
   * A reader of one split's ids, in row order, that does not touch its vectors.
   *
   * @param allocator unused by today's formats, which read ids on the heap
   */
  public static IdReader openIds(
      VectorDataset dataset, VectorSplit split, Configuration hadoop, BufferAllocator allocator)
      throws IOException {
    if (dataset.idType() == IdType.ROW_NUMBER) {
      return new RowNumbers(split.firstRow(), split.rows());
    }
    return Formats.of(split.format()).openIds(split, dataset.columnChoice(), hadoop);
  }

  /**
   * A reader of what one split's rows count, from the column that the spec names.
   *
   * @throws VectorInputException where its files have no such column
   */
  public static WeightReader openWeights(
      VectorDataset dataset, VectorSplit split, Configuration hadoop) throws IOException {
    return Formats.of(split.format()).openWeights(split, dataset.weightColumn(), hadoop);
  }
}
