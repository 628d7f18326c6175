package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flashlloyd.io.output.CentroidFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ends of what a fit may be asked for. */
class SmallFitTest {
  private static final float[][] ROWS = VectorFiles.blobs(40, 3, 8);

  @TempDir private Path folder;

  @Test
  void shouldReturnTheMeanForOneCluster() throws IOException {
    fit(ROWS, "--k", "1");

    double[] mean = new double[3];
    for (float[] row : ROWS) {
      for (int t = 0; t < 3; t++) {
        mean[t] += row[t] / 40.0;
      }
    }
    float[] centroid = centroids();
    assertThat(centroid).hasSize(3);
    for (int t = 0; t < 3; t++) {
      assertThat((double) centroid[t]).isEqualTo(mean[t], offset(Math.ulp(centroid[t])));
    }
    assertThat(Tables.read(folder.resolve("run/assignments"), "id"))
        .allSatisfy(row -> assertThat(row.getInt(1)).isZero());
  }

  @Test
  void shouldReturnTheDistinctRowsWhereKIsMore() throws IOException {
    float[][] rows = {{1, 2}, {5, 6}, {1, 2}, {0, 0}, {-0f, 0}, {5, 6}};

    CommandRun fit = fit(rows, "--k", "5");

    assertThat(fit.err())
        .contains("Warning: the data has 3 distinct rows (k is 5): they are the centroids");
    assertThat(report().path("k").asInt()).isEqualTo(5);
    assertThat(report().path("kReturned").asInt()).isEqualTo(3);
    assertThat(report().path("trainingCost").asDouble()).isZero();
    List<String> centroids = new ArrayList<>();
    float[] values = centroids();
    for (int at = 0; at < values.length; at += 2) {
      centroids.add(Arrays.toString(new float[] {values[at] + 0f, values[at + 1] + 0f}));
    }
    assertThat(centroids).containsExactlyInAnyOrder("[1.0, 2.0]", "[5.0, 6.0]", "[0.0, 0.0]");
  }

  @Test
  void shouldNameARowThatIsFarOutAndLeaveTheOthersAlone() throws IOException {
    fit(ROWS, "--k", "5", "--tol", "0", "--max-iter", "50");
    double cost = report().path("trainingCost").asDouble();
    float[][] rows = Arrays.copyOf(ROWS, 41);
    rows[40] = new float[] {3, -3e38f, 3};

    CommandRun fit = fit(rows, "--k", "6", "--tol", "0", "--max-iter", "50", "--overwrite");

    assertThat(fit.err().lines().filter(line -> line.startsWith("Warning")))
        .singleElement()
        .asString()
        .contains(".fbin, row 40, column 1: the value is 3.0E38 in magnitude");
    assertThat(report().path("trainingCost").asDouble()).isEqualTo(cost);
    assertThat(Tables.read(folder.resolve("run/clusters.parquet"), "cluster"))
        .extracting(row -> row.getLong(1))
        .containsExactlyInAnyOrder(8L, 8L, 8L, 8L, 8L, 1L);
  }

  @Test
  void shouldKeepTheInitialCentroidsWithoutIterations() throws IOException {
    float[][] initial = {{9, 8, 7}, {1e6f, 0, -3}};
    String init = VectorFiles.fvecs(folder.resolve("init.fvecs"), initial);

    fit(ROWS, "--max-iter", "0", "--init", init);

    assertThat(centroids()).containsExactly(9, 8, 7, 1e6f, 0, -3);
    assertThat(report().path("iterations")).isEmpty();
    assertThat(report().path("clusterSizes").path("empty").asInt()).isEqualTo(1);
    assertThat(report().path("converged").asBoolean()).isFalse();
  }

  @Test
  void shouldGoOnFromTheCentroidsOfAnotherRun() throws IOException {
    fit(ROWS, "--k", "4", "--tol", "0", "--max-iter", "50");
    assertThat(report().path("converged").asBoolean()).isTrue();
    float[] before = centroids();

    String init = folder.resolve("run/centroids.npy").toString();
    fit(ROWS, "--tol", "0", "--init", init, "--overwrite");

    assertThat(centroids()).containsExactly(before);
    assertThat(report().path("kReturned").asInt()).isEqualTo(4);
  }

  @Test
  void shouldTakeTheModelOfAnotherRunAsInitialCentroids() throws IOException {
    fit(ROWS, "--k", "12", "--max-iter", "2");
    float[] before = centroids();

    String init = folder.resolve("run/model").toString();
    fit(ROWS, "--max-iter", "0", "--init", init, "--overwrite");

    assertThat(centroids()).containsExactly(before);
  }

  private CommandRun fit(float[][] rows, String... more) throws IOException {
    String input = VectorFiles.fbin(folder.resolve("v.fbin"), rows);
    List<String> args = new ArrayList<>(List.of("fit", "--input", input));
    args.addAll(List.of("--output", folder.resolve("run").toString()));
    args.addAll(List.of(more));
    CommandRun fit = CommandRun.of(args);
    assertThat(fit.status()).as(fit.err()).isZero();
    return fit;
  }

  private float[] centroids() throws IOException {
    String file = folder.resolve("run/centroids.npy").toString();
    return CentroidFiles.read(file, new Configuration()).values();
  }

  private JsonNode report() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("run/report.json").toFile());
  }

  private static org.assertj.core.data.Offset<Double> offset(float ulp) {
    return org.assertj.core.data.Offset.offset((double) ulp);
  }
}
