package io.flashlloyd.io.lists;

import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.output.FlatOutput;
import io.flashlloyd.io.output.LittleEndianFile;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/**
 * Lists one after the other in flat files: {@code vectors.EXT}, {@code ids.npy} [rows] int64, and
 * {@code offsets.npy} [k + 1] int64: list c is rows offsets[c] to offsets[c + 1] of both.
 */
final class FlatLists implements ListLayout {
  private final VectorFormat format;
  private final int dimension;
  private final LittleEndianFile vectors;
  private final LittleEndianFile ids;
  private final LittleEndianFile offsets;

  /**
   * Starts the files.
   *
   * @param format NPY, FVECS or FBIN
   */
  public FlatLists(VectorFormat format, String folder, ClusterLists lists, Configuration hadoop)
      throws IOException {
    this.format = format;
    this.dimension = lists.dimension();
    this.vectors = new LittleEndianFile(folder + "/vectors." + format.optionName(), hadoop);
    this.ids = new LittleEndianFile(folder + "/ids.npy", hadoop);
    this.offsets = new LittleEndianFile(folder + "/offsets.npy", hadoop);
    FlatOutput.head(format, vectors, lists.rows(), dimension);
    FlatOutput.npyHead(ids, "<i8", lists.rows());
    FlatOutput.npyHead(offsets, "<i8", lists.k() + 1L);
    long offset = 0;
    offsets.putLong(offset);
    for (long size : lists.sizes()) {
      offset += size;
      offsets.putLong(offset);
    }
  }

  @Override
  public void begin(int cluster) {}

  @Override
  public void add(long id, byte[] values, int from) throws IOException {
    FlatOutput.beforeRow(format, vectors, dimension);
    vectors.putBytes(values, from, dimension * Float.BYTES);
    ids.putLong(id);
  }

  @Override
  public void end() {}

  @Override
  public void commit() throws IOException {
    vectors.commit();
    ids.commit();
    offsets.commit();
  }

  @Override
  public void close() throws IOException {
    try (vectors;
        ids) {
      offsets.close();
    }
  }
}
