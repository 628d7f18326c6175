package io.flashlloyd.spark.data;

import io.flashlloyd.engine.exact.SumScale;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.spark.api.java.function.Function2;

/**
 * Rows that can be gone through again and again: spread over the executors ({@link VectorData}) or
 * in the memory of this process ({@link LocalRows}). Initialization and Lloyd iterations are the
 * same code, and give the same bits, on both. Used by one thread.
 */
public interface VectorRows {
  long rows();

  int dimension();

  /** Whether rows have weights. */
  boolean weighted();

  /** The fixed-point scale of all the rows. */
  SumScale scale();

  /** How far rows are from centroids. */
  DistanceMeasure measure();

  /** Runs the task over all rows and merges its results, in any order, into one. */
  <R> R reduce(String stage, ScanTask<R> task, Function2<R, R, R> merge);

  /**
   * Runs the task over all rows and gives its results, cut, joined slice by slice and in the order
   * of slices, to the taker.
   */
  <R, P, S> void reduceSliced(
      String stage, ScanTask<R> task, Slicing<R, P, S> slicing, SliceTaker<S> taker);

  /** Takes joined slices in their order. */
  interface SliceTaker<S> {
    void take(int index, S slice);
  }

  /**
   * Runs work that goes through these rows again and again, and starts no job of its own. In one
   * process all of it is one task there, and each pass a call, unless the user has said how many
   * tasks there are to be.
   */
  default <R> R together(String stage, Supplier<R> work) {
    return work.get();
  }

  /** Makes a value ready for tasks of {@link #reduce}; the caller closes it. */
  <T> Shared<T> share(T value);

  /**
   * Every pass must see the rows of pass 0, whose range and number the sums' scale was made for.
   *
   * @throws IllegalStateException where a pass saw another number
   */
  default void checkRows(long seen) {
    if (seen != rows()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "A pass saw %,d rows (expected %,d, as when the data was first read); the input"
                  + " changed meanwhile, or the DataFrame is computed anew with another result:"
                  + " cache it, or write it to files",
              seen,
              rows()));
    }
  }
}
