package io.flashlloyd.spark.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flashlloyd.io.CentroidFiles;
import io.flashlloyd.io.CentroidMatrix;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What inspect says of a run or a model. */
final class RunSummary {
  private RunSummary() {}

  /** A run folder, from its report. */
  static void print(FileSystem files, Path run, PrintWriter out) throws IOException {
    JsonNode report;
    Path file = new Path(run, "report.json");
    try (InputStream in = files.open(file)) {
      report = new ObjectMapper().readTree(in);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s is no report (%s); run the command that wrote it again"
              .formatted(file, e.getOriginalMessage()),
          e);
    }
    out.printf(Locale.ROOT, "run of     flashlloyd %s%n", report.path("command").asText());
    out.printf(Locale.ROOT, "rows       %,d%n", report.path("rows").asLong());
    out.printf(Locale.ROOT, "dimension  %d%n", report.path("dimension").asInt());
    out.printf(Locale.ROOT, "dtype      %s%n", report.path("dtype").asText());
    out.printf(Locale.ROOT, "clusters   %,d%n", report.path("kReturned").asInt());
    out.printf(
        Locale.ROOT,
        "iterations %d%s%n",
        report.path("iterations").size(),
        report.path("converged").asBoolean(true) ? "" : " (not converged)");
    out.printf(Locale.ROOT, "cost       %s%n", report.path("trainingCost").asText());
    JsonNode sizes = report.path("clusterSizes");
    out.printf(
        Locale.ROOT,
        "sizes      %,d to %,d, median %,d, %,d empty%n",
        sizes.path("smallest").asLong(),
        sizes.path("largest").asLong(),
        sizes.path("median").asLong(),
        sizes.path("empty").asLong());
    out.printf(Locale.ROOT, "engine     %s%n", report.path("engine").asText());
  }

  /** A Spark ML model of centroids. */
  static void printModel(Path model, Configuration hadoop, PrintWriter out) throws IOException {
    CentroidMatrix centroids = CentroidFiles.read(new Path(model, "data").toString(), hadoop);
    out.printf(Locale.ROOT, "model      Spark ML%n");
    out.printf(Locale.ROOT, "clusters   %,d%n", centroids.k());
    out.printf(Locale.ROOT, "dimension  %d%n", centroids.dimension());
  }
}
