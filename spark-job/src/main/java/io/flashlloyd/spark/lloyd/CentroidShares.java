package io.flashlloyd.spark.lloyd;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.data.VectorRows;
import io.flashlloyd.spark.task.SharedPlan;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The centroids that executors have: those of the last pass, and the ones before. Each travels once
 * and is freed when a pass is planned without it.
 */
final class CentroidShares implements AutoCloseable {
  private final VectorRows data;
  private final Map<Centroids, Shared<Centroids>> shared = new IdentityHashMap<>();

  CentroidShares(VectorRows data) {
    this.data = data;
  }

  /** Shares what the plan needs and executors lack; good until the next plan. */
  SharedPlan of(PassPlan plan) {
    freeAllBut(plan.centroids(), plan.previous());
    Shared<Centroids> previous = plan.previous() == null ? null : share(plan.previous());
    return new SharedPlan(share(plan.centroids()), previous, plan.scale(), plan.sums());
  }

  private Shared<Centroids> share(Centroids centroids) {
    return shared.computeIfAbsent(centroids, data::share);
  }

  private void freeAllBut(Centroids one, Centroids other) {
    Iterator<Map.Entry<Centroids, Shared<Centroids>>> all = shared.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Centroids, Shared<Centroids>> each = all.next();
      if (each.getKey() != one && each.getKey() != other) {
        each.getValue().close();
        all.remove();
      }
    }
  }

  @Override
  public void close() {
    freeAllBut(null, null);
  }
}
