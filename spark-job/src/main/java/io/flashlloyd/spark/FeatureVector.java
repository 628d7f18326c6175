package io.flashlloyd.spark;

import org.apache.spark.ml.linalg.Vector;

/** A features value, as a user-defined function gets it, in float32. */
final class FeatureVector {
  private FeatureVector() {}

  /**
   * The coordinates of an MLlib vector or of a Scala sequence of numbers.
   *
   * @throws IllegalArgumentException for null, NaN or infinity
   */
  static float[] of(Object value) {
    float[] x;
    if (value instanceof Vector vector) {
      x = new float[vector.size()];
      for (int t = 0; t < x.length; t++) {
        set(x, t, vector.apply(t));
      }
      return x;
    }
    if (value instanceof scala.collection.Seq<?> numbers) {
      x = new float[numbers.length()];
      for (int t = 0; t < x.length; t++) {
        if (!(numbers.apply(t) instanceof Number number)) {
          throw new IllegalArgumentException("Vector has null at coordinate " + t);
        }
        set(x, t, number.doubleValue());
      }
      return x;
    }
    throw new IllegalArgumentException(
        "Vector is %s (expected a vector or an array of numbers)"
            .formatted(value == null ? "null" : value.getClass().getName()));
  }

  private static void set(float[] x, int t, double number) {
    if (!Float.isFinite((float) number)) {
      throw new IllegalArgumentException(
          "Vector has %s at coordinate %d (expected a number that float32 holds)"
              .formatted(number, t));
    }
    x[t] = (float) number;
  }
}
