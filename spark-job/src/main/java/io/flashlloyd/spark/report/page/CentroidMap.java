package io.flashlloyd.spark.report.page;

import io.flashlloyd.engine.Centroids;
import java.util.Arrays;
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
record CentroidMap(
    List<Integer> cluster,
    List<Float> x,
    List<Float> y,
    List<Long> rows,
    List<Double> share,
    int of) {
  private static final int MOST = 2000;

  /** Null where there is only one centroid. */
  static CentroidMap of(Centroids centroids, long[] sizes) {
    if (centroids.k() < 2) {
      return null;
    }
    List<Integer> drawn = drawn(sizes, MOST);
    int dimension = centroids.dimension();
    float[] values = new float[drawn.size() * dimension];
    for (int i = 0; i < drawn.size(); i++) {
      int from = drawn.get(i) * dimension;
      System.arraycopy(centroids.values(), from, values, i * dimension, dimension);
    }
    long[] rows = drawn.stream().mapToLong(cluster -> sizes[cluster]).toArray();
    PrincipalAxes axes = PrincipalAxes.of(values, rows, dimension);
    return new CentroidMap(
        drawn,
        axes.coordinates(0),
        axes.coordinates(1),
        Arrays.stream(rows).boxed().toList(),
        List.of(axes.share(0), axes.share(1)),
        centroids.k());
  }

  /** At most {@code most} clusters, one in every so many by falling size. */
  static List<Integer> drawn(long[] sizes, int most) {
    List<Integer> bySize =
        IntStream.range(0, sizes.length)
            .boxed()
            .sorted(Comparator.comparingLong((Integer cluster) -> -sizes[cluster]))
            .toList();
    int step = (sizes.length + most - 1) / most;
    return IntStream.range(0, (sizes.length + step - 1) / step)
        .mapToObj(i -> bySize.get(i * step))
        .toList();
  }
}
