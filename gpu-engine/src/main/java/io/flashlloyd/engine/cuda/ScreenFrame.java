package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.exact.SumScale;
import java.util.Arrays;

/**
 * The coordinates that the screen works in: {@code x' = x * scale - shift}. Any frame is right (the
 * bound in error_bound.cuh holds in all); a good one puts the data around zero, inside float16's
 * range. float16 rows are taken as they are.
 *
 * @param scale a power of two
 * @param shift [padded dimension], zero in the padding, where rows are zero too
 * @param type of the rows it is for
 */
record ScreenFrame(float scale, float[] shift, int dimension, ElementType type) {
  /** Coordinates end below 2 to this, which float16 holds with room for centroids outside. */
  private static final int TOP_EXPONENT = 14;

  /** Beyond this, scales and their squares leave float32 and float64. */
  private static final int MAX_SCALE_EXPONENT = 100;

  /** The largest finite float16. */
  private static final double LARGEST = 65504;

  /** The middle of uint8's range: float16 holds x - 128 exactly, and norms are smaller. */
  private static final float UINT8_MIDDLE = 128;

  /** A frame for rows within {@code scale}'s magnitudes around {@code centroids}. */
  static ScreenFrame of(ElementType type, Centroids centroids, SumScale scale) {
    int dimension = centroids.dimension();
    float[] shift = new float[KernelShapes.paddedDimension(dimension)];
    return switch (type) {
      case FLOAT16, INT8 -> new ScreenFrame(1, shift, dimension, type);
      case UINT8 -> {
        Arrays.fill(shift, 0, dimension, UINT8_MIDDLE);
        yield new ScreenFrame(1, shift, dimension, type);
      }
      case FLOAT32 -> centred(shift, centroids, scale);
    };
  }

  private static ScreenFrame centred(float[] shift, Centroids centroids, SumScale scale) {
    int dimension = centroids.dimension();
    double[] mean = new double[dimension];
    for (int cluster = 0; cluster < centroids.k(); cluster++) {
      for (int t = 0; t < dimension; t++) {
        mean[t] += (double) centroids.get(cluster, t) / centroids.k();
      }
    }
    double reach = 0;
    for (int t = 0; t < dimension; t++) {
      reach = Math.max(reach, (double) scale.maxAbs(t) + Math.abs(mean[t]));
    }
    int exponent = reach == 0 ? 0 : TOP_EXPONENT - 1 - Math.getExponent(reach);
    exponent = Math.max(-MAX_SCALE_EXPONENT, Math.min(MAX_SCALE_EXPONENT, exponent));
    for (int t = 0; t < dimension; t++) {
      shift[t] = (float) Math.scalb(mean[t], exponent);
    }
    return new ScreenFrame(Math.scalb(1f, exponent), shift, dimension, ElementType.FLOAT32);
  }

  /** Whether rows of this scale's magnitudes stay inside float16's range in this frame. */
  boolean fits(SumScale data) {
    if (data.dimension() != dimension) {
      return false;
    }
    for (int t = 0; t < data.dimension(); t++) {
      if ((double) data.maxAbs(t) * scale + Math.abs(shift[t]) > LARGEST) {
        return false;
      }
    }
    return true;
  }
}
