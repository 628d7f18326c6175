package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.Sums;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The accumulators of one pass: a thread takes one for a tile and gives it back. There are as many
 * as threads while they are small, fewer, down to one, where they would fill the heap. Thread-safe.
 */
final class SumPool {
  /** Share of the heap that the accumulators of one pass may take. */
  private static final long HEAP_SHARE = 4;

  private final PassPlan plan;
  private final int costExponent;
  private final int limit;
  private final Deque<RowSums> free = new ArrayDeque<>();
  private final List<RowSums> all = new ArrayList<>();

  SumPool(PassPlan plan, int threads) {
    this.plan = plan;
    this.costExponent = plan.scale().costExponent(plan.centroids());
    long limbs = plan.sums() == Sums.NONE ? 0 : plan.scale().wide() ? 2 : 1;
    long bytes = plan.centroids().k() * (32L + limbs * 8 * plan.scale().dimension());
    long room = Runtime.getRuntime().maxMemory() / HEAP_SHARE / bytes;
    this.limit = (int) Math.max(1, Math.min(threads, room));
  }

  synchronized RowSums take() throws InterruptedException {
    while (free.isEmpty() && all.size() == limit) {
      wait();
    }
    if (free.isEmpty()) {
      RowSums sums = new RowSums(plan, costExponent);
      all.add(sums);
      return sums;
    }
    return free.pop();
  }

  synchronized void give(RowSums sums) {
    free.push(sums);
    notify();
  }

  /** All accumulators merged; the pool is done. */
  synchronized PartialSums merge() {
    if (all.isEmpty()) {
      return PartialSums.zeros(plan);
    }
    PartialSums total = all.get(0).sums();
    for (RowSums sums : all.subList(1, all.size())) {
      total.merge(sums.sums());
    }
    return total;
  }
}
