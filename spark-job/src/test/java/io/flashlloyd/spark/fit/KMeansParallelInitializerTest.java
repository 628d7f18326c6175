package io.flashlloyd.spark.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.exact.CanonicalDistance;
import io.flashlloyd.engine.exact.ContentHash;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.spark.LocalSpark;
import io.flashlloyd.spark.Vectors;
import io.flashlloyd.spark.data.ChunkScan;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.LocalRows;
import io.flashlloyd.spark.data.RowContent;
import io.flashlloyd.spark.data.ScanTask;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.data.Slicing;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.data.VectorRows;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.executor.ExecutorEngine;
import io.flashlloyd.spark.report.Progress;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.spark.api.java.function.Function2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against k-means|| written down plainly: every row meets every candidate in every round. */
class KMeansParallelInitializerTest {
  private static final EngineSettings CPU = new EngineSettings("cpu", 2);
  private static final EngineSettings REFERENCE = new EngineSettings("reference", 1);
  private static final int STEPS = 3;

  @TempDir private Path folder;

  @Test
  void shouldChooseAsThePlainAlgorithm() {
    for (long seed = 1; seed <= 6; seed++) {
      Vectors vectors = Vectors.random(400, 3 + (int) seed, seed);
      int k = 5 + 3 * (int) seed;
      long[] weights = LongStream.generate(() -> 1).limit(400).toArray();
      for (int partitions : List.of(1, 4)) {
        try (VectorData data =
            VectorData.open(
                LocalSpark.context(),
                vectors.file(folder, 90),
                LocalSpark.ENGINE,
                partitions,
                Progress.silent())) {
          Centroids expected = plain(vectors, weights, data, k, seed);
          for (EngineSettings engine : List.of(CPU, REFERENCE)) {
            assertThat(chosen(data, k, seed, engine))
                .as("seed %d, %d partitions, %s", seed, partitions, engine)
                .isEqualTo(expected);
            assertThat(chosen(new Forgetful(data, seed), k, seed, engine))
                .as("seed %d, %d partitions, %s, forgetful", seed, partitions, engine)
                .isEqualTo(expected);
          }
        }
      }
    }
  }

  @Test
  void shouldChooseAsThePlainAlgorithmByWeights() {
    for (long seed = 1; seed <= 6; seed++) {
      Vectors vectors = Vectors.random(300, 4, seed);
      Random random = new Random(seed);
      long[] weights = LongStream.generate(() -> random.nextInt(5)).limit(300).toArray();
      try (LocalRows data = LocalRows.of(rows(vectors, weights), DistanceMeasure.EUCLIDEAN)) {
        Centroids expected = plain(vectors, weights, data, 12, seed);
        assertThat(chosen(data, 12, seed, CPU)).as("seed %d", seed).isEqualTo(expected);
        assertThat(chosen(new Forgetful(data, seed), 12, seed, CPU))
            .as("seed %d, forgetful", seed)
            .isEqualTo(expected);
      }
    }
  }

  private static Centroids chosen(VectorRows data, int k, long seed, EngineSettings engine) {
    return new KMeansParallelInitializer(k, STEPS, seed, engine, Progress.silent())
        .centroids(data)
        .centroids();
  }

  private static HostRows rows(Vectors vectors, long[] weights) {
    int count = vectors.rows().size();
    ByteBuffer values =
        ByteBuffer.allocateDirect(4 * count * vectors.dimension()).order(ByteOrder.LITTLE_ENDIAN);
    vectors.rows().forEach(row -> putAll(values, row));
    return new HostRows(
        values, count, vectors.dimension(), ElementType.FLOAT32, LongBuffer.wrap(weights));
  }

  private static void putAll(ByteBuffer values, float[] row) {
    for (float value : row) {
      values.putFloat(value);
    }
  }

  private static Centroids plain(
      Vectors vectors, long[] weights, VectorRows data, int k, long seed) {
    TreeSet<RowContent> candidates = new TreeSet<>(RandomInitializer.smallest(data, 1, seed, CPU));
    for (int round = 1; round <= STEPS; round++) {
      double cost = cost(vectors, weights, Candidates.inOrder(candidates));
      TreeSet<RowContent> more = new TreeSet<>(candidates);
      for (int row = 0; row < weights.length; row++) {
        float[] x = vectors.rows().get(row);
        double distance = distance(x, Candidates.inOrder(candidates));
        if (ContentHash.unit(ContentHash.of(seed, round).ofRow(x))
            < 2.0 * k * weights[row] * distance / cost) {
          more.add(RowContent.of(x));
        }
      }
      candidates = more;
    }
    assertThat(candidates).as("seed %d", seed).hasSizeGreaterThan(k);
    Centroids all = Candidates.inOrder(candidates);
    long[] counts = new long[all.k()];
    for (int row = 0; row < weights.length; row++) {
      counts[nearest(vectors.rows().get(row), all)] += weights[row];
    }
    List<RowContent> contents = new ArrayList<>(candidates);
    return WeightedKMeans.cluster(
        all, counts, contents, DistanceMeasure.EUCLIDEAN, k, seed, REFERENCE);
  }

  private static double cost(Vectors vectors, long[] weights, Centroids candidates) {
    BigDecimal cost = BigDecimal.ZERO;
    for (int row = 0; row < weights.length; row++) {
      double distance = distance(vectors.rows().get(row), candidates);
      cost = cost.add(new BigDecimal(distance).multiply(BigDecimal.valueOf(weights[row])));
    }
    return cost.doubleValue();
  }

  private static double distance(float[] row, Centroids candidates) {
    return distance(row, candidates, nearest(row, candidates));
  }

  private static int nearest(float[] row, Centroids candidates) {
    int best = 0;
    for (int c = 1; c < candidates.k(); c++) {
      if (distance(row, candidates, c) < distance(row, candidates, best)) {
        best = c;
      }
    }
    return best;
  }

  private static double distance(float[] row, Centroids candidates, int candidate) {
    return CanonicalDistance.squared(
        row, 0, candidates.values(), candidate * row.length, row.length);
  }

  /** The same rows in a process that forgets, now and then, what it knows of a chunk. */
  private record Forgetful(VectorRows inner, Random random) implements VectorRows {
    Forgetful(VectorRows inner, long seed) {
      this(inner, new Random(seed));
    }

    @Override
    public <R> R reduce(String stage, ScanTask<R> task, Function2<R, R, R> merge) {
      long seed = random.nextLong();
      return inner.reduce(stage, chunks -> task.run(forgetting(chunks, seed)), merge);
    }

    private static ChunkScan forgetting(ChunkScan chunks, long seed) {
      Random random = new Random(seed);
      return visitor ->
          chunks.forEach(
              chunk -> {
                if (random.nextBoolean()) {
                  ExecutorEngine.forget(chunk.id());
                }
                return visitor.visit(chunk);
              });
    }

    @Override
    public <R, P, S> void reduceSliced(
        String stage, ScanTask<R> task, Slicing<R, P, S> slicing, SliceTaker<S> taker) {
      inner.reduceSliced(stage, task, slicing, taker);
    }

    @Override
    public <T> Shared<T> share(T value) {
      return inner.share(value);
    }

    @Override
    public long rows() {
      return inner.rows();
    }

    @Override
    public int dimension() {
      return inner.dimension();
    }

    @Override
    public boolean weighted() {
      return inner.weighted();
    }

    @Override
    public SumScale scale() {
      return inner.scale();
    }

    @Override
    public DistanceMeasure measure() {
      return inner.measure();
    }
  }
}
