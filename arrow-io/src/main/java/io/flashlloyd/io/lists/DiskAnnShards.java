package io.flashlloyd.io.lists;

import io.flashlloyd.io.output.FlatOutput;
import io.flashlloyd.io.output.LittleEndianFile;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/**
 * The partition files of DiskANN's C++ builder: for list i, {@code PREFIX_subshard-i.bin} (its
 * vectors) and {@code PREFIX_subshard-i_ids_uint32.bin} (the numbers of its rows, [rows x 1]).
 */
final class DiskAnnShards implements ListLayout {
  private static final long MOST_ID = 0xffffffffL;

  private final String prefix;
  private final ClusterLists lists;
  private final Configuration hadoop;
  private LittleEndianFile vectors;
  private LittleEndianFile ids;

  /**
   * @param prefix a path, to which the files' names are appended
   */
  public DiskAnnShards(String prefix, ClusterLists lists, Configuration hadoop) {
    this.prefix = prefix;
    this.lists = lists;
    this.hadoop = hadoop;
  }

  @Override
  public void begin(int cluster) throws IOException {
    String name = prefix + "_subshard-" + cluster;
    vectors = new LittleEndianFile(name + ".bin", hadoop);
    ids = new LittleEndianFile(name + "_ids_uint32.bin", hadoop);
    FlatOutput.binHead(vectors, lists.sizes()[cluster], lists.dimension());
    FlatOutput.binHead(ids, lists.sizes()[cluster], 1);
  }

  @Override
  public void add(long id, byte[] values, int from) throws IOException {
    if (id < 0 || id > MOST_ID) {
      throw new IllegalArgumentException(
          "Row %d cannot go to DiskANN (expected a number of 0 to %d, as it keeps 32 bits)"
              .formatted(id, MOST_ID));
    }
    vectors.putBytes(values, from, lists.dimension() * Float.BYTES);
    ids.putInt((int) id);
  }

  @Override
  public void end() throws IOException {
    vectors.commit();
    ids.commit();
    close();
  }

  @Override
  public void commit() {}

  @Override
  public void close() throws IOException {
    LittleEndianFile open = vectors;
    vectors = null;
    try (open) {
      if (ids != null) {
        ids.close();
        ids = null;
      }
    }
  }
}
