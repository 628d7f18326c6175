package io.flashlloyd.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Defects of MLlib's k-means in Spark 4.1.0: each is shown on the real one, and absent in ours. A
 * test here that fails on MLlib's side says that Spark has mended it.
 */
class MllibDefectsTest {
  @TempDir private Path folder;

  /** What Parquet gives back always may contain null, and MLlib takes no such array. */
  @Test
  void shouldTakeArraysOfFloatsReadBackFromParquet() {
    String path = folder.resolve("rows").toString();
    Frames.floats(Frames.rows(60, 3, 1), false).write().parquet(path);
    Dataset<Row> read = LocalSpark.session().read().parquet(path);
    assertThatThrownBy(() -> new KMeans().fit(read))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("features must be of type equal to one of the following types");

    assertThat(new FlashKMeans().fit(read).clusterCenters()).hasSize(2);
  }

  /** Where initialization finds fewer than k centres, the block solver reads beyond their end. */
  @Test
  void shouldReturnTheDistinctRowsWhereKIsMore() {
    List<float[]> rows = List.of(new float[] {1, 2}, new float[] {3, 4}, new float[] {1, 2});
    Dataset<Row> arrays = Frames.floats(rows, false);
    assertThatThrownBy(() -> new KMeans().setK(9).setSolver("block").fit(arrays))
        .hasStackTraceContaining("ArrayIndexOutOfBoundsException");

    for (String mode : List.of("random", "k-means||")) {
      FlashKMeansModel model = new FlashKMeans().setK(9).setInitMode(mode).fit(arrays);
      assertThat(model.clusterCenters())
          .containsExactlyInAnyOrder(SuiteFrames.vector("1,2"), SuiteFrames.vector("3,4"));
      assertThat(model.summary().clusterSizes()).hasSize(9);
      assertThat(model.summary().trainingCost()).isZero();
    }
  }

  /** 2,000 rows in [0, 1), one at 1e6, one at 1e12: k-means|| sees nothing but the last two. */
  @Test
  void shouldReturnAllClustersBesideOutliers() {
    Random random = new Random(7);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      rows.add(new float[] {random.nextFloat(), random.nextFloat()});
    }
    rows.add(new float[] {1e6f, 1e6f});
    rows.add(new float[] {1e12f, 1e12f});
    Dataset<Row> arrays = Frames.floats(rows, false);
    assertThatThrownBy(() -> new KMeans().setK(50).setSeed(1).fit(arrays))
        .hasStackTraceContaining("ArrayIndexOutOfBoundsException");
    KMeansModel byRows = new KMeans().setK(50).setSeed(1).setSolver("row").fit(arrays);
    assertThat(byRows.clusterCenters().length).isLessThan(10);

    FlashKMeansModel model = new FlashKMeans().setK(50).setSeed(1).fit(arrays);
    assertThat(model.clusterCenters()).hasSize(50).doesNotHaveDuplicates();
    assertThat(model.clusterCenters()).anyMatch(center -> center.apply(0) == 1e12f);
  }

  /** MLlib reports the cost against the centres before the last update, and 0 for none. */
  @Test
  void shouldReportTheCostOfTheModelItReturns() {
    List<float[]> rows = Frames.rows(400, 4, 3);
    Dataset<Row> frame = Frames.dense(rows);
    KMeansModel theirs =
        new KMeans().setK(6).setSeed(5).setMaxIter(1).setInitMode("random").fit(frame);
    assertThat(theirs.summary().trainingCost())
        .isGreaterThan(1.001 * cost(theirs.clusterCenters(), rows));
    assertThat(new KMeans().setK(6).setMaxIter(0).fit(frame).summary().trainingCost()).isZero();

    for (int maxIter : new int[] {0, 1, 5}) {
      FlashKMeansModel ours =
          new FlashKMeans().setK(6).setSeed(5).setMaxIter(maxIter).setInitMode("random").fit(frame);
      double expected = cost(ours.clusterCenters(), rows);
      assertThat(ours.summary().trainingCost())
          .as("maxIter %d", maxIter)
          .isBetween(expected * (1 - 1e-12), expected * (1 + 1e-12));
      assertThat(ours.summary().numIter()).isEqualTo(maxIter);
    }
  }

  /** MLlib samples and sums by partition. */
  @Test
  void shouldFindTheSameBitsOnOneAndSevenPartitions() {
    Dataset<Row> frame = Frames.dense(Frames.rows(700, 8, 11));
    KMeansModel one = new KMeans().setK(12).setSeed(3).fit(frame.repartition(1));
    KMeansModel seven = new KMeans().setK(12).setSeed(3).fit(frame.repartition(7));
    assertThat(one.clusterCenters()).isNotEqualTo(seven.clusterCenters());

    FlashKMeans ours = new FlashKMeans().setK(12).setSeed(3);
    FlashKMeansModel first = ours.fit(frame.repartition(1));
    FlashKMeansModel second = ours.fit(frame.repartition(7));
    assertThat(second.centroids()).isEqualTo(first.centroids());
    assertThat(second.summary().trainingCost()).isEqualTo(first.summary().trainingCost());
  }

  /** In float64, rows in their order: not by our sums. */
  private static double cost(Vector[] centers, List<float[]> rows) {
    double cost = 0;
    for (float[] row : rows) {
      double nearest = Double.POSITIVE_INFINITY;
      for (Vector center : centers) {
        double distance = 0;
        for (int t = 0; t < row.length; t++) {
          double difference = row[t] - center.apply(t);
          distance += difference * difference;
        }
        nearest = Math.min(nearest, distance);
      }
      cost += nearest;
    }
    return cost;
  }
}
