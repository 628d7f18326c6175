package io.flashlloyd.spark.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.LocalRows;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.report.Progress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fits with a row of any magnitude beside 80 around two means, and without it. */
class OddRowFitTest {
  private static final int ROWS = 80;
  private static final int DIMENSION = 4;

  @ParameterizedTest
  @ValueSource(floats = {1e9f, 1e20f, 1e24f, 1e26f, 1e28f, 1e30f, 1e38f, Float.MAX_VALUE})
  void shouldLeaveTheOthersAsTheyAreWithoutIt(float far) {
    long seed = System.nanoTime();
    for (String engine : List.of("cpu", "reference")) {
      for (long[] weights : new long[][] {null, weights(seed)}) {
        float[] rows = rows(far, seed);
        float[] others = Arrays.copyOf(rows, ROWS * DIMENSION);
        LloydResult expected = run(others, 2, weights, engine, LloydDriver.MOST_WHOLE_SUMS);
        // Whole, or in slices of a cluster.
        for (long sliceBytes : new long[] {LloydDriver.MOST_WHOLE_SUMS, 1}) {
          boolean weighted = weights != null;
          String what = "%s, %s, weighted %s, seed %d".formatted(far, engine, weighted, seed);
          LloydResult found = run(rows, 3, weights, engine, sliceBytes);
          float[] centroids = found.centroids().values();
          assertThat(Arrays.copyOf(centroids, 2 * DIMENSION))
              .as(what)
              .isEqualTo(expected.centroids().values());
          assertThat(centroids[2 * DIMENSION]).as("its own, %s", what).isEqualTo(far);
          assertThat(costs(found)).as(what).isEqualTo(costs(expected));
        }
      }
    }
  }

  private static List<Double> costs(LloydResult result) {
    return result.iterations().stream().map(IterationReport::trainingCost).toList();
  }

  /** From the first rows of each kind. */
  private static LloydResult run(
      float[] values, int k, long[] weights, String engine, long sliceBytes) {
    int rows = values.length / DIMENSION;
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    HostRows host =
        new HostRows(
            bytes,
            rows,
            DIMENSION,
            ElementType.FLOAT32,
            weights == null ? null : LongBuffer.wrap(weights));
    float[] first = Arrays.copyOf(values, k * DIMENSION);
    if (k == 3) {
      System.arraycopy(values, ROWS * DIMENSION, first, 2 * DIMENSION, DIMENSION);
    }
    LloydState start = LloydState.initial(new Centroids(first, k, DIMENSION));
    try (LocalRows data = LocalRows.of(host, DistanceMeasure.EUCLIDEAN)) {
      return new LloydDriver(
              data,
              new EngineSettings(engine, 1),
              Progress.silent(),
              EmptyCluster.SPLIT,
              sliceBytes)
          .run(start, 50, 0, state -> {});
    }
  }

  /** Around -5 and 5 in turn; the last is far in its first coordinates. */
  private static float[] rows(float far, long seed) {
    Random random = new Random(seed);
    float[] values = new float[(ROWS + 1) * DIMENSION];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() + (i / DIMENSION % 2 == 0 ? -5 : 5);
    }
    Arrays.fill(values, ROWS * DIMENSION, ROWS * DIMENSION + 2, far);
    return values;
  }

  private static long[] weights(long seed) {
    Random random = new Random(seed);
    return random.longs(ROWS + 1, 1, 2L << random.nextInt(40)).toArray();
  }
}
