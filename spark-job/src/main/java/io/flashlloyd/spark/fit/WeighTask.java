package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.exact.CostSum;
import io.flashlloyd.spark.data.ChunkScan;
import io.flashlloyd.spark.data.ScanTask;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.executor.ExecutorEngine;
import io.flashlloyd.spark.store.ChunkVisitor;
import io.flashlloyd.spark.store.StoredChunk;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntToLongFunction;

/** Counts rows and costs by the nearest of the candidates of k-means||. */
final class WeighTask implements ScanTask<PartialSums> {
  private static final long serialVersionUID = 1L;

  private final Shared<CandidatePlan> plan;
  private final EngineSettings settings;
  private final boolean weighted;

  /**
   * @param weighted whether rows have weights
   */
  WeighTask(Shared<CandidatePlan> plan, EngineSettings settings, boolean weighted) {
    this.plan = plan;
    this.settings = settings;
    this.weighted = weighted;
  }

  @Override
  public PartialSums run(ChunkScan chunks) throws IOException {
    try (NearestPass pass = new NearestPass(plan.value(), ExecutorEngine.get(settings))) {
      Visitor visitor = new Visitor(pass, plan.value().toAll());
      chunks.forEach(visitor);
      pass.finish();
      return visitor.sums();
    }
  }

  private final class Visitor implements ChunkVisitor {
    private final NearestPass pass;
    private final PassPlan toAll;

    /** As many as there were threads at a time; whoever adds takes one. */
    private final Queue<PartialSums> sums = new ConcurrentLinkedQueue<>();

    Visitor(NearestPass pass, PassPlan toAll) {
      this.pass = pass;
      this.toAll = toAll;
    }

    PartialSums sums() {
      return sums.stream().reduce(PartialSums::merge).orElseGet(() -> PartialSums.zeros(toAll));
    }

    @Override
    public CompletableFuture<Void> visit(StoredChunk chunk) {
      return pass.of(chunk).thenAcceptAsync(nearest -> add(nearest, chunk.rows()::weight));
    }

    @Override
    public Optional<CompletableFuture<Void>> visitResident(long chunkId, int rows) {
      return weighted // weights are where the rows are
          ? Optional.empty()
          : pass.ofResident(chunkId, rows)
              .map(found -> found.thenAcceptAsync(nearest -> add(nearest, row -> 1)));
    }

    @Override
    public Set<Long> residentAmong(Collection<Long> chunkIds) {
      return weighted ? Set.of() : pass.residentAmong(chunkIds);
    }

    private void add(Nearest nearest, IntToLongFunction weights) {
      int[] candidates = nearest.candidates();
      double[] distances = nearest.distances();
      PartialSums taken = sums.poll();
      PartialSums own = taken == null ? PartialSums.zeros(toAll) : taken;
      for (int row = 0; row < candidates.length; row++) {
        long weight = weights.applyAsLong(row);
        own.counts()[candidates[row]] += weight;
        CostSum.addDistance(own.cost(), candidates[row], distances[row], weight);
      }
      own.addRows(candidates.length, 0);
      sums.add(own);
    }
  }
}
