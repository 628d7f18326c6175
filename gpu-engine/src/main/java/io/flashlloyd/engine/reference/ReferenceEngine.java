package io.flashlloyd.engine.reference;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.engine.Sums;
import io.flashlloyd.engine.exact.CanonicalDistance;
import io.flashlloyd.engine.exact.CostSum;
import io.flashlloyd.engine.exact.FixedPoint;
import java.util.concurrent.CompletableFuture;

/**
 * The contract in plain Java: slow, one thread, obviously right. Other engines are compared with it
 * bit for bit.
 */
public final class ReferenceEngine implements LloydEngine {
  @Override
  public String description() {
    return "reference: plain Java, one thread for each pass";
  }

  @Override
  public Pass begin(PassPlan plan) {
    return new ReferencePass(plan);
  }

  @Override
  public void forget(long chunkId) {
    // Nothing is kept: previous assignments are computed again.
  }

  @Override
  public void close() {
    // Nothing is held.
  }

  private static final class ReferencePass implements Pass {
    private final PassPlan plan;
    private final PartialSums sums;

    ReferencePass(PassPlan plan) {
      this.plan = plan;
      this.sums = PartialSums.zeros(plan);
    }

    @Override
    public CompletableFuture<Void> feed(long chunkId, HostRows rows, RowOutputs outputs) {
      plan.check(chunkId, rows, outputs);
      long moved = 0;
      for (int row = 0; row < rows.rows(); row++) {
        int cluster = nearest(rows, row, plan.centroids());
        double distance = CanonicalDistance.squared(rows, row, plan.centroids(), cluster);
        if (outputs != null) {
          outputs.assignments().put(row, cluster);
          if (outputs.distances() != null) {
            outputs.distances().put(row, distance);
          }
        }
        int before = plan.previous() == null ? -1 : nearest(rows, row, plan.previous());
        if (before != cluster) {
          moved++;
        }
        if (plan.sums() != Sums.ASSIGNMENTS) {
          count(rows.weight(row), cluster, distance);
        }
        if (plan.sums() == Sums.ALL) {
          add(rows, row, cluster, rows.weight(row));
        } else if (plan.sums() == Sums.MOVED && before != cluster) {
          add(rows, row, cluster, rows.weight(row));
          add(rows, row, before, -rows.weight(row));
        }
      }
      sums.addRows(rows.rows(), moved);
      return CompletableFuture.completedFuture(null);
    }

    private static int nearest(HostRows rows, int row, Centroids centroids) {
      int best = 0;
      double bestDistance = Double.POSITIVE_INFINITY;
      for (int cluster = 0; cluster < centroids.k(); cluster++) {
        double distance = CanonicalDistance.squared(rows, row, centroids, cluster);
        if (distance < bestDistance) {
          best = cluster;
          bestDistance = distance;
        }
      }
      return best;
    }

    private void count(long weight, int cluster, double distance) {
      sums.counts()[cluster] += weight;
      CostSum.addDistance(sums.cost(), cluster, distance, weight);
    }

    private void add(HostRows rows, int row, int cluster, long weight) {
      for (int t = 0; t < rows.dimension(); t++) {
        int index = cluster * rows.dimension() + t;
        int exponent = plan.scale().exponent(t);
        float x = rows.get(row, t);
        if (plan.scale().odd(t, x)) {
          sums.odd().add(index, x, weight);
        } else if (plan.scale().wide()) {
          FixedPoint.addWide(sums.low(), sums.high(), index, x, weight, exponent);
        } else {
          sums.low()[index] += weight * FixedPoint.quantize(x, exponent);
        }
      }
    }

    @Override
    public PartialSums finish() {
      return sums;
    }

    @Override
    public void close() {
      // Feeding is synchronous.
    }
  }
}
