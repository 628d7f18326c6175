package io.flashlloyd.spark.data;

import java.io.Serializable;
import java.util.Iterator;

/**
 * How results that are too large to travel whole are cut: each task's result into the same slices,
 * each slice into pieces. The pieces of one slice, of all tasks, meet in one place, which makes of
 * them what comes to the driver.
 *
 * @param <R> what a task finds
 * @param <P> a piece of it, serializable
 * @param <S> what becomes of a slice, serializable
 */
public interface Slicing<R, P, S> extends Serializable {
  /** Slices of every result; 1 where it may travel whole. */
  int count();

  /** The pieces of one slice, made as they are taken: one at least. */
  Iterator<P> cut(R result, int index);

  /** All pieces of one slice, in any order, put together. */
  S join(int index, Iterator<P> pieces);

  /** Gives the slices of the only result there is, in their order, to the taker. */
  default void give(R whole, VectorRows.SliceTaker<S> taker) {
    for (int index = 0; index < count(); index++) {
      taker.take(index, join(index, cut(whole, index)));
    }
  }
}
