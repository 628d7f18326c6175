package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Chunks, first centroids and scale of a random data set; {@code name} says how to make it. */
record TestData(String name, List<HostRows> chunks, Centroids centroids, SumScale scale) {
  /** float16's largest value, where a kind of rows goes beyond it. */
  private static final float LARGEST_FLOAT16 = 60000;

  static TestData of(
      RowKind kind,
      ElementType type,
      int rows,
      int dimension,
      int k,
      int chunkCount,
      boolean weighted,
      long seed) {
    Random random = new Random(seed);
    List<HostRows> chunks = new ArrayList<>();
    RowStatistics statistics = new RowStatistics(dimension);
    for (int chunk = 0; chunk < chunkCount; chunk++) {
      int count = rows / chunkCount + (chunk < rows % chunkCount ? 1 : 0);
      ByteBuffer values =
          ByteBuffer.allocateDirect(Math.max(1, count * dimension * type.bytes()))
              .order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count * dimension; i++) {
        float value = kind.value(random, i / dimension, i % dimension, dimension);
        if (type == ElementType.FLOAT16) {
          value = Math.max(-LARGEST_FLOAT16, Math.min(LARGEST_FLOAT16, value));
        }
        SyntheticRows.put(values, i, type, value);
      }
      LongBuffer weights = null;
      if (weighted) {
        weights = LongBuffer.allocate(Math.max(1, count));
        for (int i = 0; i < count; i++) {
          weights.put(
              i, random.nextInt(5) == 0 ? 0 : random.nextLong() >>> 20 + random.nextInt(30));
        }
      }
      HostRows host = new HostRows(values, count, dimension, type, weights);
      statistics.add(host);
      chunks.add(host);
    }
    Centroids centroids = firstCentroids(kind, chunks, k, random);
    String name =
        "%s %s rows=%d dimension=%d k=%d chunks=%d weighted=%s seed=%d"
            .formatted(kind, type, rows, dimension, k, chunkCount, weighted, seed);
    return new TestData(name, chunks, centroids, SumScale.of(statistics));
  }

  /** Random rows; for near ties, pairs of them that differ in one coordinate's last bit. */
  private static Centroids firstCentroids(
      RowKind kind, List<HostRows> chunks, int k, Random random) {
    int dimension = chunks.get(0).dimension();
    float[] values = new float[k * dimension];
    for (int cluster = 0; cluster < k; cluster++) {
      if (kind == RowKind.NEAR_TIES && cluster % 2 == 1) {
        System.arraycopy(values, (cluster - 1) * dimension, values, cluster * dimension, dimension);
        int at = cluster * dimension + random.nextInt(dimension);
        values[at] = random.nextBoolean() ? Math.nextUp(values[at]) : Math.nextDown(values[at]);
        continue;
      }
      HostRows chunk = chunks.get(0);
      int row = random.nextInt(chunk.rows());
      for (int t = 0; t < dimension; t++) {
        values[cluster * dimension + t] = chunk.get(row, t);
      }
    }
    return new Centroids(values, k, dimension);
  }

  /** The means, in float64 from the fixed-point sums; an empty cluster keeps its centroid. */
  static Centroids update(TestData data, Centroids centroids, PartialSums sums) {
    float[] values = centroids.values().clone();
    int dimension = centroids.dimension();
    for (int i = 0; i < values.length; i++) {
      long count = sums.counts()[i / dimension];
      if (count != 0) {
        double sum =
            sums.high() == null
                ? sums.low()[i]
                : sums.high()[i] * 0x1p64 + (sums.low()[i] >>> 1) * 2.0;
        values[i] = (float) (Math.scalb(sum, -data.scale().exponent(i % dimension)) / count);
      }
    }
    return new Centroids(values, centroids.k(), dimension);
  }

  List<RowOutputs> outputs() {
    return chunks.stream().map(chunk -> RowOutputs.allocate(chunk.rows())).toList();
  }

  /** A pass over all chunks, whose ids are their numbers; {@code outputs} may be null. */
  PartialSums feedTo(LloydEngine engine, PassPlan plan, List<RowOutputs> outputs) {
    try (Pass pass = engine.begin(plan)) {
      for (int chunk = 0; chunk < chunks.size(); chunk++) {
        var unused =
            pass.feed(chunk, chunks.get(chunk), outputs == null ? null : outputs.get(chunk));
      }
      return pass.finish();
    }
  }

  /** Has the engine drop what it kept of the chunks. */
  void dropFrom(LloydEngine engine) {
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      engine.forget(chunk);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
