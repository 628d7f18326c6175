package io.flashlloyd.spark.init;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RunningSums;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.spark.lloyd.CentroidUpdate;
import io.flashlloyd.spark.task.EngineSettings;
import io.flashlloyd.spark.task.ExecutorEngine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Weighted k-means of the k-means|| candidates, in the driver, on the same engine as everything
 * else: k-means++ for the start, then Lloyd iterations. Candidates and weights are functions of the
 * data only, and so is the result.
 */
final class WeightedKMeans implements AutoCloseable {
  /** Enough for the few candidates there are; MLlib takes as many. */
  private static final int ITERATIONS = 30;

  /** Negative numbers name candidates on the engine, which other fits may share. */
  private static final AtomicLong CHUNKS = new AtomicLong();

  private final long chunk = CHUNKS.decrementAndGet();

  private final Centroids candidates;
  private final long[] weights;
  private final LloydEngine engine;
  private final HostRows rows;
  private final SumScale scale;

  WeightedKMeans(Centroids candidates, long[] weights, EngineSettings settings) {
    this.candidates = candidates;
    this.weights = weights;
    this.engine = ExecutorEngine.atDriver(settings);
    this.rows = rows(candidates, weights);
    RowStatistics statistics = new RowStatistics(candidates.dimension());
    statistics.add(rows);
    this.scale = SumScale.of(statistics);
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

  /** The centroids of k clusters; {@code contents} are the candidates again. */
  Centroids cluster(int k, List<RowContent> contents, long seed) {
    RunningSums running = new RunningSums();
    Centroids previous = null;
    Centroids current = PlusPlusSeeding.choose(candidates, weights, contents, k, seed);
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      PartialSums sums = running.take(pass(running.plan(current, previous, scale)));
      if (sums.movedRows() == 0) {
        break;
      }
      previous = current;
      current = CentroidUpdate.of(current, sums, scale).centroids();
    }
    return current;
  }

  private PartialSums pass(PassPlan plan) {
    try (Pass pass = engine.begin(plan)) {
      pass.feed(chunk, rows, null).join();
      return pass.finish();
    }
  }

  @Override
  public void close() {
    engine.forget(chunk);
  }
}
