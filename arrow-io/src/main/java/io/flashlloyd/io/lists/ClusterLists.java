package io.flashlloyd.io.lists;

import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.io.output.IndexMetric;
import java.io.Serializable;
import java.util.Arrays;

/**
 * What the lists of an index will be, known before the first row is written: a list for each
 * centroid, and how many rows it will hold.
 *
 * @param sizes [centroids.k()]; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // a large value, passed on, never compared
public record ClusterLists(CentroidMatrix centroids, long[] sizes, IndexMetric metric)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  public ClusterLists {
    if (sizes.length != centroids.k()) {
      throw new IllegalArgumentException(
          "Sizes are given of %d lists (expected %d, one for each centroid)"
              .formatted(sizes.length, centroids.k()));
    }
    for (int cluster = 0; cluster < sizes.length; cluster++) {
      if (sizes[cluster] < 0) {
        throw new IllegalArgumentException(
            "List %d has size %d (expected at least 0)".formatted(cluster, sizes[cluster]));
      }
    }
  }

  /** Number of lists. */
  public int k() {
    return centroids.k();
  }

  public int dimension() {
    return centroids.dimension();
  }

  /** Rows of all lists. */
  public long rows() {
    return Arrays.stream(sizes).sum();
  }
}
