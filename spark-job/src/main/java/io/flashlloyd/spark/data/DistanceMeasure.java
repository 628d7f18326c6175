package io.flashlloyd.spark.data;

import io.flashlloyd.engine.exact.UnitVector;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What "near" means, by MLlib's names. Engines know the squared Euclidean distance D only; for
 * cosine all vectors have length 1, where {@code 1 - cos} is D / 2.
 */
public enum DistanceMeasure {
  /** The cost of a row is D. */
  EUCLIDEAN(0) {
    @Override
    public boolean prepare(float[] row) {
      return true;
    }

    @Override
    public double distance(double squared) {
      return Math.sqrt(squared);
    }
  },

  /** Rows are scaled to length 1 when they are read; the cost of a row is D / 2. */
  COSINE(1) {
    @Override
    public boolean prepare(float[] row) {
      return UnitVector.scale(row);
    }

    @Override
    public double distance(double squared) {
      return squared / 2;
    }
  };

  /** Why {@link #prepare} refuses a row; the words that MLlib uses. */
  public static final String ZERO_VECTOR =
      "the vector is all zeros (Cosine distance is not defined for zero-length vectors); drop the"
          + " row";

  private final int costShift;

  DistanceMeasure(int costShift) {
    this.costShift = costShift;
  }

  /** Brings a row, in place, into the form that rows are kept in; false where it has none. */
  public abstract boolean prepare(float[] row);

  /** The distance as users see it, from a squared Euclidean one. */
  public abstract double distance(double squared);

  /** The cost of a row is D times 2 to minus this. */
  public int costShift() {
    return costShift;
  }

  /** The name that params, options and reports use. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All names. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(DistanceMeasure::label).toList();
  }

  /** The measure of this name. */
  public static DistanceMeasure of(String label) {
    return Arrays.stream(values())
        .filter(measure -> measure.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Distance measure %s is unknown (expected one of %s)"
                        .formatted(label, labels())));
  }
}
