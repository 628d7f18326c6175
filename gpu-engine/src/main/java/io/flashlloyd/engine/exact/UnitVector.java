package io.flashlloyd.engine.exact;

/**
 * Vectors scaled to length 1, for the cosine distance (contract section 7): the norm is summed in
 * float64 in the order of coordinates, and each coordinate is divided and rounded to float32 once.
 *
 * <p>Between two such vectors 1 - cos is half the squared Euclidean distance, up to the rounding of
 * their coordinates; so the canonical distance decides assignments, and half of it is the cost.
 */
public final class UnitVector {
  private UnitVector() {}

  /**
   * Scales {@code x}, in place; one with a number that is not finite stays as it is, for whoever
   * checks that.
   *
   * @return false, and {@code x} is as it was, where all coordinates are 0
   */
  public static boolean scale(float[] x) {
    double norm = 0;
    for (float value : x) {
      norm += (double) value * value;
    }
    if (norm == 0) {
      return false;
    }
    if (!Double.isFinite(norm)) {
      return true;
    }
    norm = Math.sqrt(norm);
    for (int t = 0; t < x.length; t++) {
      x[t] = (float) (x[t] / norm);
    }
    return true;
  }

  /**
   * Scales {@code x} into {@code out}.
   *
   * @param out written from {@code offset}, [x.length]
   * @return false, and {@code out} is as it was, where all coordinates are 0
   */
  public static boolean scale(double[] x, float[] out, int offset) {
    double norm = 0;
    for (double value : x) {
      norm = Math.fma(value, value, norm);
    }
    if (norm == 0) {
      return false;
    }
    norm = Math.sqrt(norm);
    for (int t = 0; t < x.length; t++) {
      out[offset + t] = (float) (x[t] / norm);
    }
    return true;
  }
}
