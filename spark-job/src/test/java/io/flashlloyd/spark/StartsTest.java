package io.flashlloyd.spark;

import static io.flashlloyd.spark.WeightedFrames.CPU;
import static io.flashlloyd.spark.WeightedFrames.REFERENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.fit.EmptyCluster;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.fit.LloydResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where fits start, how often, and what becomes of clusters without rows. */
class StartsTest {
  private static final Centroids ODD =
      new Centroids(new float[] {-0f, Float.MIN_VALUE, Float.MAX_VALUE, 0.1f, -1e-40f, 3}, 3, 2);

  @TempDir private Path folder;

  @Test
  void shouldReturnTheInitialCentroidsWithTheirCostWithoutIterations() {
    Dataset<Row> frame = SuiteFrames.vectors("0,0", "1,0", "0,1", "1,1");
    Vector[] given = {Vectors.dense(0, 0), Vectors.dense(0, 1)};

    FlashKMeansModel model = new FlashKMeans().setInitialCentroids(given).setMaxIter(0).fit(frame);

    assertThat(model.clusterCenters()).isEqualTo(given);
    assertThat(model.summary().trainingCost()).isEqualTo(2);
    assertThat(model.summary().numIter()).isZero();
    assertThat(model.summary().clusterSizes()).containsExactly(2, 2);
  }

  @Test
  void shouldGoOnWhereAnotherFitEnded() {
    Dataset<Row> frame = Frames.dense(Frames.rows(500, 6, 5));
    FlashKMeans kmeans = new FlashKMeans().setK(8).setTol(0);
    FlashKMeansModel whole = kmeans.setMaxIter(9).fit(frame);

    FlashKMeansModel half = kmeans.setMaxIter(4).fit(frame);
    FlashKMeansModel warm =
        new FlashKMeans().setInitialModel(half).setTol(0).setMaxIter(5).fit(frame);

    assertThat(warm.centroids()).isEqualTo(whole.centroids());
    assertThat(warm.summary().trainingCost()).isEqualTo(whole.summary().trainingCost());
  }

  @Test
  void shouldSaveInitialCentroidsBitForBit() throws IOException {
    FlashKMeans kmeans = new FlashKMeans().setInitialCentroids(ODD);
    kmeans.save(folder.resolve("estimator").toString());
    new Pipeline()
        .setStages(new PipelineStage[] {kmeans})
        .save(folder.resolve("pipeline").toString());

    for (FlashKMeans read :
        List.of(
            FlashKMeans.load(folder.resolve("estimator").toString()),
            (FlashKMeans) Pipeline.load(folder.resolve("pipeline").toString()).getStages()[0],
            kmeans.copy(ParamMap.empty()))) {
      assertThat(read.getInitialCentroids()).isEqualTo(ODD);
      assertThat(read.getK()).isEqualTo(3);
    }
    assertThat(new FlashKMeans().getInitialCentroids()).isNull();
  }

  @Test
  void shouldRefuseInitialCentroidsThatDoNotFit() {
    Dataset<Row> frame = Frames.dense(Frames.rows(20, 3, 5));
    assertThatThrownBy(() -> new FlashKMeans().setInitialCentroids(ODD).fit(frame))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Initial centroids have dimension 2 (expected 3, as the data)");
    assertThatThrownBy(() -> new FlashKMeans().setInitialCentroids(ODD).setK(5).fit(frame))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("k is 5 (expected the number of initial centroids, 3)");
    assertThatThrownBy(() -> new FlashKMeans().setInitialCentroids(new Vector[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("There are no centroids (expected at least one)");
    assertThatThrownBy(
            () ->
                new FlashKMeans()
                    .setInitialCentroids(
                        new Vector[] {Vectors.dense(1, 2), Vectors.dense(1, 2, 3)}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Centroid 1 has dimension 3 (expected 2, as the first)");
  }

  @Test
  void shouldKeepTheFirstOfTheCheapestFits() {
    Dataset<Row> frame = Frames.dense(Frames.rows(300, 2, 9)).cache();
    FlashKMeans kmeans = new FlashKMeans().setK(9).setInitMode("random").setMaxIter(3);
    FlashKMeansModel cheapest = null;
    List<Double> costs = new ArrayList<>();
    for (int seed = 40; seed < 46; seed++) {
      FlashKMeansModel one = kmeans.setSeed(seed).fit(frame);
      costs.add(one.summary().trainingCost());
      if (cheapest == null || one.summary().trainingCost() < cheapest.summary().trainingCost()) {
        cheapest = one;
      }
    }

    FlashKMeansModel best = kmeans.setSeed(40).setNInit(6).fit(frame);

    assertThat(best.centroids()).isEqualTo(cheapest.centroids());
    assertThat(best.summary().trainingCost()).isEqualTo(Collections.min(costs));
    assertThat(costs.get(0)).isGreaterThan(Collections.min(costs));
  }

  /** The rule, by hand: mean 1, cost 2 around it, step sqrt(2 / 2) / 8. */
  @Test
  void shouldSplitTheDearestClusterForAnEmptyOne() {
    Dataset<Row> frame = SuiteFrames.vectors("0", "2");
    FlashKMeans kmeans =
        new FlashKMeans()
            .setInitialCentroids(new Centroids(new float[] {1.5f, 100}, 2, 1))
            .setTol(0)
            .setMaxIter(1);

    assertThat(kmeans.fit(frame).centroids().values()).containsExactly(1, 100);
    kmeans.setEmptyCluster("split");
    assertThat(kmeans.fit(frame).centroids().values()).containsExactlyInAnyOrder(0.875f, 1.125f);
    assertThat(kmeans.setMaxIter(9).fit(frame).centroids().values())
        .containsExactlyInAnyOrder(0, 2);
  }

  @Test
  void shouldSplitNothingWhereNothingCosts() {
    FlashKMeansModel model =
        new FlashKMeans()
            .setInitialCentroids(new Centroids(new float[] {4, 0, 100, 0, 70, 0}, 3, 2))
            .setEmptyCluster("split")
            .setTol(0)
            .fit(SuiteFrames.vectors("5,1", "5,1", "5,1"));

    assertThat(model.centroids().values()).containsExactly(5, 1, 100, 0, 70, 0);
    assertThat(model.summary().converged()).isTrue();
  }

  @Test
  void shouldSplitTheSameWayWhateverTheOrderOfRows() {
    for (DistanceMeasure measure : DistanceMeasure.values()) {
      long seed = System.nanoTime();
      List<float[]> rows = new ArrayList<>(Frames.rows(400, 4, seed));
      rows.replaceAll(row -> new float[] {row[0] + 0.5f, row[1], row[2], row[3]});
      double[] ones = new double[400];
      Arrays.fill(ones, 1);
      float[] far = new float[12 * 4];
      Arrays.fill(far, -50);
      System.arraycopy(rows.get(0), 0, far, 0, 4);
      KMeansConfig config =
          new KMeansConfig(
              12,
              15,
              0,
              1,
              KMeansConfig.GIVEN,
              2,
              new Centroids(far, 12, 4),
              1,
              EmptyCluster.SPLIT);

      LloydResult expected =
          WeightedFrames.fit(WeightedFrames.frame(rows, ones, 1), measure, config, REFERENCE);
      Collections.shuffle(rows, new Random(seed));
      LloydResult actual =
          WeightedFrames.fit(WeightedFrames.frame(rows, ones, 4), measure, config, CPU);

      String label = "seed %d %s".formatted(seed, measure);
      assertThat(actual.centroids()).as(label).isEqualTo(expected.centroids());
      assertThat(WeightedFrames.numbers(actual)).isEqualTo(WeightedFrames.numbers(expected));
      assertThat(actual.iterations().get(0).emptyClusters()).as(label).isGreaterThan(9);
      assertThat(actual.iterations().get(actual.iterations().size() - 1).emptyClusters())
          .as(label)
          .isZero();
    }
  }
}
