package io.flashlloyd.spark.plan;

import io.flashlloyd.engine.ElementType;

/** What is to be clustered: {@code rows} x {@code dimension} of a type, into {@code k} clusters. */
public record Shape(long rows, int dimension, ElementType type, int k) {
  /** Bytes of the rows as they are stored, in a file or in host memory. */
  public double dataBytes() {
    return (double) rows * rowBytes();
  }

  /** Bytes of one row. */
  public int rowBytes() {
    return dimension * type.bytes();
  }

  /** Multiplications and additions of an iteration's distances. */
  public double flops() {
    return 2.0 * rows * k * dimension;
  }

  /** Bytes of the centroids, float32. */
  double centroidBytes() {
    return 4.0 * k * dimension;
  }

  /** Bytes of the sums, counts and costs that an executor sends back. */
  double sumBytes() {
    return k * (8.0 * dimension + 32);
  }

  /** The same on fewer or more rows. */
  Shape withRows(long count) {
    return new Shape(count, dimension, type, k);
  }
}
