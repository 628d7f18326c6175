package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
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

  private final Shared<PassPlan> plan;
  private final EngineSettings settings;
  private final double oversampling;
  private final double cost;
  private final long seed;
  private final int round;

  /**
   * @param plan assigns to the candidates so far
   * @param oversampling 2k: how many contents a round should yield
   * @param cost training cost against the candidates so far, above 0
   */
  OversampleTask(
      Shared<PassPlan> plan,
      EngineSettings settings,
      double oversampling,
      double cost,
      long seed,
      int round) {
    this.plan = plan;
    this.settings = settings;
    this.oversampling = oversampling;
    this.cost = cost;
    this.seed = seed;
    this.round = round;
  }

  @Override
  public Set<RowContent> run(ChunkScan chunks) throws IOException {
    Set<RowContent> sampled = new HashSet<>();
    LloydEngine engine = ExecutorEngine.get(settings);
    try (Pass pass = engine.begin(plan.value())) {
      chunks.forEach(
          chunk -> {
            RowOutputs outputs = RowOutputs.allocate(chunk.rows().rows());
            return pass.feed(chunk.id(), chunk.rows(), outputs)
                .thenRun(() -> sample(chunk.rows(), outputs, sampled));
          });
      pass.finish();
    }
    return sampled;
  }

  /** Runs on the engine's threads, several chunks at a time. */
  private void sample(HostRows rows, RowOutputs outputs, Set<RowContent> sampled) {
    float[] row = new float[rows.dimension()];
    for (int i = 0; i < rows.rows(); i++) {
      double probability = oversampling * rows.weight(i) * outputs.distances().get(i) / cost;
      rows.copyRow(i, row);
      if (RowContent.unit(RowContent.hash(row, seed, round)) < probability) {
        RowContent content = RowContent.of(row);
        synchronized (sampled) {
          sampled.add(content);
        }
      }
    }
  }
}
