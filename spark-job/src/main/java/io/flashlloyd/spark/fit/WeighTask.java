package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.PartialSums;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
    PartialSums sums = PartialSums.zeros(plan.value().toAll());
    try (NearestPass pass = new NearestPass(plan.value(), ExecutorEngine.get(settings))) {
      chunks.forEach(new Visitor(pass, sums));
      pass.finish();
    }
    return sums;
  }

  private final class Visitor implements ChunkVisitor {
    private final NearestPass pass;
    private final PartialSums sums;

    Visitor(NearestPass pass, PartialSums sums) {
      this.pass = pass;
      this.sums = sums;
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
      synchronized (sums) {
        for (int row = 0; row < candidates.length; row++) {
          long weight = weights.applyAsLong(row);
          sums.counts()[candidates[row]] += weight;
          CostSum.addDistance(sums.cost(), candidates[row], distances[row], weight);
        }
        sums.addRows(candidates.length, 0);
      }
    }
  }
}
