package io.flashlloyd.spark.task;

import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.engine.Sums;
import io.flashlloyd.spark.data.Slicing;

/**
 * A pass's sums by ranges of clusters: K = 262,144 x d = 1024 in int64 is 2.1 GB, which neither an
 * array of bytes nor a sensible message holds.
 *
 * @param k clusters
 * @param count ranges of nearly the same number of clusters
 */
public record SumSlices(int k, int count) implements Slicing<PassResult> {
  /** About what one slice takes. */
  static final long SLICE_BYTES = 64L << 20;

  /** Of what a pass with this plan finds. */
  public static SumSlices of(PassPlan plan) {
    return of(plan, SLICE_BYTES);
  }

  static SumSlices of(PassPlan plan, long sliceBytes) {
    int k = plan.centroids().k();
    long limbs = plan.sums() == Sums.NONE ? 0 : plan.scale().wide() ? 2 : 1;
    long bytes = k * (32L + limbs * 8 * plan.scale().dimension());
    return new SumSlices(k, (int) Math.min(k, (bytes + sliceBytes - 1) / sliceBytes));
  }

  /** The first cluster of a slice; of slice {@code count}, k. */
  public int first(int index) {
    return (int) ((long) k * index / count);
  }

  @Override
  public PassResult slice(PassResult result, int index) {
    // What is of the whole pass travels with one slice only, so that it is counted once.
    StageSeconds stages = index == 0 ? result.stages() : StageSeconds.NONE;
    return new PassResult(
        result.sums().slice(first(index), first(index + 1)),
        result.seconds(),
        result.engine(),
        stages,
        index == 0 ? result.unscreenedRows() : 0);
  }

  @Override
  public PassResult merge(PassResult a, PassResult b) {
    return PassResult.merge(a, b);
  }
}
