package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.data.Slicing;
import java.io.Serializable;
import java.util.Iterator;
import java.util.stream.IntStream;

/**
 * A pass's sums by ranges of clusters: of K = 262,144 x d = 1024 they are 2.1 GB. Where the sums of
 * a range meet they become its means, which take half of that and are all that the driver needs.
 *
 * @param centroids that rows are assigned to
 * @param scale of the sums
 * @param k clusters
 * @param count ranges of nearly the same number of clusters
 * @param pieceClusters as many travel together
 */
record SumSlices(
    Shared<Centroids> centroids,
    SumScale scale,
    DistanceMeasure measure,
    int k,
    int count,
    int pieceClusters)
    implements Slicing<PassResult, SumSlices.Piece, SumSlices.Slice> {
  /** About what the sums of one piece take: they stay in a core's cache. */
  private static final long PIECE_BYTES = 1L << 20;

  /** A few clusters of what a task found, the first of which has this number. */
  record Piece(int first, PassResult pass) implements Serializable {}

  /** A range's means, and what else was found of it: totals instead of sums. */
  record Slice(ClusterMeans means, PassResult pass) implements Serializable {}

  /** Of a pass with this plan, whose centroids are shared. */
  static SumSlices of(
      PassPlan plan, Shared<Centroids> centroids, DistanceMeasure measure, long sliceBytes) {
    int k = plan.centroids().k();
    int count = (int) Math.min(k, ceilDiv(bytes(plan), sliceBytes));
    int pieceClusters = (int) Math.max(1, PIECE_BYTES / (bytes(plan) / k));
    return new SumSlices(centroids, plan.scale(), measure, k, count, pieceClusters);
  }

  /** What all sums of a pass with this plan take, where it has any. */
  static long bytes(PassPlan plan) {
    long limbs = plan.scale().wide() ? 2 : 1;
    return plan.centroids().k() * (32 + limbs * 8 * plan.scale().dimension());
  }

  private static long ceilDiv(long a, long b) {
    return (a + b - 1) / b;
  }

  /** The first cluster of a slice; of slice {@code count}, k. */
  int first(int index) {
    return (int) ((long) k * index / count);
  }

  @Override
  public Iterator<Piece> cut(PassResult result, int index) {
    int end = first(index + 1);
    return IntStream.iterate(first(index), from -> from < end, from -> from + pieceClusters)
        .mapToObj(from -> new Piece(from, result.slice(from, Math.min(from + pieceClusters, end))))
        .iterator();
  }

  @Override
  public Slice join(int index, Iterator<Piece> pieces) {
    int first = first(index);
    Piece piece = pieces.next();
    PassResult facts = piece.pass();
    PartialSums sums = facts.sums().zeros(first(index + 1) - first);
    sums.add(piece.first() - first, facts.sums());
    while (pieces.hasNext()) {
      piece = pieces.next();
      sums.add(piece.first() - first, piece.pass().sums());
      facts = facts.and(piece.pass());
    }
    ClusterMeans means = ClusterMeans.of(centroids.value(), first, sums, scale, measure);
    return new Slice(means, facts.with(sums.totals()));
  }
}
