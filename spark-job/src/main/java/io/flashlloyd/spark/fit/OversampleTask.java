package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.exact.ContentHash;
import io.flashlloyd.spark.data.ChunkScan;
import io.flashlloyd.spark.data.RowContent;
import io.flashlloyd.spark.data.ScanTask;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.executor.ExecutorEngine;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * One round of k-means||: the distinct contents that fall into the sample, each by its own hash,
 * with probability {@code min(1, oversampling * w * D / cost)}, D its squared distance from the
 * nearest candidate so far, w the row's weight. That is about 2k contents at most, however weights
 * are scaled. Rows of one content draw one lot; the heaviest of them decides.
 */
final class OversampleTask implements ScanTask<Set<RowContent>> {
  private static final long serialVersionUID = 1L;

  private final Shared<CandidatePlan> plan;
  private final EngineSettings settings;
  private final double oversampling;
  private final double cost;
  private final ContentHash hash;

  /**
   * @param plan the candidates so far
   * @param oversampling 2k: how many contents a round should yield
   * @param cost training cost against the candidates so far, above 0
   * @param hash of the round
   */
  OversampleTask(
      Shared<CandidatePlan> plan,
      EngineSettings settings,
      double oversampling,
      double cost,
      ContentHash hash) {
    this.plan = plan;
    this.settings = settings;
    this.oversampling = oversampling;
    this.cost = cost;
    this.hash = hash;
  }

  @Override
  public Set<RowContent> run(ChunkScan chunks) throws IOException {
    Set<RowContent> sampled = new HashSet<>();
    LloydEngine engine = ExecutorEngine.get(settings);
    try (NearestPass pass = new NearestPass(plan.value(), engine)) {
      chunks.forEach(
          chunk ->
              engine
                  .hashes(chunk.id(), chunk.rows(), hash)
                  .thenAcceptBothAsync(
                      pass.of(chunk),
                      (hashes, nearest) -> sample(chunk.rows(), hashes, nearest, sampled)));
      pass.finish();
    }
    return sampled;
  }

  /** Several chunks at a time. */
  private void sample(HostRows rows, long[] hashes, Nearest nearest, Set<RowContent> sampled) {
    float[] row = new float[rows.dimension()];
    for (int i = 0; i < hashes.length; i++) {
      double probability = oversampling * rows.weight(i) * nearest.distances()[i] / cost;
      if (ContentHash.unit(hashes[i]) < probability) {
        rows.copyRow(i, row);
        RowContent content = RowContent.of(row);
        synchronized (sampled) {
          sampled.add(content);
        }
      }
    }
  }
}
