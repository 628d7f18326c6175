package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.spark.FlashKMeansModel;
import io.flashlloyd.spark.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code fit} leaves in its folder. */
class FitOutputTest {
  private static final int K = 5;
  private static final int DIMENSION = 7;
  private static final float[][] ROWS = VectorFiles.blobs(203, DIMENSION, 3);

  @TempDir private static Path folder;
  private static Path run;
  private static CentroidMatrix centroids;

  @BeforeAll
  static void fit() throws IOException {
    run = folder.resolve("run");
    String input = VectorFiles.fbin(folder.resolve("v.fbin"), ROWS);
    CommandRun fit =
        CommandRun.of(
            "fit",
            "--quiet",
            "--engine",
            "cpu",
            "--input",
            input,
            "--k",
            "5",
            "--max-iter",
            "4",
            "--tol",
            "0",
            "--seed",
            "9",
            "--partitions",
            "3",
            "--output",
            run.toString());
    assertThat(fit.status()).as(fit.err()).isZero();
    assertThat(fit.err() + fit.out()).as("--quiet prints nothing").isEmpty();
    centroids = CentroidFiles.read(run.resolve("centroids.npy").toString(), new Configuration());
  }

  @Test
  void shouldHoldWhatIsPromisedAndNothingElse() {
    String[] names = run.toFile().list((dir, name) -> !name.endsWith(".crc"));
    assertThat(names)
        .containsExactlyInAnyOrder(
            "_committed",
            "model",
            "centroids.npy",
            "assignments",
            "clusters.parquet",
            "report.html",
            "report.json");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("v.fbin", "run");
  }

  @Test
  void shouldWriteCentroidsThatNumpyReads() throws IOException {
    byte[] npy = Files.readAllBytes(run.resolve("centroids.npy"));
    int headerEnd = npy.length - 4 * K * DIMENSION;
    String header = new String(npy, 0, headerEnd, StandardCharsets.ISO_8859_1);

    assertThat(header).startsWith("\u0093NUMPY\u0001\u0000").endsWith("\n");
    assertThat(headerEnd % 64).as("the data is aligned to 64 bytes").isZero();
    assertThat(npy[8] + 256 * npy[9]).as("header length").isEqualTo(headerEnd - 10);
    assertThat(header.substring(10).strip())
        .isEqualTo("{'descr': '<f4', 'fortran_order': False, 'shape': (5, 7), }");
  }

  @Test
  void shouldWriteTheSameCentroidsIntoTheModel() throws IOException {
    FlashKMeansModel model =
        FlashKMeansModel.read().session(LocalSpark.session()).load(run.resolve("model").toString());

    assertThat(model.centroids().values()).containsExactly(centroids.values());
    assertThat(model.numFeatures()).isEqualTo(DIMENSION);
  }

  @Test
  void shouldAssignEveryRowToItsNearestCentroid() {
    List<Row> assignments = Tables.read(run.resolve("assignments"), "id");

    assertThat(assignments.get(0).schema())
        .isEqualTo(
            new StructType()
                .add("id", DataTypes.LongType)
                .add("cluster", DataTypes.IntegerType)
                .add("distance", DataTypes.FloatType));
    assertThat(assignments).hasSize(ROWS.length);
    for (int row = 0; row < ROWS.length; row++) {
      Row found = assignments.get(row);
      assertThat(found.getLong(0)).isEqualTo(row);
      int nearest = nearest(ROWS[row]);
      assertThat(found.getInt(1)).as("row %d", row).isEqualTo(nearest);
      assertThat(found.getFloat(2))
          .as("row %d", row)
          .isEqualTo((float) Math.sqrt(squared(ROWS[row], nearest)));
    }
  }

  @Test
  void shouldDescribeEveryCluster() {
    List<Row> clusters = Tables.read(run.resolve("clusters.parquet"), "cluster");
    List<Row> assignments = Tables.read(run.resolve("assignments"), "id");

    assertThat(clusters.get(0).schema().fieldNames())
        .containsExactly("cluster", "size", "cost", "distance_p50", "distance_p99", "distance_max");
    assertThat(clusters).hasSize(K);
    for (int cluster = 0; cluster < K; cluster++) {
      int index = cluster;
      List<Row> own = assignments.stream().filter(row -> row.getInt(1) == index).toList();
      double[] distances = own.stream().mapToDouble(row -> row.getFloat(2)).sorted().toArray();
      double cost =
          own.stream().mapToDouble(row -> squared(ROWS[(int) row.getLong(0)], index)).sum();
      Row row = clusters.get(cluster);
      assertThat(row.getInt(0)).isEqualTo(cluster);
      assertThat(row.getLong(1)).isEqualTo(own.size());
      assertThat(row.getDouble(2)).isCloseTo(cost, within(cost));
      assertPercentile(row.getDouble(3), distances, 0.5);
      assertPercentile(row.getDouble(4), distances, 0.99);
      assertThat(row.getDouble(5)).isEqualTo(distances[distances.length - 1]);
    }
  }

  @Test
  void shouldReportWhatWasRunOnWhatAndWhatCameOut() throws IOException {
    JsonNode report = new ObjectMapper().readTree(run.resolve("report.json").toFile());

    assertThat(report.path("command").asText()).isEqualTo("fit");
    assertThat(report.path("rows").asLong()).isEqualTo(ROWS.length);
    assertThat(report.path("dimension").asInt()).isEqualTo(DIMENSION);
    assertThat(report.path("dtype").asText()).isEqualTo("float32");
    assertThat(report.path("k").asInt()).isEqualTo(K);
    assertThat(report.path("kReturned").asInt()).isEqualTo(K);
    assertThat(report.path("engine").asText()).isNotEmpty();
    assertThat(report.path("versions").fieldNames())
        .toIterable()
        .contains("flashlloyd", "spark", "java");
    assertThat(report.path("parameters").path("k").asInt()).isEqualTo(K);
    assertThat(report.path("parameters").path("maxIter").asInt()).isEqualTo(4);
    assertThat(report.path("parameters").path("tol").asDouble()).isZero();
    assertThat(report.path("parameters").path("seed").asLong()).isEqualTo(9);
    assertThat(report.path("parameters").path("partitions").asInt()).isEqualTo(3);
    assertThat(report.path("inputs")).hasSize(1);
    assertThat(report.path("inputs").get(0).asText()).endsWith("/v.fbin");
    assertThat(report.path("trainingCost").asDouble()).isCloseTo(cost(), within(cost()));
    long[] sizes =
        Tables.read(run.resolve("clusters.parquet"), "size").stream()
            .mapToLong(row -> row.getLong(1))
            .toArray();
    assertThat(report.path("clusterSizes").path("smallest").asLong()).isEqualTo(sizes[0]);
    assertThat(report.path("clusterSizes").path("median").asLong()).isEqualTo(sizes[2]);
    assertThat(report.path("clusterSizes").path("largest").asLong()).isEqualTo(sizes[4]);
    assertThat(report.path("clusterSizes").path("empty").asInt()).isZero();
  }

  @Test
  void shouldReportEveryIteration() throws IOException {
    JsonNode iterations =
        new ObjectMapper().readTree(run.resolve("report.json").toFile()).path("iterations");

    assertThat(iterations.size()).isBetween(1, 4);
    double last = Double.POSITIVE_INFINITY;
    for (int i = 0; i < iterations.size(); i++) {
      JsonNode iteration = iterations.get(i);
      assertThat(iteration.fieldNames())
          .toIterable()
          .containsExactlyInAnyOrder(
              "iteration",
              "trainingCost",
              "centroidShift",
              "movedRows",
              "emptyClusters",
              "unscreenedRows",
              "seconds",
              "stages");
      assertThat(iteration.path("iteration").asInt()).isEqualTo(i + 1);
      assertThat(iteration.path("trainingCost").asDouble()).isLessThanOrEqualTo(last);
      assertThat(iteration.path("seconds").path("total").asDouble()).isPositive();
      last = iteration.path("trainingCost").asDouble();
    }
    assertThat(iterations.get(0).path("movedRows").asLong()).isEqualTo(ROWS.length);
    assertThat(cost()).as("the returned centroids' own cost").isLessThanOrEqualTo(last);
  }

  @Test
  void shouldReportStagesThatWereMeasuredAndNoOthers() throws IOException {
    JsonNode report = new ObjectMapper().readTree(run.resolve("report.json").toFile());

    assertThat(report.path("engine").asText()).startsWith("cpu");
    assertStages(report.path("stages").path("read"), "read", "decode");
    assertStages(report.path("stages").path("assign"), "screen", "refine", "sum");
    JsonNode iterations = report.path("iterations");
    assertStages(iterations.get(0).path("stages"), "screen", "refine", "sum", "reduce");
    for (JsonNode iteration : iterations) {
      // Bounds may leave a later one nothing to screen.
      assertThat(iteration.path("stages").fieldNames())
          .toIterable()
          .contains("sum", "reduce")
          .isSubsetOf("screen", "refine", "sum", "reduce");
    }
  }

  private static void assertStages(JsonNode stages, String... names) {
    assertThat(stages.fieldNames()).toIterable().containsExactlyInAnyOrder(names);
    assertThat(stages).allSatisfy(seconds -> assertThat(seconds.asDouble()).isNotNegative());
  }

  private static double cost() {
    return Arrays.stream(ROWS).mapToDouble(row -> squared(row, nearest(row))).sum();
  }

  private static int nearest(float[] row) {
    int best = 0;
    for (int cluster = 1; cluster < K; cluster++) {
      best = squared(row, cluster) < squared(row, best) ? cluster : best;
    }
    return best;
  }

  /** The canonical distance (contract section 3). */
  private static double squared(float[] row, int cluster) {
    double sum = 0;
    for (int t = 0; t < DIMENSION; t++) {
      double difference = (double) row[t] - (double) centroids.values()[cluster * DIMENSION + t];
      sum = Math.fma(difference, difference, sum);
    }
    return sum;
  }

  /** A percentile is a row's distance, at most 2^-11 above the one of that rank. */
  private static void assertPercentile(double actual, double[] sorted, double share) {
    double atRank = sorted[(int) Math.ceil(share * sorted.length) - 1];
    assertThat(actual).isBetween(atRank, atRank * (1 + 0x1p-11));
    assertThat(Arrays.binarySearch(sorted, actual)).isGreaterThanOrEqualTo(0);
  }

  private static org.assertj.core.data.Offset<Double> within(double magnitude) {
    return org.assertj.core.data.Offset.offset(1e-12 * magnitude);
  }
}
