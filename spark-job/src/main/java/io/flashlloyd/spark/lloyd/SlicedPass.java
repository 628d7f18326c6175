package io.flashlloyd.spark.lloyd;

import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.task.PassResult;
import io.flashlloyd.spark.task.SumSlices;

/** Puts the slices of a pass together as they come: the one K x d array of sums at the driver. */
final class SlicedPass implements VectorData.SliceTaker<PassResult> {
  private final PartialSums sums;
  private final SumSlices slices;
  private double seconds;
  private String engine;

  SlicedPass(PartialSums zeros, SumSlices slices) {
    this.sums = zeros;
    this.slices = slices;
  }

  @Override
  public void take(int index, PassResult slice) {
    sums.place(slices.first(index), slice.sums());
    seconds = Math.max(seconds, slice.seconds());
    engine = slice.engine();
  }

  PassResult result() {
    return new PassResult(sums, seconds, engine);
  }
}
