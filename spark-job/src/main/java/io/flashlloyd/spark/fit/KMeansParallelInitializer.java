package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.exact.ContentHash;
import io.flashlloyd.spark.data.RowContent;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.data.VectorRows;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.report.Progress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * k-means|| (Bahmani et al., "Scalable K-Means++", VLDB 2012, algorithm 2), with each row's lot
 * drawn by the hash of its content: a few rounds sample about 2k candidates each; the candidates,
 * weighted by the rows nearest to them, are then clustered down to k.
 */
public record KMeansParallelInitializer(
    int k, int steps, long seed, EngineSettings engine, Progress progress) implements Initializer {
  @Override
  public Initialization centroids(VectorRows data) {
    SortedSet<RowContent> candidates =
        new TreeSet<>(RandomInitializer.smallest(data, 1, seed, engine));
    CandidatePlan plan = CandidatePlan.first(candidates, data.scale());
    for (int round = 1; round <= steps; round++) {
      SortedSet<RowContent> more = new TreeSet<>(candidates);
      try (Shared<CandidatePlan> shared = data.share(plan)) {
        double cost = weighed(data, "init: cost of round " + round, shared).trainingCost(0);
        if (cost == 0) {
          break;
        }
        more.addAll(oversample(data, shared, cost, round));
      }
      if (more.size() > candidates.size()) {
        plan = plan.grown(candidates, more);
        candidates = more;
      }
    }
    if (candidates.size() <= k) {
      return toppedUp(data, candidates);
    }
    return new Initialization(clusteredDown(data, plan, candidates), false);
  }

  private PartialSums weighed(VectorRows data, String stage, Shared<CandidatePlan> plan) {
    WeighTask task = new WeighTask(plan, engine, data.weighted());
    PartialSums sums = data.reduce(stage, task, PartialSums::merge);
    data.checkRows(sums.rows());
    return sums;
  }

  private Set<RowContent> oversample(
      VectorRows data, Shared<CandidatePlan> plan, double cost, int round) {
    long most = Math.min(2L * k, data.rows());
    int slices = ContentSlices.count(most, data.dimension(), ContentSlices.SLICE_BYTES);
    return sampled(
        data,
        "init: round " + round,
        new OversampleTask(plan, engine, 2.0 * k, cost, ContentHash.of(seed, round)),
        new ContentSlices(slices));
  }

  static Set<RowContent> sampled(
      VectorRows data, String stage, OversampleTask task, ContentSlices slices) {
    if (slices.count() == 1) {
      return data.reduce(stage, task, ContentSlices::union);
    }
    Set<RowContent> all = new HashSet<>();
    data.reduceSliced(stage, task, slices, (int index, Set<RowContent> part) -> all.addAll(part));
    return all;
  }

  /** Too few candidates: the random rule gives the rest. */
  private Initialization toppedUp(VectorRows data, Set<RowContent> candidates) {
    List<RowContent> chosen = new ArrayList<>(candidates);
    if (chosen.size() < k) {
      // Of any k contents at most candidates.size() are taken already, so k + that many are enough.
      RandomInitializer.smallest(data, saturated(k, candidates.size()), seed, engine).stream()
          .filter(content -> !candidates.contains(content))
          .limit(k - candidates.size())
          .forEach(chosen::add);
    }
    return chosen.size() < k
        ? Candidates.exhausted(chosen)
        : new Initialization(Candidates.inOrder(chosen), false);
  }

  /** A k that nobody means, such as 2^31 - 1, is of all distinct rows. */
  private static int saturated(int k, int more) {
    return (int) Math.min((long) k + more, Integer.MAX_VALUE);
  }

  private Centroids clusteredDown(VectorRows data, CandidatePlan plan, Set<RowContent> candidates) {
    try (Shared<CandidatePlan> shared = data.share(plan)) {
      long[] weights = weighed(data, "init: weights", shared).counts();
      return WeightedKMeans.cluster(
          plan.all(), weights, List.copyOf(candidates), data.measure(), k, seed, engine);
    }
  }
}
