package io.flashlloyd.engine;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Arrays;

/**
 * k centroids of one dimension, float32, row-major. Immutable by agreement: nobody writes to the
 * array once it is in here, so engines on any thread may read it.
 */
public final class Centroids implements Serializable {
  private static final long serialVersionUID = 1L;

  private transient float[] values;
  private final int k;
  private final int dimension;

  /**
   * @param values [k x dimension], kept, not copied
   */
  public Centroids(float[] values, int k, int dimension) {
    if (k < 1 || dimension < 1 || (long) k * dimension != values.length) {
      throw new IllegalArgumentException(
          "Centroids have %d values for k=%d, dimension=%d (expected k * dimension, both >= 1)"
              .formatted(values.length, k, dimension));
    }
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "Centroid %d has %s at coordinate %d (expected a finite number)"
                .formatted(i / dimension, values[i], i % dimension));
      }
    }
    this.values = values;
    this.k = k;
    this.dimension = dimension;
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    ArrayBytes.write(values, out);
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    values = ArrayBytes.readFloats(in);
  }

  /** The array itself, [k x dimension]; not to be written. */
  public float[] values() {
    return values;
  }

  public int k() {
    return k;
  }

  public int dimension() {
    return dimension;
  }

  public float get(int cluster, int t) {
    return values[cluster * dimension + t];
  }

  /** Same shape and the same bits. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Centroids that
        && (this == that || k == that.k && Arrays.equals(values, that.values));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Centroids[" + k + " x " + dimension + "]";
  }
}
