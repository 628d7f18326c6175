package io.flashlloyd.io.lists;

import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.io.output.IndexMetric;
import io.flashlloyd.io.output.LittleEndianFile;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;

/**
 * The table of centroids that VectorChord's external build reads, as {@code centroids.csv} and
 * {@code load.sql}. A centroid's id is its cluster; a tree's inner nodes have the ids after those.
 * The vectors are {@code real[]}, which VectorChord casts, so that the table loads without pgvector
 * too.
 */
public final class VectorChordTable {
  /** The table's name. */
  public static final String NAME = "flashlloyd_centroids";

  private static final String ROOT = "";

  private VectorChordTable() {}

  /**
   * Writes both files into a folder.
   *
   * @param upper the level above, or null for one level
   */
  public static void write(
      String folder,
      CentroidMatrix centroids,
      UpperLevel upper,
      IndexMetric metric,
      Configuration hadoop)
      throws IOException {
    try (LittleEndianFile csv = new LittleEndianFile(folder + "/centroids.csv", hadoop);
        LittleEndianFile sql = new LittleEndianFile(folder + "/load.sql", hadoop)) {
      if (upper != null) {
        putTree(csv, centroids, upper);
      } else if (centroids.k() == 1) {
        // VectorChord adds the root to a table without one, but wants two rows for that.
        putRow(csv, 0, "1", centroids, 0);
        putRow(csv, 1, ROOT, centroids, 0);
      } else {
        for (int i = 0; i < centroids.k(); i++) {
          putRow(csv, i, ROOT, centroids, i);
        }
      }
      sql.putAscii(sql(metric));
      csv.commit();
      sql.commit();
    }
  }

  /** All leaves must be equally deep, so a parent without children stays away. */
  private static void putTree(LittleEndianFile csv, CentroidMatrix leaves, UpperLevel upper)
      throws IOException {
    int k = leaves.k();
    int root = k + upper.centroids().k();
    for (int i = 0; i < k; i++) {
      putRow(csv, i, Integer.toString(k + upper.parents()[i]), leaves, i);
    }
    int[] used = Arrays.stream(upper.parents()).distinct().sorted().toArray();
    for (int parent : used) {
      putRow(csv, k + parent, Integer.toString(root), upper.centroids(), parent);
    }
    putRow(csv, root, ROOT, mean(upper.centroids(), used), 0);
  }

  /** The root's vector, as VectorChord makes it where it makes the root. */
  private static CentroidMatrix mean(CentroidMatrix centroids, int[] used) {
    int dimension = centroids.dimension();
    float[] mean = new float[dimension];
    for (int t = 0; t < dimension; t++) {
      double sum = 0;
      for (int i : used) {
        sum += centroids.values()[i * dimension + t];
      }
      mean[t] = (float) (sum / used.length);
    }
    return new CentroidMatrix(mean, 1, dimension);
  }

  private static void putRow(
      LittleEndianFile csv, int id, String parent, CentroidMatrix centroids, int row)
      throws IOException {
    StringBuilder line = new StringBuilder().append(id).append(',').append(parent).append(",\"{");
    int dimension = centroids.dimension();
    for (int t = 0; t < dimension; t++) {
      line.append(t == 0 ? "" : ",").append(centroids.values()[row * dimension + t]);
    }
    csv.putAscii(line.append("}\"\n").toString());
  }

  private static String sql(IndexMetric metric) {
    return """
        -- psql -f load.sql, in this folder; then make the index with the statement below, naming
        -- your own table and column instead of items (embedding).
        CREATE TABLE %1$s (
          id integer PRIMARY KEY, -- the cluster, or an inner node's number
          parent integer,
          vector real[] NOT NULL
        );
        \\copy %1$s FROM 'centroids.csv' WITH (FORMAT csv)

        -- CREATE INDEX ON items USING vchordrq (embedding %2$s) WITH (options = $$
        -- residual_quantization = %3$s
        -- [build.external]
        -- table = 'public.%1$s'
        -- $$);
        """
        .formatted(
            NAME,
            metric == IndexMetric.L2 ? "vector_l2_ops" : "vector_cosine_ops",
            metric == IndexMetric.L2);
  }
}
