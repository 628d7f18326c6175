package io.flashlloyd.spark.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.spark.LocalSpark;
import io.flashlloyd.spark.Vectors;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.data.VectorRows;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.report.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sums too large to travel whole: here with slices and pieces of a few clusters. */
class SlicedPassTest {
  private static final EngineSettings ENGINE = new EngineSettings("cpu", 2);

  @TempDir private Path folder;

  @Test
  void shouldMakeTheMeansOfWholeSumsWhereSlicesMeet() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Vectors rows = Vectors.random(500, 1 + random.nextInt(9), seed);
    int k = 23;
    try (VectorData data =
        VectorData.open(
            LocalSpark.context(), rows.file(folder, 40), LocalSpark.ENGINE, 5, Progress.silent())) {
      for (PassPlan plan : plans(rows, k, data)) {
        PassResult whole = new LloydDriver(data, ENGINE, Progress.silent()).pass("whole", plan);
        for (DistanceMeasure measure : DistanceMeasure.values()) {
          ClusterMeans expected =
              ClusterMeans.of(plan.centroids(), 0, whole.sums(), data.scale(), measure);
          for (int count : List.of(2, 5, k)) {
            try (CentroidShares shares = new CentroidShares(data)) {
              SharedPlan shared = shares.of(plan);
              int pieces = 1 + random.nextInt(k);
              SumSlices slices =
                  new SumSlices(shared.centroids(), data.scale(), measure, k, count, pieces);
              SlicedPass taken = sliced(data, shared, slices);
              assertThat(taken.means())
                  .as("seed %d, %d slices in pieces of %d clusters", seed, count, pieces)
                  .usingRecursiveComparison()
                  .isEqualTo(expected);
              assertThat(taken.pass().sums())
                  .as("seed %d, totals", seed)
                  .usingRecursiveComparison()
                  .isEqualTo(whole.sums().totals());
            }
          }
        }
      }
    }
  }

  @Test
  void shouldRunTheSameIterationsInSlices() {
    long seed = System.nanoTime();
    Vectors rows = Vectors.random(400, 3, seed);
    try (VectorData data =
        VectorData.open(
            LocalSpark.context(), rows.file(folder, 40), LocalSpark.ENGINE, 3, Progress.silent())) {
      for (EmptyCluster empty : EmptyCluster.values()) {
        Centroids start = withFarOnes(centroids(rows, 19, 0));
        LloydResult whole = run(data, start, empty, LloydDriver.MOST_WHOLE_SUMS);
        LloydResult sliced = run(data, start, empty, 500);
        assertThat(sliced.centroids()).as("seed %d, %s", seed, empty).isEqualTo(whole.centroids());
        assertThat(sliced.iterations())
            .as("seed %d, %s", seed, empty)
            .usingRecursiveFieldByFieldElementComparatorIgnoringFields(
                "seconds", "stages", "unscreenedRows")
            .isEqualTo(whole.iterations());
        assertThat(whole.iterations().get(0).emptyClusters()).isPositive();
      }
    }
  }

  private static LloydResult run(
      VectorData data, Centroids start, EmptyCluster empty, long sliceBytes) {
    return new LloydDriver(data, ENGINE, Progress.silent(), empty, sliceBytes)
        .run(LloydState.initial(start), 8, 0, LloydState.Listener.NONE);
  }

  /** Some of which no row is near. */
  private static Centroids withFarOnes(Centroids centroids) {
    float[] values = centroids.values().clone();
    for (int i = 0; i < values.length; i += 4 * centroids.dimension()) {
      values[i] = 1e6f + i;
    }
    return new Centroids(values, centroids.k(), centroids.dimension());
  }

  private static SlicedPass sliced(VectorRows data, SharedPlan shared, SumSlices slices) {
    SlicedPass taker = new SlicedPass(slices, data.dimension());
    List<Integer> order = new ArrayList<>();
    data.reduceSliced(
        "slices",
        new PassTask(shared, ENGINE),
        slices,
        (int index, SumSlices.Slice slice) -> {
          order.add(index);
          taker.take(index, slice);
        });
    assertThat(order).as("slices in their order").hasSize(slices.count()).isSorted();
    return taker;
  }

  private static List<PassPlan> plans(Vectors rows, int k, VectorData data) {
    Centroids first = centroids(rows, k, 0);
    Centroids second = centroids(rows, k, 100);
    return List.of(
        PassPlan.lloyd(first, null, data.scale()), PassPlan.lloyd(second, first, data.scale()));
  }

  private static Centroids centroids(Vectors rows, int k, int from) {
    float[] values = new float[k * rows.dimension()];
    for (int i = 0; i < k; i++) {
      System.arraycopy(
          rows.rows().get(from + i), 0, values, i * rows.dimension(), rows.dimension());
    }
    return new Centroids(values, k, rows.dimension());
  }
}
