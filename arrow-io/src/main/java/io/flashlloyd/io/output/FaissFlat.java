package io.flashlloyd.io.output;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/**
 * FAISS's {@code IndexFlat}, as its {@code write_index} lays it out: a name of four letters, what
 * all indexes have, then the vectors.
 */
public final class FaissFlat {
  /** A field that FAISS has not used for years and writes all the same, twice. */
  private static final long UNUSED = 1 << 20;

  private FaissFlat() {}

  /** Writes a file whose vectors are the centroids. */
  public static void write(
      String uri, CentroidMatrix centroids, IndexMetric metric, Configuration hadoop)
      throws IOException {
    try (LittleEndianFile out = new LittleEndianFile(uri, hadoop)) {
      put(out, centroids, metric);
      out.commit();
    }
  }

  /** What a file of this index holds. */
  public static void put(LittleEndianFile out, CentroidMatrix centroids, IndexMetric metric)
      throws IOException {
    out.putAscii(metric == IndexMetric.L2 ? "IxF2" : "IxFI");
    common(out, centroids.dimension(), centroids.k(), metric);
    float[] values = centroids.values();
    out.putLong(values.length);
    out.putFloats(values, 0, values.length);
  }

  /** What every index has: dimension, rows, trained, metric. */
  public static void common(LittleEndianFile out, int dimension, long rows, IndexMetric metric)
      throws IOException {
    out.putInt(dimension);
    out.putLong(rows);
    out.putLong(UNUSED);
    out.putLong(UNUSED);
    out.putByte(1);
    out.putInt(metric == IndexMetric.L2 ? 1 : 0);
  }
}
