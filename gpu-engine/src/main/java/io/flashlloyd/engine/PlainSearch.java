package io.flashlloyd.engine;

/**
 * Centroid after centroid, in plain Java. The canonical distance is a sum of squares in a fixed
 * order, so it never falls: a centroid is given up, without a change of the result, as soon as its
 * partial sum reaches the best.
 */
record PlainSearch(Centroids centroids) implements NearestSearch {
  /** Coordinates between two looks at the partial sum. */
  private static final int STRIDE = 16;

  @Override
  public int nearest(float[] row) {
    int best = 0;
    double bestDistance = Double.POSITIVE_INFINITY;
    for (int cluster = 0; cluster < centroids.k(); cluster++) {
      double distance = distanceBelow(row, cluster, bestDistance);
      if (distance < bestDistance) {
        best = cluster;
        bestDistance = distance;
      }
    }
    return best;
  }

  /** The squared distance, or some number at least {@code bound} where it is not below that. */
  private double distanceBelow(float[] x, int cluster, double bound) {
    double sum = 0;
    for (int from = 0; from < x.length && sum < bound; from += STRIDE) {
      int to = Math.min(x.length, from + STRIDE);
      for (int t = from; t < to; t++) {
        double difference = (double) x[t] - (double) centroids.get(cluster, t);
        sum = Math.fma(difference, difference, sum);
      }
    }
    return sum;
  }
}
