package io.flashlloyd.spark.page;

import io.flashlloyd.engine.Centroids;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Centroids on a plane: their first two principal axes, each centroid counting as many times as it
 * has rows. Of very many, evenly some by size.
 *
 * @param cluster numbers of those drawn, the largest first
 * @param share of the variance between those drawn that each axis holds
 * @param of clusters that there are
 */
record CentroidMap(int[] cluster, float[] x, float[] y, long[] rows, double[] share, int of) {
  private static final int MOST = 2000;

  /** Null where there is only one centroid. */
  static CentroidMap of(Centroids centroids, long[] sizes) {
    if (centroids.k() < 2) {
      return null;
    }
    int[] drawn = drawn(sizes, MOST);
    int dimension = centroids.dimension();
    float[] values = new float[drawn.length * dimension];
    long[] rows = new long[drawn.length];
    for (int i = 0; i < drawn.length; i++) {
      System.arraycopy(
          centroids.values(), drawn[i] * dimension, values, i * dimension, dimension);
      rows[i] = sizes[drawn[i]];
    }
    PrincipalAxes axes = PrincipalAxes.of(values, rows, dimension);
    return new CentroidMap(
        drawn,
        axes.coordinates(0),
        axes.coordinates(1),
        rows,
        new double[] {axes.share(0), axes.share(1)},
        centroids.k());
  }

  /** At most {@code most} clusters, one in every so many by falling size. */
  static int[] drawn(long[] sizes, int most) {
    List<Integer> bySize =
        IntStream.range(0, sizes.length)
            .boxed()
            .sorted(Comparator.comparingLong((Integer cluster) -> -sizes[cluster]))
            .toList();
    int step = (sizes.length + most - 1) / most;
    return IntStream.range(0, (sizes.length + step - 1) / step)
        .map(i -> bySize.get(i * step))
        .toArray();
  }
}
