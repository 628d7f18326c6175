package io.flashlloyd.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.spark.cli.Main;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code flashlloyd fit} on real vectors against an independent implementation's results. */
class OracleTest {
  private static final Path ORACLE = Path.of("src/test/resources/oracle");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "words-100d, k64, cpu",
    "words-100d, k64, reference",
    "digits-64d, k10, cpu",
    "digits-64d, k64, cpu"
  })
  void shouldGiveTheOraclesResult(String data, String k, String engine) throws IOException {
    Path expected = ORACLE.resolve(data).resolve(k);
    Path run = folder.resolve("run");
    LocalSpark.session();

    int status =
        Main.run(
            "fit",
            "--input",
            ORACLE.resolve(data).resolve("vectors.npy").toString(),
            "--init",
            expected.resolve("init.npy").toString(),
            "--max-iter",
            "20",
            "--tol",
            "0",
            "--engine",
            engine,
            "--quiet",
            "--output",
            run.toString());

    assertThat(status).isZero();
    assertThat(assignments(run)).isEqualTo(assignmentsOf(expected.resolve("assignments.npy")));
    assertCosts(run, Files.readAllLines(expected.resolve("cost.txt")));
    assertCentroids(run.resolve("centroids.npy"), expected.resolve("centroids.npy"));
  }

  private static int[] assignments(Path run) {
    List<Row> rows =
        LocalSpark.session()
            .read()
            .parquet(run.resolve("assignments").toString())
            .orderBy("id")
            .collectAsList();
    return rows.stream().mapToInt(row -> row.<Integer>getAs("cluster")).toArray();
  }

  /** The int32 values are the file's last bytes. */
  private static int[] assignmentsOf(Path npy) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(npy)).order(ByteOrder.LITTLE_ENDIAN);
    int header = 10 + bytes.getShort(8);
    IntBuffer values = bytes.position(header).slice().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    int[] assignments = new int[values.remaining()];
    values.get(assignments);
    return assignments;
  }

  /** Line i is the cost before update i; the last one that of the returned centroids. */
  private static void assertCosts(Path run, List<String> lines) throws IOException {
    JsonNode report = new ObjectMapper().readTree(run.resolve("report.json").toFile());
    JsonNode iterations = report.path("iterations");
    assertThat(iterations.size()).isBetween(10, lines.size() - 1);
    for (int i = 0; i < iterations.size(); i++) {
      double expected = Double.parseDouble(lines.get(i));
      assertThat(iterations.get(i).path("trainingCost").asDouble() / expected)
          .as("cost of iteration %d", i + 1)
          .isBetween(1 - 1e-9, 1 + 1e-9);
    }
    double last = Double.parseDouble(lines.get(lines.size() - 1));
    assertThat(report.path("trainingCost").asDouble() / last).isBetween(1 - 1e-9, 1 + 1e-9);
  }

  /**
   * The oracle sums in 80 bits: the last bit of a centroid may differ from that of an exact sum.
   */
  private static void assertCentroids(Path actual, Path expected) throws IOException {
    Configuration hadoop = new Configuration();
    float[] ours = CentroidFiles.read(actual.toString(), hadoop).values();
    float[] oracles = CentroidFiles.read(expected.toString(), hadoop).values();
    assertThat(ours).hasSameSizeAs(oracles);
    for (int i = 0; i < ours.length; i++) {
      assertThat(Math.abs(ours[i] - oracles[i]))
          .as("centroid value %d: %s and %s", i, ours[i], oracles[i])
          .isLessThanOrEqualTo(Math.ulp(oracles[i]));
    }
  }
}
