package io.flashlloyd.spark.lloyd;

import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.spark.data.VectorRows;
import io.flashlloyd.spark.task.PassResult;
import io.flashlloyd.spark.task.SumSlices;

/** Puts the slices of a pass together as they come: the one K x d array of sums at the driver. */
final class SlicedPass implements VectorRows.SliceTaker<PassResult> {
  private final PartialSums sums;
  private final SumSlices slices;
  private double seconds;
  private String engine;
  private long unscreenedRows;
  private StageSeconds stages = StageSeconds.NONE;

  SlicedPass(PartialSums zeros, SumSlices slices) {
    this.sums = zeros;
    this.slices = slices;
  }

  @Override
  public void take(int index, PassResult slice) {
    sums.place(slices.first(index), slice.sums());
    seconds = Math.max(seconds, slice.seconds());
    engine = slice.engine();
    stages = stages.plus(slice.stages());
    unscreenedRows += slice.unscreenedRows();
  }

  PassResult result() {
    return new PassResult(sums, seconds, engine, stages, unscreenedRows);
  }
}
