package io.flashlloyd.io.lists;

import io.flashlloyd.io.output.FaissFlat;
import io.flashlloyd.io.output.LittleEndianFile;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;

/**
 * FAISS's {@code IndexIVFFlat}: the centroids as an IndexFlat, then the inverted lists.
 *
 * <pre>
 *   IwFl | common | k u64 | nprobe u64 | IndexFlat | direct map: none
 *   ilar | k u64 | bytes of a vector u64 | sizes, all or those above 0 | each list: vectors, ids
 * </pre>
 *
 * A list's ids follow all of its vectors, so they wait: in memory, those of a long list in a file.
 */
final class FaissIvfFlat implements ListLayout {
  private final LittleEndianFile out;
  private final int dimension;
  private final IdSpool ids = new IdSpool();

  /** Starts the file that will be {@code uri}. */
  public FaissIvfFlat(String uri, ClusterLists lists, Configuration hadoop) throws IOException {
    this.out = new LittleEndianFile(uri, hadoop);
    this.dimension = lists.dimension();
    out.putAscii("IwFl");
    FaissFlat.common(out, dimension, lists.rows(), lists.metric());
    out.putLong(lists.k());
    out.putLong(1); // nprobe, as FAISS begins with
    FaissFlat.put(out, lists.centroids(), lists.metric());
    out.putByte(0); // no map from ids to places
    out.putLong(0);
    out.putAscii("ilar");
    out.putLong(lists.k());
    out.putLong((long) dimension * Float.BYTES);
    putSizes(lists.sizes());
  }

  /** FAISS writes all sizes where more than half of the lists have rows, else only those. */
  private void putSizes(long[] sizes) throws IOException {
    long filled = Arrays.stream(sizes).filter(size -> size > 0).count();
    if (filled > sizes.length / 2) {
      out.putAscii("full");
      out.putLong(sizes.length);
      for (long size : sizes) {
        out.putLong(size);
      }
      return;
    }
    out.putAscii("sprs");
    out.putLong(2 * filled);
    for (int cluster = 0; cluster < sizes.length; cluster++) {
      if (sizes[cluster] > 0) {
        out.putLong(cluster);
        out.putLong(sizes[cluster]);
      }
    }
  }

  @Override
  public void begin(int cluster) {}

  @Override
  public void add(long id, byte[] values, int from) throws IOException {
    out.putBytes(values, from, dimension * Float.BYTES);
    ids.add(id);
  }

  @Override
  public void end() throws IOException {
    ids.moveTo(out);
  }

  @Override
  public void commit() throws IOException {
    out.commit();
  }

  @Override
  public void close() throws IOException {
    try (out) {
      ids.close();
    }
  }
}
