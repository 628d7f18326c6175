package io.flashlloyd.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.fit.EmptyCluster;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.run.FitRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tab and the metrics of a real Spark, while a fit runs and after it. */
class FlashLloydPluginIT {
  private static final int ROWS = 700;
  private static final String HOSTILE = "run<script>alert(1)</script>";

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static final List<String> TABS = new ArrayList<>();
  private static final List<JsonNode> METRICS = new ArrayList<>();
  private static final List<IterationReport> ITERATIONS = new ArrayList<>();

  /** Looks at UI and metrics at the end of each iteration, on the driver's own thread. */
  private static final class Looking implements Progress {
    @Override
    public Stage stage(String name, long rows) {
      return Stage.silent();
    }

    @Override
    public void message(String text) {}

    @Override
    public void iteration(IterationReport report) {
      ITERATIONS.add(report);
      TABS.add(get("/k-means/"));
      METRICS.add(metrics());
    }
  }

  @BeforeAll
  static void fitWhileLooking() throws IOException {
    SparkSession.getDefaultSession()
        .foreach(
            session -> {
              session.stop();
              return null;
            });
    spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("plugin")
            .config("spark.ui.enabled", "true")
            .config("spark.ui.port", "0")
            .config("spark.plugins", FlashLloydPlugin.class.getName())
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate();
    assertThat(get("/k-means/")).contains("No run has begun yet.");
    VectorDataset dataset = VectorDataset.open(InputSpec.of(vectors()), new Configuration());
    KMeansConfig config =
        new KMeansConfig(7, 4, 0, 1, KMeansConfig.RANDOM, 2, null, 1, EmptyCluster.KEEP);
    new FitRun(spark, dataset, DistanceMeasure.EUCLIDEAN, config, "cpu", 1, new Looking())
        .write(folder.resolve(HOSTILE).toString(), false, Map.of(), Map.of("flashlloyd", "test"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static String vectors() throws IOException {
    float[] values = new float[ROWS * 5];
    Random random = new Random(3);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Path file = folder.resolve("v.fbin");
    CentroidFiles.write(VectorFormat.FBIN, file.toString(), values, ROWS, 5, new Configuration());
    return file.toString();
  }

  private static String get(String path) {
    try {
      HttpResponse<String> answer =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NORMAL)
              .build()
              .send(
                  HttpRequest.newBuilder(URI.create(spark.sparkContext().uiWebUrl().get() + path))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode metrics() {
    try {
      ObjectMapper mapper = new ObjectMapper();
      JsonNode gauges = mapper.readTree(get("/metrics/json/")).path("gauges");
      ObjectNode ours = mapper.createObjectNode();
      // In local mode an executor's gauges are there before the application has an id to begin
      // with.
      String plugin = "plugin." + FlashLloydPlugin.class.getName() + ".";
      for (Map.Entry<String, JsonNode> gauge : gauges.properties()) {
        int at = gauge.getKey().indexOf(plugin);
        if (at >= 0) {
          String name = gauge.getKey().substring(at + plugin.length());
          ours.set(name, gauge.getValue().path("value"));
        }
      }
      return ours;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldShowTheRunWhileItRuns() {
    assertThat(TABS).hasSize(4);
    for (int i = 0; i < TABS.size(); i++) {
      assertThat(TABS.get(i))
          .contains("<p>running, ", "http-equiv=\"refresh\"", "<polyline points=\"")
          .contains("<td>%,d</td>".formatted(ITERATIONS.get(i).movedRows()));
      assertThat(TABS.get(i).split("<tr><td>", -1)).hasSize(i + 2);
    }
  }

  @Test
  void shouldShowTheRunAfterItsEnd() {
    String tab = get("/k-means/");

    assertThat(tab)
        .contains("<p>done, ", "engine: cpu: ", "7 clusters, training cost ")
        .doesNotContain("http-equiv=\"refresh\"");
  }

  @Test
  void shouldShowHostileNamesAsText() {
    assertThat(get("/k-means/"))
        .contains("run&lt;script&gt;alert(1)&lt;/script&gt;")
        .doesNotContain("<script>alert");
  }

  @Test
  void shouldOfferTheTabOnSparksOtherPages() {
    assertThat(get("/jobs/")).contains("/k-means/\">k-means</a>");
  }

  @Test
  void shouldGiveTheDriversNumbersToSparksMetrics() {
    for (int i = 0; i < METRICS.size(); i++) {
      IterationReport report = ITERATIONS.get(i);
      JsonNode metrics = METRICS.get(i);
      assertThat(metrics.path("iteration").asDouble()).isEqualTo(i + 1.0);
      assertThat(metrics.path("trainingCost").asDouble()).isEqualTo(report.trainingCost());
      assertThat(metrics.path("movedRows").asDouble()).isEqualTo((double) report.movedRows());
      assertThat(metrics.path("centroidShift").asDouble()).isEqualTo(report.centroidShift());
    }
  }

  @Test
  void shouldGiveTheExecutorsNumbersToSparksMetrics() {
    long before = METRICS.get(0).path("rowsAssigned").asLong();
    for (int i = 0; i < METRICS.size(); i++) {
      JsonNode metrics = METRICS.get(i);
      assertThat(metrics.path("rowsAssigned").asLong()).isEqualTo(before + (long) i * ROWS);
      assertThat(metrics.path("storeMemoryBytes").asLong()).isGreaterThanOrEqualTo(ROWS * 5 * 4L);
    }
    assertThat(metrics().path("rowsAssigned").asLong())
        .as("four iterations and the assignment")
        .isEqualTo(before + 4L * ROWS);
    assertThat(metrics().path("storeMemoryBytes").asLong()).as("freed").isZero();
  }
}
