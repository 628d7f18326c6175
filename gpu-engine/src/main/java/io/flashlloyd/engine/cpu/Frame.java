package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.Centroids;
import java.util.Arrays;

/**
 * Where the screen looks from: coordinates are taken relative to a centre and scaled by a power of
 * two. Any centre and any scale are valid, {@link ScreenBound} holds for all; good ones keep the
 * scores, and with them the rounding errors, as small as the distances between neighbours.
 *
 * <p>The core is the nearer half of the centroids around a median, so that a few outliers move
 * neither the centre nor the scale.
 *
 * @param centre [dimension]
 * @param scale a power of two, about 1 / the radius of the core
 * @param bias what every score starts higher by, about the mean square of the core's scaled norms.
 *     For any point x and centroids C of mean 0, the nearest has {@code |x - c|^2 <= mean |x -
 *     c|^2 = |x|^2 + mean |c|^2}, so its score {@code (|x|^2 - |x - c|^2) / 2} is at least {@code
 *     -mean |c|^2 / 2}: biased, the best score is positive
 */
record Frame(float[] centre, float scale, float bias) {
  private static final int MEDIAN_OF = 15;

  /** Beyond these a float32 scale is not a normal number. */
  private static final int MAX_EXPONENT = 126;

  /** Larger coordinates are not centred: their differences could overflow. */
  private static final float MAX_CENTRED = 0x1p126f;

  static Frame of(Centroids centroids) {
    int k = centroids.k();
    float[] centre = median(centroids);
    double[] squares = new double[k];
    for (int cluster = 0; cluster < k; cluster++) {
      squares[cluster] = square(centroids, cluster, centre);
    }
    double[] sorted = squares.clone();
    Arrays.sort(sorted);
    double reach = sorted[(k - 1) / 2];
    if (reach == 0) {
      reach = sorted[k - 1];
    }
    centre =
        differencesFit(centroids)
            ? meanWithin(centroids, squares, reach)
            : new float[centre.length];
    double sum = 0;
    int core = 0;
    for (int cluster = 0; cluster < k; cluster++) {
      if (squares[cluster] <= reach) {
        sum += square(centroids, cluster, centre);
        core++;
      }
    }
    double spread = sum / core;
    if (spread == 0) {
      return new Frame(centre, 1, 0);
    }
    int exponent = -Math.getExponent(Math.sqrt(spread));
    exponent = Math.max(-MAX_EXPONENT, Math.min(MAX_EXPONENT, exponent));
    return new Frame(centre, Math.scalb(1f, exponent), (float) Math.scalb(spread, 2 * exponent));
  }

  /** Whether no difference of two values between centroids overflows. */
  private static boolean differencesFit(Centroids centroids) {
    for (float value : centroids.values()) {
      if (!(Math.abs(value) <= MAX_CENTRED)) {
        return false;
      }
    }
    return true;
  }

  /** By coordinate, of a few centroids spread over all. */
  private static float[] median(Centroids centroids) {
    int samples = Math.min(MEDIAN_OF, centroids.k());
    float[] centre = new float[centroids.dimension()];
    float[] values = new float[samples];
    for (int t = 0; t < centre.length; t++) {
      for (int i = 0; i < samples; i++) {
        values[i] = centroids.get((int) ((long) i * centroids.k() / samples), t);
      }
      Arrays.sort(values);
      centre[t] = values[samples / 2];
    }
    return centre;
  }

  private static float[] meanWithin(Centroids centroids, double[] squares, double reach) {
    double[] sum = new double[centroids.dimension()];
    int count = 0;
    for (int cluster = 0; cluster < centroids.k(); cluster++) {
      if (squares[cluster] <= reach) {
        count++;
        for (int t = 0; t < sum.length; t++) {
          sum[t] += centroids.get(cluster, t);
        }
      }
    }
    float[] mean = new float[sum.length];
    for (int t = 0; t < sum.length; t++) {
      mean[t] = (float) (sum[t] / count);
    }
    return mean;
  }

  private static double square(Centroids centroids, int cluster, float[] centre) {
    double sum = 0;
    for (int t = 0; t < centre.length; t++) {
      double difference = (double) centroids.get(cluster, t) - centre[t];
      sum += difference * difference;
    }
    return sum;
  }
}
