package io.flashlloyd.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.InputSpec;
import io.flashlloyd.spark.data.DataFrameSource;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.fit.KMeansFit;
import io.flashlloyd.spark.report.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cases of {@code org.apache.spark.mllib.clustering.KMeansSuite}, the suite of MLlib's older
 * interface, by their names. That one takes k = 1, as our command line does; estimators do not. Its
 * "Kryo class register" has no counterpart: our tasks and results travel as Java bytes, and {@code
 * LauncherIT} runs a whole fit with Kryo.
 */
class MllibRddSuiteTest {
  private static final List<String> MODES = List.of(KMeansConfig.RANDOM, KMeansConfig.PARALLEL);

  @TempDir private Path folder;

  @Test
  void singleCluster() {
    assertSingleCluster(SuiteFrames.vectors("1,2,6", "1,3,0", "1,4,6"));
  }

  @Test
  void singleClusterWithBigDataset() {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.addAll(List.of("1,2,6", "1,3,0", "1,4,6"));
    }
    assertSingleCluster(SuiteFrames.vectors(rows.toArray(String[]::new)));
  }

  /** Dimension 10,000, as the suite has it; rows are dense here, so a tenth of them. */
  @Test
  void singleClusterWithSparseData() {
    int n = 10_000;
    List<Vector> rows = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      double x = i / 1000.0;
      rows.add(sparse(n, 1 + x, 2, 6));
      rows.add(sparse(n, 1 - x, 2, 6));
      rows.add(sparse(n, 1, 3 + x, 0));
      rows.add(sparse(n, 1, 3 - x, 0));
      rows.add(sparse(n, 1, 4, 6 + x));
      rows.add(sparse(n, 1, 4, 6 - x));
    }
    assertSingleCluster(
        Frames.frame(
                SQLDataTypes.VectorType(),
                rows.stream().map(row -> org.apache.spark.sql.RowFactory.create(0, row)).toList())
            .repartition(4));
  }

  private static Vector sparse(int n, double a, double b, double c) {
    return Vectors.sparse(n, new int[] {0, 1, 2}, new double[] {a, b, c});
  }

  private static void assertSingleCluster(Dataset<Row> frame) {
    for (String mode : MODES) {
      for (int maxIter : new int[] {1, 2, 5}) {
        Centroids found = fit(frame, new KMeansConfig(1, maxIter, 1e-4, 1, mode, 2, null));
        assertThat(found.k()).isEqualTo(1);
        assertThat(Arrays.copyOf(found.values(), 3))
            .containsExactly(new float[] {1, 3, 4}, within(1e-5f));
        for (int t = 3; t < found.dimension(); t++) {
          assertThat(found.get(0, t)).isZero();
        }
      }
    }
  }

  @Test
  void fewerDistinctPointsThanClusters() {
    Dataset<Row> frame = SuiteFrames.vectors("1,2,3", "1,2,3", "1,2,3");
    for (String mode : MODES) {
      assertThat(new FlashKMeans().setInitMode(mode).setMaxIter(1).fit(frame).clusterCenters())
          .containsExactly(Vectors.dense(1, 2, 3));
    }
  }

  @Test
  void uniqueClusterCenters() {
    Random random = new Random(42);
    List<float[]> points = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      float[] point = {random.nextFloat(), random.nextFloat(), random.nextFloat()};
      points.addAll(Collections.nCopies(1 + random.nextInt(3), point));
    }
    Dataset<Row> frame = Frames.dense(points).repartition(2);
    for (int k : new int[] {50, 10}) {
      for (String mode : MODES) {
        FlashKMeansModel model =
            new FlashKMeans()
                .setK(k)
                .setMaxIter(5)
                .setInitMode(mode)
                .setInitSteps(10)
                .setSeed(42)
                .fit(frame);
        // Not at most 10, as there: all 10.
        assertThat(model.clusterCenters()).hasSize(10).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void deterministicInitialization() {
    List<float[]> points = new ArrayList<>();
    for (int n = 0; n < 1000; n++) {
      points.add(new float[] {n, n});
    }
    for (String mode : MODES) {
      FlashKMeans kmeans = new FlashKMeans().setK(10).setMaxIter(2).setInitMode(mode).setSeed(42);
      Dataset<Row> frame = Frames.dense(points);
      // Not within 1e-14, as there, nor only for the same partitions: the same bits.
      assertThat(kmeans.fit(frame.repartition(3)).centroids())
          .isEqualTo(kmeans.fit(frame.repartition(5)).centroids());
    }
  }

  @Test
  void kMeansParallelInitialization() {
    String[] rows = {"1,2,6", "1,3,0", "1,4,6", "1,0,1", "1,1,1"};
    for (int maxIter : new int[] {1, 10}) {
      assertThat(
              new FlashKMeans()
                  .setK(5)
                  .setMaxIter(maxIter)
                  .fit(SuiteFrames.vectors(rows))
                  .clusterCenters())
          .containsExactlyInAnyOrder(
              Arrays.stream(rows).map(SuiteFrames::vector).toArray(Vector[]::new));
    }
  }

  @Test
  void twoClusters() {
    Dataset<Row> frame = SuiteFrames.vectors("0,0", "0,0.1", "0.1,0", "9,0", "9,0.2", "9.2,0");
    for (String mode : MODES) {
      FlashKMeansModel model = new FlashKMeans().setMaxIter(2).setInitMode(mode).fit(frame);
      int left = model.predict(Vectors.dense(0, 0));
      int right = model.predict(Vectors.dense(9, 0));
      assertThat(left).isNotEqualTo(right);
      for (Row row : model.transform(frame).collectAsList()) {
        double x = row.<Vector>getAs("features").apply(0);
        assertThat(row.<Integer>getAs("prediction")).isEqualTo(x < 5 ? left : right);
      }
    }
  }

  @Test
  void modelSaveLoad() throws IOException {
    LocalSpark.session(); // saving needs one
    Centroids zeros = new Centroids(new float[30], 3, 10);
    String path = folder.resolve("model").toString();
    new FlashKMeansModel("zeros", zeros).save(path);
    assertThat(FlashKMeansModel.load(path).centroids()).isEqualTo(zeros);
  }

  @Test
  void initializeUsingGivenClusterCenters() {
    FlashKMeansModel given =
        new FlashKMeansModel("given", new Centroids(new float[] {0, 0, 0, 1}, 2, 2));
    assertThat(
            new FlashKMeans()
                .setMaxIter(0)
                .setInitialModel(given)
                .fit(SuiteFrames.vectors("0,0", "1,0", "0,1", "1,1"))
                .clusterCenters())
        .containsExactly(given.clusterCenters());
  }

  /** In the suite's shape: rows and centroids of 200,000 coordinates. */
  @Test
  void taskSizeShouldBeSmallInBothTrainingAndPrediction() throws IOException {
    int n = 200_000;
    Centroids wide = new Centroids(new float[2 * n], 2, n);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(
          NearestCentroid.shared(
              LocalSpark.session().sparkContext(), wide, DistanceMeasure.EUCLIDEAN));
    }
    assertThat(bytes.size()).isLessThan(10_000);
  }

  private static Centroids fit(Dataset<Row> frame, KMeansConfig config) {
    DataFrameSource source = new DataFrameSource(frame, "features", InputSpec.DEFAULT_CHUNK_BYTES);
    EngineSettings engine = new EngineSettings("cpu", 2);
    try (VectorData data =
        VectorData.open(LocalSpark.context(), source, LocalSpark.ENGINE, 0, Progress.silent())) {
      return KMeansFit.run(data, config, engine, Progress.silent()).centroids();
    }
  }
}
