package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.LocalRows;
import io.flashlloyd.spark.data.RowContent;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.executor.ExecutorEngine;
import io.flashlloyd.spark.report.Progress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.List;

/**
 * Weighted k-means of the k-means|| candidates, where it is called, on the same engine as
 * everything else: k-means++ for the start, then Lloyd iterations. Candidates and weights are
 * functions of the data only, and so is the result.
 */
final class WeightedKMeans {
  /** Four candidates a cluster settle in about eight. */
  private static final int ITERATIONS = 10;

  private WeightedKMeans() {}

  /**
   * The centroids of k clusters.
   *
   * @param contents the candidates again
   */
  static Centroids cluster(
      Centroids candidates,
      long[] weights,
      List<RowContent> contents,
      DistanceMeasure measure,
      int k,
      long seed,
      EngineSettings engine) {
    EngineSettings here = engine.atDriver();
    try (LocalRows rows = LocalRows.of(rows(candidates, weights), measure)) {
      Centroids start =
          PlusPlusSeeding.choose(
              candidates, weights, contents, k, seed, chosen -> distances(rows, chosen, here));
      return new LloydDriver(rows, here, Progress.silent())
          .run(LloydState.initial(start), ITERATIONS, 0, LloydState.Listener.NONE)
          .centroids();
    }
  }

  private static HostRows rows(Centroids candidates, long[] weights) {
    float[] values = candidates.values();
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return new HostRows(
        buffer,
        candidates.k(),
        candidates.dimension(),
        ElementType.FLOAT32,
        LongBuffer.wrap(weights));
  }

  /** Of the candidates, from the nearest of these. */
  private static double[] distances(LocalRows rows, Centroids chosen, EngineSettings settings) {
    LloydEngine engine = ExecutorEngine.get(settings);
    RowOutputs outputs = RowOutputs.allocate((int) rows.rows());
    return rows.reduce(
        "distances",
        chunks -> {
          try (Pass pass = engine.begin(PassPlan.assign(chosen, rows.scale()))) {
            chunks.forEach(chunk -> pass.feed(chunk.id(), chunk.rows(), outputs));
            pass.finish();
            return outputs.distances().array();
          }
        },
        (a, b) -> a);
  }
}
