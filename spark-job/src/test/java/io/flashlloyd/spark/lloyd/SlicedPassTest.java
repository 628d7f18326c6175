package io.flashlloyd.spark.lloyd;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.spark.LocalSpark;
import io.flashlloyd.spark.Vectors;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.task.EngineSettings;
import io.flashlloyd.spark.task.PassResult;
import io.flashlloyd.spark.task.PassTask;
import io.flashlloyd.spark.task.SumSlices;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sums too large to travel whole: here with slices of a few clusters. */
class SlicedPassTest {
  private static final EngineSettings ENGINE = new EngineSettings("cpu", 2);

  @TempDir private Path folder;

  @Test
  void shouldPutTheSumsOfAllTasksTogether() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Vectors rows = Vectors.random(500, 1 + random.nextInt(9), seed);
    int k = 23;
    try (VectorData data =
        VectorData.open(LocalSpark.context(), rows.file(folder, 40), 5, Progress.silent())) {
      for (PassPlan plan : plans(rows, k, data)) {
        PartialSums expected =
            new LloydDriver(data, ENGINE, Progress.silent()).pass("whole", plan).sums();
        for (int count : List.of(2, 5, k)) {
          SumSlices slices = new SumSlices(k, count);
          SlicedPass taker = new SlicedPass(PartialSums.zeros(plan), slices);
          List<Integer> order = new ArrayList<>();
          try (CentroidShares shares = new CentroidShares(data)) {
            data.reduceSliced(
                "slices",
                new PassTask(shares.of(plan), ENGINE),
                slices,
                (int index, PassResult slice) -> {
                  order.add(index);
                  taker.take(index, slice);
                });
          }
          assertThat(order).as("slices in their order").hasSize(count).isSorted();
          assertThat(taker.result().sums())
              .as("seed %d, %d slices", seed, count)
              .usingRecursiveComparison()
              .isEqualTo(expected);
        }
      }
    }
  }

  private static List<PassPlan> plans(Vectors rows, int k, VectorData data) {
    Centroids first = centroids(rows, k, 0);
    Centroids second = centroids(rows, k, 100);
    return List.of(
        PassPlan.lloyd(first, null, data.scale()),
        PassPlan.lloyd(second, first, data.scale()),
        PassPlan.assign(second, data.scale()));
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
