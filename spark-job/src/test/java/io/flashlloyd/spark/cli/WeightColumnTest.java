package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.spark.FlashKMeans;
import io.flashlloyd.spark.FlashKMeansModel;
import io.flashlloyd.spark.LocalSpark;
import io.flashlloyd.spark.checkpoint.CheckpointSettings;
import io.flashlloyd.spark.checkpoint.CheckpointedFit;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.run.InputRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command's weights are the estimator's, bit for bit. */
class WeightColumnTest {
  private static final int ROWS = 600;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"double", "float", "int", "bigint", "decimal(12,3)"})
  void shouldGiveTheBitsOfTheEstimator(String type) throws IOException {
    long seed = System.nanoTime();
    String input = write(type, seed);
    for (String distance : List.of("euclidean", "cosine")) {
      FlashKMeansModel expected =
          new FlashKMeans()
              .setFeaturesCol("vector")
              .setWeightCol("w")
              .setK(7)
              .setSeed(1)
              .setDistanceMeasure(distance)
              .fit(LocalSpark.session().read().parquet(input));
      for (int partitions : new int[] {1, 3, 17}) {
        String run = distance + partitions;
        succeed(
            "fit", run, input, "--k", "7", "--distance", distance, "--partitions", "" + partitions);
        assertThat(centroids(run))
            .as("seed %d, %s, %s, %d", seed, type, distance, partitions)
            .isEqualTo(expected.centroids().values());
        assertThat(report(run).get("trainingCost").asDouble())
            .isEqualTo(expected.summary().trainingCost());
      }
    }
    // Rows of weight 0 count nothing, and have a cluster as all others.
    List<Row> assigned = Tables.read(folder.resolve("cosine3/assignments"), "id");
    assertThat(assigned).hasSize(ROWS);
    assertThat(report("cosine3").get("rows").asInt()).isEqualTo(ROWS);
  }

  @Test
  void shouldGoOnFromItsCheckpointsAndFromNoOthers() throws IOException {
    String input = write("double", 5);
    String other = write("bigint", 5);
    String place = folder.resolve("checkpoints").toString();
    succeed("fit", "whole", input, "--k", "7", "--max-iter", "6", "--tol", "0");
    leaveCheckpoint(input, place);
    CommandRun refused =
        CommandRun.of(
            List.of(
                "fit",
                "--resume",
                "--input",
                other,
                "--weight-column",
                "w",
                "--k",
                "7",
                "--tol",
                "0",
                "--checkpoint",
                place,
                "--output",
                folder.resolve("refused").toString()));
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("is of another run: its ");
    String[] more = {
      "--k", "7", "--max-iter", "6", "--tol", "0", "--checkpoint", place, "--resume"
    };
    succeed("fit", "resumed", input, more);
    assertThat(centroids("resumed")).isEqualTo(centroids("whole"));
    assertThat(report("resumed").get("trainingCost"))
        .isEqualTo(report("whole").get("trainingCost"));
  }

  /** What a driver leaves that dies after three iterations. */
  private static void leaveCheckpoint(String input, String place) throws IOException {
    Configuration hadoop = LocalSpark.context().hadoopConfiguration();
    VectorDataset dataset = VectorDataset.open(InputSpec.of(input).weightedBy("w"), hadoop);
    try (InputRows rows =
        new InputRows(
            LocalSpark.context(),
            new FileSource(dataset, hadoop),
            LocalSpark.ENGINE,
            0,
            Progress.silent())) {
      KMeansConfig config = new KMeansConfig(7, 3, 0, 1, KMeansConfig.PARALLEL, 2, null);
      new CheckpointedFit(rows.counted(), config, LocalSpark.ENGINE, Progress.silent())
          .run(new CheckpointSettings(place, 1, false), hadoop);
    }
  }

  @Test
  void shouldReindexByTheWeightsOfTheRunBefore() throws IOException {
    String input = write("double", 6);
    succeed("fit", "monday", input, "--k", "7", "--id-column", "id");
    CommandRun tuesday =
        CommandRun.of(
            List.of(
                "reindex",
                "--quiet",
                "--force",
                "--previous",
                folder.resolve("monday").toString(),
                "--input",
                input,
                "--id-column",
                "id",
                "--output",
                folder.resolve("tuesday").toString()));
    assertThat(tuesday.status()).as(tuesday.err()).isZero();
    assertThat(report("tuesday").at("/parameters/weightColumn").asText()).isEqualTo("w");
    assertThat(centroids("tuesday")).isEqualTo(centroids("monday"));
    assertThat(report("tuesday").get("trainingCost"))
        .isEqualTo(report("monday").get("trainingCost"));
  }

  @Test
  void shouldNameTheRowWhoseWeightIsNone() throws IOException {
    for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      String input = write("double", 7, weight -> bad, 41);
      Refusal.ofFit(
          Files.createTempDirectory(folder, "bad"),
          place -> List.of("--input", input, "--weight-column", "w", "--k", "2"),
          ".parquet, row 41: Weights MUST NOT be ",
          "(expected a number of at least 0)");
    }
    String zeros = write("double", 8, weight -> 0.0, -1);
    Refusal.ofFit(
        Files.createTempDirectory(folder, "bad"),
        place -> List.of("--input", zeros, "--weight-column", "w", "--k", "2"),
        "Column w has only weights of 0 (expected at least one above 0)");
    Refusal.ofFit(
        Files.createTempDirectory(folder, "bad"),
        place -> List.of("--input", zeros, "--weight-column", "vector", "--k", "2"),
        "has no column 'vector' of weights (expected integers");
    String npy = VectorFiles.npy(folder.resolve("v.npy"), VectorFiles.blobs(9, 3, 1));
    Refusal.ofFit(
        Files.createTempDirectory(folder, "bad"),
        place -> List.of("--input", npy, "--weight-column", "w", "--k", "2"),
        "npy files have no column 'w' of weights (expected Parquet or Arrow)");
  }

  private String write(String type, long seed) throws IOException {
    return write(type, seed, null, -1);
  }

  /**
   * Columns id, vector and w.
   *
   * @param change of the weight of one row, or of all where it is -1; or null
   */
  private String write(String type, long seed, DoubleFunction<Double> change, int changed)
      throws IOException {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      Float[] vector = new Float[5];
      for (int t = 0; t < vector.length; t++) {
        vector[t] = (float) (random.nextGaussian() + (row % 7 + t) % 5 * 9 + 1);
      }
      double weight = row % 9 == 0 ? 0 : random.nextInt(1 << 12) / 8.0;
      if (change != null && (changed < 0 || changed == row)) {
        weight = change.apply(weight);
      }
      rows.add(RowFactory.create((long) row, vector, weight));
    }
    StructType schema =
        new StructType()
            .add("id", DataTypes.LongType)
            .add("vector", Tables.FLOATS)
            .add("w", DataTypes.DoubleType);
    DataType stored = DataType.fromDDL(type);
    List<Row> cast =
        LocalSpark.session()
            .createDataFrame(rows, schema)
            .selectExpr("id", "vector", "cast(w AS " + type + ") AS w")
            .collectAsList();
    return Tables.parquet(
        folder.resolve("in-%s-%d.parquet".formatted(type.replaceAll("\\W", ""), System.nanoTime())),
        new StructType()
            .add("id", DataTypes.LongType)
            .add("vector", Tables.FLOATS)
            .add("w", stored),
        cast);
  }

  private void succeed(String command, String output, String input, String... more) {
    List<String> args = new ArrayList<>(List.of(command, "--quiet", "--input", input));
    args.addAll(List.of("--weight-column", "w", "--output", folder.resolve(output).toString()));
    args.addAll(List.of(more));
    CommandRun run = CommandRun.of(args);
    assertThat(run.status()).as(run.err()).isZero();
  }

  private float[] centroids(String run) throws IOException {
    return CentroidFiles.read(folder.resolve(run) + "/centroids.npy", new Configuration()).values();
  }

  private JsonNode report(String run) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(run).resolve("report.json").toFile());
  }
}
