package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flashlloyd.spark.FlashKMeansModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --distance cosine}, from fit to assign. */
class CosineCommandTest {
  @TempDir private Path folder;

  @Test
  void shouldFitAndAssignByCosine() throws IOException {
    float[][] rows = VectorFiles.blobs(120, 4, 3);
    String input = VectorFiles.fbin(folder.resolve("v.fbin"), rows);
    Path run = folder.resolve("run");
    Path assigned = folder.resolve("assigned");
    succeed(
        List.of(
            "fit",
            "--quiet",
            "--input",
            input,
            "--k",
            "5",
            "--distance",
            "cosine",
            "--output",
            run.toString()));
    succeed(
        List.of(
            "assign",
            "--quiet",
            "--model",
            run.toString(),
            "--input",
            input,
            "--output",
            assigned.toString()));

    FlashKMeansModel model = FlashKMeansModel.load(run.resolve("model").toString());
    assertThat(model.getDistanceMeasure()).isEqualTo("cosine");
    double cost = 0;
    List<Row> found = Tables.read(run.resolve("assignments"), "id");
    for (int i = 0; i < rows.length; i++) {
      double[] row = new double[] {rows[i][0], rows[i][1], rows[i][2], rows[i][3]};
      int cluster = found.get(i).<Integer>getAs("cluster");
      assertThat(model.predict(Vectors.dense(row))).isEqualTo(cluster);
      double distance = 1 - cosine(row, model.clusterCenters()[cluster].toArray());
      assertThat((double) found.get(i).<Float>getAs("distance")).isCloseTo(distance, within(1e-6));
      cost += distance;
    }
    assertThat(Tables.read(assigned.resolve("assignments"), "id")).isEqualTo(found);
    JsonNode fit = new ObjectMapper().readTree(run.resolve("report.json").toFile());
    JsonNode assign = new ObjectMapper().readTree(assigned.resolve("report.json").toFile());
    assertThat(fit.path("parameters").path("distance").asText()).isEqualTo("cosine");
    assertThat(assign.path("parameters").path("distance").asText()).isEqualTo("cosine");
    assertThat(fit.path("trainingCost").asDouble()).isCloseTo(cost, within(1e-4));
    assertThat(assign.path("trainingCost").asDouble())
        .isEqualTo(fit.path("trainingCost").asDouble());
  }

  @Test
  void shouldRefuseAnotherDistance() throws IOException {
    String input = VectorFiles.fbin(folder.resolve("v.fbin"), VectorFiles.blobs(10, 4, 3));
    CommandRun run =
        CommandRun.of(
            "fit",
            "--input",
            input,
            "--k",
            "2",
            "--distance",
            "manhattan",
            "--output",
            folder.resolve("run").toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--distance").contains("manhattan").contains("cosine");
  }

  private static void succeed(List<String> args) {
    CommandRun run = CommandRun.of(args);
    assertThat(run.status()).as(run.err()).isZero();
  }

  private static double cosine(double[] x, double[] c) {
    double dot = 0;
    double xx = 0;
    double cc = 0;
    for (int t = 0; t < x.length; t++) {
      dot += x[t] * c[t];
      xx += x[t] * x[t];
      cc += c[t] * c[t];
    }
    return dot / Math.sqrt(xx * cc);
  }
}
