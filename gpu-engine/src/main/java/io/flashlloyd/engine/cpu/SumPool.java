package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.exact.CostSum;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * The accumulators of one pass: a thread takes one for a tile and gives it back. There are as many
 * as threads while the engine's budget lasts, then fewer, down to one. Thread-safe.
 */
final class SumPool {
  private final PassPlan plan;
  private final Supplier<RowSums> made;
  private final int threads;
  private final SumBudget budget;
  private final long bytes;
  private final Deque<RowSums> free = new ArrayDeque<>();
  private final List<RowSums> all = new ArrayList<>();

  SumPool(PassPlan plan, int threads, SumBudget budget) {
    this(plan, threads, budget, () -> new RowSums(plan));
  }

  SumPool(PassPlan plan, int threads, SumBudget budget, Supplier<RowSums> made) {
    this.plan = plan;
    this.made = made;
    this.threads = threads;
    this.budget = budget;
    this.bytes = bytes(plan);
  }

  /** Of one accumulator. */
  static long bytes(PassPlan plan) {
    long limbs = !plan.sums().ofCoordinates() ? 0 : plan.scale().wide() ? 2 : 1;
    return plan.centroids().k() * (8L * (1 + CostSum.LIMBS) + limbs * 8 * plan.scale().dimension());
  }

  synchronized RowSums take() throws InterruptedException {
    while (free.isEmpty()) {
      if (all.isEmpty()) {
        return add(made.get());
      }
      if (all.size() < threads && budget.take(bytes)) {
        return add(madeWithinBudget());
      }
      wait();
    }
    return free.pop();
  }

  private RowSums add(RowSums sums) {
    all.add(sums);
    return sums;
  }

  private RowSums madeWithinBudget() {
    try {
      return made.get();
    } catch (RuntimeException | Error e) { // a heap that is full, for example
      budget.giveBack(bytes);
      throw e;
    }
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

  /** Gives the budget back; nobody takes any more. */
  synchronized void close() {
    budget.giveBack(bytes * Math.max(0, all.size() - 1));
    all.clear();
  }
}
