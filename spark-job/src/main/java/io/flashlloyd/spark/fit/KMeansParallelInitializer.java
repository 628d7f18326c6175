package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.spark.data.RowContent;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.data.VectorRows;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.report.Progress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    LloydDriver passes = new LloydDriver(data, engine, progress);
    Set<RowContent> candidates = new TreeSet<>(RandomInitializer.smallest(data, 1, seed));
    for (int round = 1; round <= steps; round++) {
      PassPlan plan = PassPlan.assign(Candidates.inOrder(candidates), data.scale());
      PassResult pass = passes.pass("init: cost of round " + round, plan);
      double cost = pass.sums().trainingCost(0);
      if (cost == 0) {
        break;
      }
      candidates.addAll(oversample(data, plan, cost, round));
    }
    if (candidates.size() <= k) {
      return toppedUp(data, candidates);
    }
    return new Initialization(clusteredDown(data, passes, candidates), false);
  }

  private Set<RowContent> oversample(VectorRows data, PassPlan plan, double cost, int round) {
    long most = Math.min(2L * k, data.rows());
    int slices = ContentSlices.count(most, data.dimension(), ContentSlices.SLICE_BYTES);
    try (Shared<PassPlan> shared = data.share(plan)) {
      return sampled(
          data,
          "init: round " + round,
          new OversampleTask(shared, engine, 2.0 * k, cost, seed, round),
          new ContentSlices(slices));
    }
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
      RandomInitializer.smallest(data, saturated(k, candidates.size()), seed).stream()
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

  private Centroids clusteredDown(VectorRows data, LloydDriver passes, Set<RowContent> candidates) {
    PassPlan plan = PassPlan.assign(Candidates.inOrder(candidates), data.scale());
    long[] weights = passes.pass("init: weights", plan).sums().counts();
    return WeightedKMeans.cluster(
        plan.centroids(), weights, List.copyOf(candidates), data.measure(), k, seed, engine);
  }
}
