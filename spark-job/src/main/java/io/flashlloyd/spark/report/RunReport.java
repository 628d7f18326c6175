package io.flashlloyd.spark.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flashlloyd.io.InputFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * {@code report.json}: what was run on what, and what came out (meanings in contract section 8).
 * Written last of a run's files. The components are the file's keys; {@link #of} makes one.
 *
 * @param command {@code fit}, {@code assign} or {@code reindex}
 * @param rows of the input
 * @param dtype the rows' type, lower case
 * @param k clusters asked for
 * @param kReturned clusters in the model
 * @param engine what did the arithmetic
 * @param versions of Flash-Lloyd, Spark, Java
 * @param parameters as given or by default
 * @param inputs the files read, in order
 * @param files how many files were read, and how many names passed over, and why; null in reports
 *     of before 2026-12
 * @param model the model that rows were assigned to; null where the run has its own
 * @param converged whether it stopped by itself; null where nothing was fitted
 * @param iterations of Lloyd's algorithm
 * @param trainingCost of the returned centroids
 * @param clusterSizes of the returned centroids
 * @param seconds wall time by stage
 * @param stages work by stage of the passes that are no iterations
 * @param reindexing how it follows from the run before; null but for reindex
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunReport(
    String command,
    long rows,
    int dimension,
    String dtype,
    int k,
    int kReturned,
    String engine,
    Map<String, String> versions,
    Map<String, Object> parameters,
    List<String> inputs,
    InputFiles files,
    String model,
    Boolean converged,
    List<IterationReport> iterations,
    double trainingCost,
    ClusterSizes clusterSizes,
    Map<String, Double> seconds,
    PassStages stages,
    Reindexing reindexing) {
  /**
   * Work by stage, as of an {@link IterationReport}.
   *
   * @param read of pass 0
   * @param assign of the pass that wrote assignments
   */
  public record PassStages(Map<String, Double> read, Map<String, Double> assign) {}

  /** What was asked for. */
  public record Asked(
      String command,
      int k,
      Map<String, Object> parameters,
      Map<String, String> versions,
      String model) {}

  /** What it was run on. */
  public record Input(
      long rows, int dimension, String dtype, List<String> inputs, InputFiles files) {}

  /** What came out; {@code k} clusters. */
  public record Outcome(
      int k,
      Boolean converged,
      List<IterationReport> iterations,
      double trainingCost,
      ClusterSizes sizes) {}

  /** What it took. */
  public record Work(String engine, Map<String, Double> seconds, PassStages stages) {}

  /**
   * The report of a run.
   *
   * @param reindexing null but for reindex
   */
  public static RunReport of(
      Asked asked, Input input, Outcome outcome, Work work, Reindexing reindexing) {
    return new RunReport(
        asked.command,
        input.rows,
        input.dimension,
        input.dtype,
        asked.k,
        outcome.k,
        work.engine,
        asked.versions,
        asked.parameters,
        input.inputs,
        input.files,
        asked.model,
        outcome.converged,
        outcome.iterations,
        outcome.trainingCost,
        outcome.sizes,
        work.seconds,
        work.stages,
        reindexing);
  }

  /**
   * Reads what {@link #write} wrote; the stream stays open. What a newer version added is left out.
   *
   * @throws com.fasterxml.jackson.core.JsonProcessingException where it is no such JSON
   */
  public static RunReport read(InputStream in) throws IOException {
    return new ObjectMapper()
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .readValue(new String(in.readAllBytes(), StandardCharsets.UTF_8), RunReport.class);
  }

  /** The same run with other lists in it. */
  public RunReport with(List<IterationReport> newIterations, List<String> newInputs) {
    return of(
        new Asked(command, k, parameters, versions, model),
        new Input(rows, dimension, dtype, newInputs, files),
        new Outcome(kReturned, converged, newIterations, trainingCost, clusterSizes),
        new Work(engine, seconds, stages),
        reindexing);
  }

  /** Writes JSON; the stream stays open. */
  public void write(OutputStream out) throws IOException {
    ReportJson.write(out, this);
  }
}
