package io.flashlloyd.spark.nightly;

import io.flashlloyd.engine.Centroids;

/**
 * Squared distances from each of some centroids to all of others, times a power of two that keeps
 * all of them within float32, to which they are rounded. Kept where
 * the matrix is at most 256 MB, which 8192 x 8192 is; computed anew for each use where it is
 * larger, which takes no memory but dimension times the time.
 */
final class CentroidDistances implements MinimumCostMatching.Costs {
  private static final long MOST_KEPT = 1L << 26;

  private final Centroids rows;
  private final Centroids columns;
  private final double factor;
  private final float[][] kept;
  private final float[] row;

  CentroidDistances(Centroids rows, Centroids columns) {
    this.rows = rows;
    this.columns = columns;
    this.factor = factor(Math.max(maxAbs(rows), maxAbs(columns)), rows.dimension());
    this.kept = (long) rows.k() * columns.k() <= MOST_KEPT ? new float[rows.k()][] : null;
    this.row = new float[columns.k()];
  }

  /** Below 2^e are all coordinates, so 2^(2e+2) * dimension are the distances. */
  private static double factor(float maxAbs, int dimension) {
    int coordinate = Math.getExponent(maxAbs) + 1;
    int distance = 2 * coordinate + 2 + Integer.SIZE - Integer.numberOfLeadingZeros(dimension);
    return Math.scalb(1.0, Float.MAX_EXPONENT - distance);
  }

  private static float maxAbs(Centroids centroids) {
    float max = 0;
    for (float value : centroids.values()) {
      max = Math.max(max, Math.abs(value));
    }
    return max;
  }

  @Override
  public float[] row(int index) {
    if (kept == null) {
      compute(index, row);
      return row;
    }
    if (kept[index] == null) {
      kept[index] = new float[columns.k()];
      compute(index, kept[index]);
    }
    return kept[index];
  }

  private void compute(int index, float[] distances) {
    int dimension = rows.dimension();
    for (int column = 0; column < distances.length; column++) {
      double sum = 0;
      for (int t = 0; t < dimension; t++) {
        double difference = (double) rows.get(index, t) - (double) columns.get(column, t);
        sum = Math.fma(difference, difference, sum);
      }
      distances[column] = (float) (sum * factor);
    }
  }
}
