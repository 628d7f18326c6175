package io.flashlloyd.io.output;

import java.io.Serializable;

/**
 * Centroids in memory.
 *
 * @param values [k x dimension], row-major; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // a large value, passed on, never compared
public record CentroidMatrix(float[] values, int k, int dimension) implements Serializable {
  private static final long serialVersionUID = 1L;

  public CentroidMatrix {
    if (k < 1 || dimension < 1 || values.length != (long) k * dimension) {
      throw new IllegalArgumentException(
          "Centroids of shape %d x %d in %d values (expected k * dimension, both at least 1)"
              .formatted(k, dimension, values.length));
    }
  }
}
