package io.flashlloyd.spark.init;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.LocalRows;
import io.flashlloyd.spark.lloyd.LloydDriver;
import io.flashlloyd.spark.lloyd.LloydState;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.task.EngineSettings;
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
  /** Enough for the few candidates there are; MLlib takes as many. */
  private static final int ITERATIONS = 30;

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
    Centroids start = PlusPlusSeeding.choose(candidates, weights, contents, k, seed);
    try (LocalRows rows = LocalRows.of(rows(candidates, weights), measure)) {
      return new LloydDriver(rows, engine.atDriver(), Progress.silent())
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
}
