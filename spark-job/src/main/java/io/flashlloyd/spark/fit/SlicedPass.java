package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.spark.data.VectorRows;

/** Puts the slices of a pass together as they come. */
final class SlicedPass implements VectorRows.SliceTaker<SumSlices.Slice> {
  private final SumSlices slices;
  private final int dimension;
  private final float[] values;
  private final double[] moves;
  private final PartialSums totals;
  private double largestStep;
  private PassResult facts;

  SlicedPass(SumSlices slices, int dimension) {
    this.slices = slices;
    this.dimension = dimension;
    this.values = new float[slices.k() * dimension];
    this.moves = new double[slices.k()];
    this.totals = PartialSums.noTotals(slices.k(), dimension);
  }

  @Override
  public void take(int index, SumSlices.Slice slice) {
    int first = slices.first(index);
    ClusterMeans means = slice.means();
    float[] part = means.centroids().values();
    System.arraycopy(part, 0, values, first * dimension, part.length);
    System.arraycopy(means.moves(), 0, moves, first, means.moves().length);
    largestStep = Math.max(largestStep, means.largestStep());
    totals.add(first, slice.pass().sums());
    facts = facts == null ? slice.pass() : facts.and(slice.pass());
  }

  /** What the pass found, with totals instead of sums. */
  PassResult pass() {
    return facts.with(totals);
  }

  ClusterMeans means() {
    return new ClusterMeans(new Centroids(values, slices.k(), dimension), moves, largestStep);
  }
}
