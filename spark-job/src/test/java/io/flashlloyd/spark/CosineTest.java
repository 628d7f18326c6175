package io.flashlloyd.spark;

import static io.flashlloyd.spark.WeightedFrames.CPU;
import static io.flashlloyd.spark.WeightedFrames.REFERENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.data.VectorSource;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.fit.KMeansFit;
import io.flashlloyd.spark.fit.LloydResult;
import io.flashlloyd.spark.report.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cosine distance (contract section 7). */
class CosineTest {
  @TempDir private Path folder;

  @Test
  void shouldFindTheSameBitsInFilesOfBytesAndInDataFrames() throws IOException {
    for (String mode : List.of(KMeansConfig.RANDOM, KMeansConfig.PARALLEL)) {
      long seed = System.nanoTime();
      byte[][] bytes = bytes(new Random(seed), 400, 7);
      KMeansConfig config = new KMeansConfig(9, 6, 0, seed, mode, 2, null);
      double[] ones = new double[400];
      Arrays.fill(ones, 1);
      List<float[]> rows = Arrays.stream(bytes).map(CosineTest::floats).toList();

      LloydResult expected =
          WeightedFrames.fit(
              WeightedFrames.frame(rows, ones, 3), DistanceMeasure.COSINE, config, REFERENCE);
      LloydResult actual = fit(file(bytes, 100), config, CPU);

      String label = "seed %d %s".formatted(seed, mode);
      assertThat(actual.centroids()).as(label).isEqualTo(expected.centroids());
      assertThat(WeightedFrames.numbers(actual))
          .as(label)
          .isEqualTo(WeightedFrames.numbers(expected));
    }
  }

  @Test
  void shouldCostOneLessTheCosine() {
    List<float[]> rows = Frames.rows(300, 6, 17);
    rows.replaceAll(row -> allZero(row) ? new float[] {1, 0, 0, 0, 0, 0} : row);
    Dataset<Row> frame = Frames.dense(rows);

    FlashKMeansModel model =
        new FlashKMeans().setK(5).setDistanceMeasure("cosine").setMaxIter(7).fit(frame);

    double cost = 0;
    for (float[] row : rows) {
      double best = Double.NEGATIVE_INFINITY;
      int cluster = -1;
      for (int i = 0; i < 5; i++) {
        double cosine = cosine(row, model.clusterCenters()[i].toArray());
        if (cosine > best) {
          best = cosine;
          cluster = i;
        }
      }
      cost += 1 - best;
      assertThat(model.predict(Vectors.dense(Frames.doubles(row)))).isEqualTo(cluster);
    }
    // Rows and centroids are rounded to float32, so their cosines differ in the seventh digit.
    assertThat(model.summary().trainingCost()).isCloseTo(cost, within(1e-6 * 300));
    for (var center : model.clusterCenters()) {
      assertThat(Vectors.norm(center, 2)).isCloseTo(1, within(1e-6));
    }
  }

  /** Directions alone matter; a power of two changes no bit of them. */
  @Test
  void shouldNotSeeTheLengthOfRows() {
    List<float[]> rows = Frames.rows(200, 5, 3);
    rows.replaceAll(row -> allZero(row) ? new float[] {1, 2, 3, 4, 5} : row);
    List<float[]> scaled = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      float[] row = rows.get(i).clone();
      for (int t = 0; t < row.length; t++) {
        row[t] = Math.scalb(row[t], i % 40 - 20);
      }
      scaled.add(row);
    }
    FlashKMeans kmeans = new FlashKMeans().setK(6).setDistanceMeasure("cosine");

    assertThat(kmeans.fit(Frames.dense(scaled)).centroids())
        .isEqualTo(kmeans.fit(Frames.dense(rows)).centroids());
  }

  @Test
  void shouldKeepTheCentroidOfRowsThatCancelOut() {
    FlashKMeansModel model =
        new FlashKMeans()
            .setDistanceMeasure("cosine")
            .setInitialCentroids(new Centroids(new float[] {0, 4, 0, -4}, 2, 2))
            .setMaxIter(1)
            .fit(SuiteFrames.vectors("1,0", "-3,0"));

    assertThat(model.centroids().values()).containsExactly(0, 1, 0, -1);
    assertThat(model.summary().trainingCost()).isEqualTo(2);
  }

  @Test
  void shouldRefuseVectorsWithoutDirection() throws IOException {
    byte[][] bytes = bytes(new Random(1), 50, 3);
    bytes[37] = new byte[3];
    Path file = folder.resolve("zero.u8bin");
    assertThatThrownBy(
            () ->
                fit(
                    file(file, bytes, 10),
                    new KMeansConfig(2, 1, 0, 1, KMeansConfig.RANDOM, 2, null),
                    CPU))
        .hasStackTraceContaining(
            "zero.u8bin, row 37: the vector is all zeros (Cosine distance is not defined for"
                + " zero-length vectors); drop the row");
    Dataset<Row> frame = SuiteFrames.vectors("1,0", "2,3");
    assertThatThrownBy(
            () ->
                new FlashKMeans()
                    .setDistanceMeasure("cosine")
                    .setInitialCentroids(new Centroids(new float[] {1, 1, 0, 0}, 2, 2))
                    .fit(frame))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Initial centroid 1 is all zeros (Cosine distance is not defined");
    FlashKMeansModel model = new FlashKMeans().setDistanceMeasure("cosine").fit(frame);
    assertThatThrownBy(() -> model.predict(Vectors.dense(0, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cosine distance is not defined for zero-length vectors");
  }

  private FileSource file(byte[][] rows, int chunkRows) throws IOException {
    return file(folder.resolve("rows.u8bin"), rows, chunkRows);
  }

  private static FileSource file(Path file, byte[][] rows, int chunkRows) throws IOException {
    int dimension = rows[0].length;
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + rows.length * dimension).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(rows.length).putInt(dimension);
    for (byte[] row : rows) {
      bytes.put(row);
    }
    Files.write(file, bytes.array());
    InputSpec spec =
        new InputSpec(List.of(file.toString()), null, null, null, (long) chunkRows * dimension);
    Configuration hadoop = new Configuration();
    return new FileSource(VectorDataset.open(spec, hadoop), hadoop, DistanceMeasure.COSINE);
  }

  private static LloydResult fit(VectorSource source, KMeansConfig config, EngineSettings engine) {
    try (VectorData data =
        VectorData.open(LocalSpark.context(), source, LocalSpark.ENGINE, 2, Progress.silent())) {
      return KMeansFit.run(data, config, engine, Progress.silent());
    }
  }

  private static byte[][] bytes(Random random, int n, int dimension) {
    byte[][] rows = new byte[n][dimension];
    for (byte[] row : rows) {
      random.nextBytes(row);
      row[0] |= 1;
    }
    return rows;
  }

  private static float[] floats(byte[] row) {
    float[] floats = new float[row.length];
    for (int t = 0; t < row.length; t++) {
      floats[t] = row[t] & 0xff;
    }
    return floats;
  }

  private static boolean allZero(float[] row) {
    for (float value : row) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private static double cosine(float[] x, double[] c) {
    double dot = 0;
    double xx = 0;
    double cc = 0;
    for (int t = 0; t < x.length; t++) {
      dot += x[t] * c[t];
      xx += (double) x[t] * x[t];
      cc += c[t] * c[t];
    }
    return dot / Math.sqrt(xx * cc);
  }
}
