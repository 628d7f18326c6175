package io.flashlloyd.spark.data;

import java.io.Serializable;

/**
 * How results that are too large to travel whole are cut: each task's result into the same slices;
 * slices of one number are merged wherever they meet, and come to the driver one at a time.
 *
 * @param <R> serializable
 */
public interface Slicing<R> extends Serializable {
  /** Slices of every result; 1 where it may travel whole. */
  int count();

  R slice(R result, int index);

  /** Both together; {@code a} may be used up. */
  R merge(R a, R b);
}
