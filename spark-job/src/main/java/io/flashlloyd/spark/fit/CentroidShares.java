package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.data.VectorRows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The centroids that executors have: those of the last pass, and the ones before. Each travels once
 * and is freed when a pass is planned without it.
 */
final class CentroidShares implements AutoCloseable {
  private record Kept(Centroids centroids, Shared<Centroids> shared) {}

  private final VectorRows data;
  private final List<Kept> kept = new ArrayList<>();

  CentroidShares(VectorRows data) {
    this.data = data;
  }

  /** Shares what the plan needs and executors lack; good until the next plan. */
  SharedPlan of(PassPlan plan) {
    free(each -> !each.equals(plan.centroids()) && !each.equals(plan.previous()));
    Shared<Centroids> previous = plan.previous() == null ? null : share(plan.previous());
    return new SharedPlan(share(plan.centroids()), previous, plan.scale(), plan.sums());
  }

  private Shared<Centroids> share(Centroids centroids) {
    for (Kept each : kept) {
      if (each.centroids().equals(centroids)) {
        return each.shared();
      }
    }
    Shared<Centroids> shared = data.share(centroids);
    kept.add(new Kept(centroids, shared));
    return shared;
  }

  private void free(Predicate<Centroids> useless) {
    for (Kept each : List.copyOf(kept)) {
      if (useless.test(each.centroids())) {
        kept.remove(each);
        each.shared().close();
      }
    }
  }

  @Override
  public void close() {
    free(each -> true);
  }
}
