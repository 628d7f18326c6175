package io.flashlloyd.spark.data;

import io.flashlloyd.io.VectorInputException;
import java.io.Serializable;
import java.util.Arrays;

/**
 * A contiguous part of each vector.
 *
 * @param from its first coordinate
 * @param to behind its last
 * @param dimension of the whole vectors; 0 where whatever there is is taken whole
 */
public record Slice(int from, int to, int dimension) implements Serializable {
  /** Whole vectors. */
  public static final Slice ALL = new Slice(0, 0, 0);

  /** Slice {@code index} of {@code count} of one length. */
  public static Slice of(int index, int count, int dimension) {
    int width = dimension / count;
    return new Slice(index * width, (index + 1) * width, dimension);
  }

  float[] of(float[] vector, String subject, long row) throws VectorInputException {
    if (dimension == 0) {
      return vector;
    }
    if (vector.length != dimension) {
      throw VectorInputException.ragged(subject, row, vector.length, dimension);
    }
    return Arrays.copyOfRange(vector, from, to);
  }
}
