package io.flashlloyd.spark;

import static io.flashlloyd.spark.WeightedFrames.CPU;
import static io.flashlloyd.spark.WeightedFrames.REFERENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.fit.LloydResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Weights are exact (contract section 4). */
class WeightsTest {
  @Test
  void shouldCountAWholeWeightAsThatManyRows() {
    for (DistanceMeasure measure : DistanceMeasure.values()) {
      for (int round = 0; round < 4; round++) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<float[]> rows = rows(random, 1 + random.nextInt(200), 1 + random.nextInt(20));
        double[] weights = random.ints(rows.size(), 1, 9).asDoubleStream().toArray();
        int k = 1 + random.nextInt(6);
        KMeansConfig config =
            new KMeansConfig(k, 6, 0, seed, KMeansConfig.GIVEN, 2, centroids(rows, k));
        String label = "seed %d, %s: n=%d k=%d".formatted(seed, measure, rows.size(), k);

        Dataset<Row> weighted = WeightedFrames.frame(rows, weights, 3);
        LloydResult expected =
            WeightedFrames.fit(
                WeightedFrames.repeated(rows, weights, 2), measure, config, REFERENCE);
        LloydResult actual = WeightedFrames.fit(weighted, measure, config, CPU);

        assertThat(actual.centroids()).as(label).isEqualTo(expected.centroids());
        assertThat(WeightedFrames.numbers(actual))
            .as(label)
            .isEqualTo(WeightedFrames.numbers(expected));
      }
    }
  }

  @Test
  void shouldNotDependOnPartitionsOrderOrEngine() {
    for (String mode : List.of(KMeansConfig.RANDOM, KMeansConfig.PARALLEL)) {
      long seed = System.nanoTime();
      Random random = new Random(seed);
      List<float[]> rows = rows(random, 300, 5);
      double[] weights = random.doubles(300).map(x -> Math.pow(2, 30 * x - 20)).toArray();
      KMeansConfig config = new KMeansConfig(7, 8, 0, seed, mode, 2, null);
      List<Integer> order = new ArrayList<>(IntStream.range(0, 300).boxed().toList());
      Collections.shuffle(order, random);
      Dataset<Row> shuffled =
          WeightedFrames.frame(
              order.stream().map(rows::get).toList(),
              order.stream().mapToDouble(i -> weights[i]).toArray(),
              5);

      LloydResult expected =
          WeightedFrames.fit(
              WeightedFrames.frame(rows, weights, 1), DistanceMeasure.EUCLIDEAN, config, REFERENCE);
      LloydResult actual = WeightedFrames.fit(shuffled, DistanceMeasure.EUCLIDEAN, config, CPU);

      assertThat(actual.centroids()).as("seed %d %s", seed, mode).isEqualTo(expected.centroids());
      assertThat(WeightedFrames.numbers(actual)).isEqualTo(WeightedFrames.numbers(expected));
    }
  }

  /** Shares that sum up to 1 must not make every row a candidate of k-means||. */
  @Test
  void shouldNotDependOnTheUnitOfWeights() {
    Random random = new Random(5);
    List<float[]> rows = rows(random, 400, 4);
    double[] weights = random.ints(400, 0, 50).mapToDouble(i -> 2 * i + 1).toArray();
    double[] shares = Arrays.stream(weights).map(w -> w * 0x1p-20).toArray();
    KMeansConfig config = new KMeansConfig(6, 5, 0, 3, KMeansConfig.PARALLEL, 2, null);

    LloydResult expected =
        WeightedFrames.fit(
            WeightedFrames.frame(rows, weights, 2), DistanceMeasure.EUCLIDEAN, config, CPU);
    LloydResult actual =
        WeightedFrames.fit(
            WeightedFrames.frame(rows, shares, 2), DistanceMeasure.EUCLIDEAN, config, CPU);

    assertThat(actual.centroids()).isEqualTo(expected.centroids());
    for (int i = 0; i < expected.iterations().size(); i++) {
      assertThat(actual.iterations().get(i).trainingCost())
          .isEqualTo(expected.iterations().get(i).trainingCost() * 0x1p-20);
    }
  }

  @Test
  void shouldAgreeWithFloat64() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<float[]> rows = rows(random, 200, 3);
    double[] weights = random.doubles(200).map(x -> 0.01 + x).toArray();
    Dataset<Row> frame = WeightedFrames.frame(rows, weights, 2);

    FlashKMeansModel model =
        new FlashKMeans()
            .setWeightCol("weight")
            .setInitialCentroids(new Centroids(new float[] {0, 0, 0, 1e9f, 0, 0}, 2, 3))
            .setMaxIter(1)
            .fit(frame);

    double total = Arrays.stream(weights).sum();
    double cost = 0;
    for (int t = 0; t < 3; t++) {
      double mean = 0;
      for (int i = 0; i < 200; i++) {
        mean += weights[i] * rows.get(i)[t] / total;
      }
      double centroid = model.centroids().get(0, t);
      assertThat(centroid).as("seed %d", seed).isBetween(mean - 1e-5, mean + 1e-5);
      for (int i = 0; i < 200; i++) {
        double difference = rows.get(i)[t] - centroid;
        cost += weights[i] * difference * difference;
      }
    }
    assertThat(model.summary().trainingCost())
        .as("seed %d", seed)
        .isBetween(cost * (1 - 1e-12), cost * (1 + 1e-12));
  }

  @Test
  void shouldLeaveRowsOfWeightZeroOut() {
    List<float[]> rows = new ArrayList<>(rows(new Random(1), 90, 3));
    double[] weights = new double[91];
    Arrays.fill(weights, 2);
    for (int i = 0; i < 91; i += 4) {
      weights[i] = 0;
    }
    rows.add(new float[] {1e30f, 1e30f, 1e30f});
    weights[90] = 0;
    Dataset<Row> frame = WeightedFrames.frame(rows, weights, 3);
    FlashKMeans kmeans = new FlashKMeans().setK(5).setWeightCol("weight");

    FlashKMeansModel model = kmeans.fit(frame);

    FlashKMeansModel expected = kmeans.fit(frame.filter("weight > 0"));
    assertThat(model.centroids()).isEqualTo(expected.centroids());
    assertThat(model.summary().trainingCost()).isEqualTo(expected.summary().trainingCost());
    assertThat(Arrays.stream(model.summary().clusterSizes()).sum()).isEqualTo(91);
  }

  @Test
  void shouldCountEveryRowOnceWhereTheWeightColumnIsEmpty() {
    Dataset<Row> frame = Frames.dense(Frames.rows(50, 3, 2));
    assertThat(new FlashKMeans().setWeightCol("").fit(frame).centroids())
        .isEqualTo(new FlashKMeans().fit(frame).centroids());
  }

  @Test
  void shouldRefuseColumnsThatAreNoWeights() {
    Dataset<Row> frame = WeightedFrames.frame(rows(new Random(2), 5, 2), new double[5], 1);
    assertThatThrownBy(() -> new FlashKMeans().setWeightCol("weight").fit(frame))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Column weight has only weights of 0 (expected at least one above 0)");
    assertThatThrownBy(() -> new FlashKMeans().setWeightCol("w").fit(frame))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Weight column w does not exist (the DataFrame has: features, weight)");
    assertThatThrownBy(() -> new FlashKMeans().setWeightCol("features").fit(frame))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Weight column features has type array<double> (expected a numeric type)");
  }

  private static List<float[]> rows(Random random, int n, int dimension) {
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      float[] row = new float[dimension];
      for (int t = 0; t < dimension; t++) {
        row[t] = (float) random.nextGaussian() + 5 * random.nextInt(3) + 0.125f;
      }
      rows.add(row);
    }
    return rows;
  }

  private static Centroids centroids(List<float[]> rows, int k) {
    int dimension = rows.get(0).length;
    float[] values = new float[k * dimension];
    for (int i = 0; i < k; i++) {
      System.arraycopy(rows.get(i % rows.size()), 0, values, i * dimension, dimension);
    }
    return new Centroids(values, k, dimension);
  }
}
