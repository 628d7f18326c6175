package io.flashlloyd.spark.nightly;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.spark.FlashKMeansModel;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.KMeansFit;
import io.flashlloyd.spark.fit.LloydResult;
import io.flashlloyd.spark.fit.PassResult;
import io.flashlloyd.spark.report.ClusterSizes;
import io.flashlloyd.spark.report.Costs;
import io.flashlloyd.spark.report.Counts;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.report.Reindexing;
import io.flashlloyd.spark.report.RowMoves;
import io.flashlloyd.spark.report.RunReport;
import io.flashlloyd.spark.report.page.DriftCharts;
import io.flashlloyd.spark.report.page.ReportPage;
import io.flashlloyd.spark.run.Assigned;
import io.flashlloyd.spark.run.ClusterStatistics;
import io.flashlloyd.spark.run.ClusterTable;
import io.flashlloyd.spark.run.InputRows;
import io.flashlloyd.spark.run.ModelFolder;
import io.flashlloyd.spark.run.RowAssignment;
import io.flashlloyd.spark.run.RunFolder;
import io.flashlloyd.spark.run.StoredRun;
import io.flashlloyd.spark.run.Timeline;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * The nightly job: compare new rows with the run before, fit where that is called for, assign, and
 * write a whole run under the same cluster numbers. One pass decides; where nothing is fitted it is
 * also the assignment.
 */
public final class ReindexRun {
  private final SparkSession spark;
  private final StoredRun previous;
  private final ClusterStatistics before;
  private final Centroids old;
  private final DistanceMeasure measure;
  private final VectorDataset dataset;
  private final Policy policy;
  private final Refit refit;
  private final EngineSettings engine;
  private final int partitions;
  private final Progress progress;

  /**
   * When to fit.
   *
   * @param force fit even where the data is stable
   * @param append where it is stable, add new rows to the previous run's
   * @param reinitFactor how many thresholds a measure may be off before old centroids are no start
   */
  public record Policy(
      DriftThresholds thresholds, boolean force, boolean append, double reinitFactor) {}

  /**
   * @param engine the choice: auto, cpu, gpu or reference
   * @param partitions tasks in each pass; 0 for the default
   */
  public ReindexRun(
      SparkSession spark,
      StoredRun previous,
      VectorDataset dataset,
      Policy policy,
      Refit refit,
      String engine,
      int partitions,
      Progress progress)
      throws IOException {
    this.spark = spark;
    this.previous = previous;
    this.dataset = dataset;
    this.policy = policy;
    this.refit = refit.after(previous.report());
    this.engine = EngineSettings.of(spark.sparkContext(), engine);
    this.partitions = partitions;
    this.progress = progress;
    if (!previous.hasModel()) {
      throw new IllegalArgumentException(
          "Run %s of `flashlloyd %s` has no model (expected a run of fit or reindex)"
              .formatted(previous.uri(), previous.report().command()));
    }
    FlashKMeansModel model = previous.model(spark);
    this.old = model.centroids();
    this.measure = DistanceMeasure.of(model.getDistanceMeasure());
    if (dataset.dimension() != old.dimension()) {
      throw new IllegalArgumentException(
          "Input has dimension %d (expected %d, as run %s)"
              .formatted(dataset.dimension(), old.dimension(), previous.uri()));
    }
    if (dataset.spec().idColumn() != null && previous.input().idColumn() == null) {
      throw new IllegalArgumentException(
          "--id-column is %s, but the rows of run %s have numbers only (expected ids in both; leave"
                  .formatted(dataset.spec().idColumn(), previous.uri())
              + " it away, or fit once more with it)");
    }
    if (policy.append()) {
      if (dataset.spec().weightColumn() != null) {
        throw new IllegalArgumentException(
            "--append: rows have weights, from column %s (expected rows that all count once)"
                .formatted(dataset.spec().weightColumn()));
      }
      AppendedRows.checkColumns(previous, dataset.spec().column(), dataset.spec().idColumn());
    }
    this.before = previous.statistics(spark.sparkContext().hadoopConfiguration());
  }

  /** What was fitted, if anything was, and how rows were assigned. */
  private record Outcome(ClusterNumbers clusters, LloydResult lloyd, Assigned assigned) {
    PassResult pass() {
      return assigned.pass();
    }
  }

  /** What is in the folder in the end. */
  @SuppressWarnings("ArrayRecordComponent") // a large value, passed on, never compared
  private record Written(
      long rows, double cost, long[] sizes, List<String> inputs, RowMoves moves) {}

  /**
   * Runs and writes the folder {@code output}.
   *
   * @param given parameters as the report should name them; those of a fit are added
   * @param versions of the programs that run
   */
  public Decision write(
      String output, boolean overwrite, Map<String, Object> given, Map<String, String> versions)
      throws IOException {
    Timeline time = new Timeline();
    FileSource source =
        new FileSource(dataset, spark.sparkContext().hadoopConfiguration(), measure);
    RunFolder.checkOutside(output, dataset.storedFiles(), source.hadoop());
    RunFolder.checkOutside(output, List.of(previous.uri()), source.hadoop());
    Map<String, Object> parameters = new LinkedHashMap<>(given);
    refit.describe(parameters);
    parameters.put("distance", measure.label());
    try (RunFolder folder = RunFolder.create(output, overwrite, source.hadoop());
        InputRows rows =
            new InputRows(
                new JavaSparkContext(spark.sparkContext()), source, engine, partitions, progress)) {
      VectorData data = rows.each();
      time.end("read");
      Assigned compared = RowAssignment.compare(data, old, engine, folder, before.p99());
      PassResult firstPass = compared.pass();
      time.end("compare");
      Drift drift = DriftRun.measure(before, data, old, compared, policy.thresholds());
      Decision decision =
          Decision.of(drift, sameK(), policy.force(), policy.append(), policy.reinitFactor());
      String reason = reason(decision, drift);
      progress.message("%s: %s".formatted(decision.label(), reason));
      if (policy.append() && decision != Decision.APPEND) {
        AppendedRows.requireAllRows(previous, data.spark(), data.rows(), folder, decision, reason);
      }
      Outcome outcome = outcome(decision, rows, compared, folder, time);
      ModelFolder.write(outcome.clusters().centroids(), measure, folder, spark);
      Written written =
          decision == Decision.APPEND
              ? append(data, outcome, folder)
              : finish(rows, data.scale(), outcome, folder);
      time.end("write");
      DriftRun.write(
          new DriftReport(
              DriftReport.decision(drift),
              drift,
              previous.uri(),
              dataset.files(),
              firstPass.engine(),
              versions,
              parameters,
              time.seconds()),
          folder);
      RunReport report =
          report(
              written,
              outcome,
              decision,
              reason,
              parameters,
              versions,
              data.readStages().seconds(),
              time);
      folder.write(
          new ReportPage(
              report,
              written.sizes(),
              outcome.clusters().centroids(),
              charts(drift, before, firstPass)));
      folder.commit();
      progress.message(
          "%s: %s, %s, training cost %s"
              .formatted(
                  output,
                  Counts.of(written.rows(), "row"),
                  Counts.of(outcome.clusters().centroids().k(), "cluster"),
                  Costs.of(written.cost())));
      return decision;
    }
  }

  /** The k that was asked for: a run of fewer distinct rows returned fewer clusters. */
  private boolean sameK() {
    return refit.k() == previous.report().k();
  }

  private String reason(Decision decision, Drift drift) {
    if (!sameK()) {
      return "k is %d (was %d)".formatted(refit.k(), previous.report().k());
    }
    return switch (decision) {
      case SKIP, APPEND -> "stable";
      case WARM_START -> drift.drifted() ? drift.reason() : "stable, forced";
      case RE_INIT -> "far off, " + drift.reason();
    };
  }

  private Outcome outcome(
      Decision decision, InputRows rows, Assigned first, RunFolder folder, Timeline time)
      throws IOException {
    if (decision == Decision.SKIP || decision == Decision.APPEND) {
      return new Outcome(ClusterNumbers.kept(old), null, first);
    }
    folder.files().delete(folder.path(RowAssignment.FOLDER), true);
    boolean warm = decision == Decision.WARM_START;
    LloydResult lloyd =
        KMeansFit.run(rows.counted(), warm ? refit.warm(old) : refit.scratch(), engine, progress);
    time.end("fit");
    ClusterNumbers clusters =
        warm
            ? ClusterNumbers.kept(lloyd.centroids())
            : ClusterNumbers.match(old, lloyd.centroids());
    time.end("match");
    Assigned assigned = RowAssignment.gather(rows.each(), clusters.centroids(), engine, folder);
    time.end("assign");
    return new Outcome(clusters, lloyd, assigned);
  }

  private Written finish(InputRows rows, SumScale scale, Outcome outcome, RunFolder folder)
      throws IOException {
    PartialSums sums = outcome.pass().sums();
    double costOfRows = ClusterTable.write(folder, outcome.assigned(), scale);
    double cost = rows.weighted() ? rows.cost(outcome.clusters().centroids()) : costOfRows;
    RowMoves moves = null;
    if (dataset.spec().idColumn() != null) {
      List<String> assigned = RowAssignment.files(folder);
      long both = previous.report().rows() + sums.rows();
      moves =
          MovesTable.of(
                  new JavaSparkContext(spark.sparkContext()),
                  previous.assignmentFiles(),
                  assigned,
                  both)
              .write(false, folder)
              .moves();
    }
    return new Written(sums.rows(), cost, sums.counts(), dataset.files(), moves);
  }

  private Written append(VectorData data, Outcome outcome, RunFolder folder) throws IOException {
    AppendedRows all =
        AppendedRows.write(
            previous,
            before,
            outcome.assigned(),
            data.scale(),
            dataset.files(),
            folder,
            data.spark());
    return new Written(all.rows(), all.cost(), all.sizes(), all.inputs(), all.moves());
  }

  private static DriftCharts charts(Drift drift, ClusterStatistics before, PassResult compared) {
    return DriftCharts.of(
        DriftReport.decision(drift),
        drift.measures().stream()
            .map(m -> new DriftCharts.Measure(m.name(), m.value(), m.expected() + m.threshold()))
            .toList(),
        before.sizes(),
        compared.sums().counts());
  }

  private RunReport report(
      Written written,
      Outcome outcome,
      Decision decision,
      String reason,
      Map<String, Object> parameters,
      Map<String, String> versions,
      Map<String, Double> readStages,
      Timeline time) {
    ClusterNumbers clusters = outcome.clusters();
    LloydResult lloyd = outcome.lloyd();
    return RunReport.of(
        new RunReport.Asked("reindex", refit.k(), parameters, versions, null),
        new RunReport.Input(
            written.rows(),
            dataset.dimension(),
            dataset.type().label(),
            written.inputs(),
            dataset.inputFiles()),
        new RunReport.Outcome(
            clusters.centroids().k(),
            lloyd == null ? null : lloyd.converged(),
            lloyd == null ? List.of() : lloyd.iterations(),
            written.cost(),
            ClusterSizes.of(written.sizes())),
        new RunReport.Work(
            outcome.pass().engine(),
            time.seconds(),
            new RunReport.PassStages(readStages, outcome.pass().stages().seconds())),
        new Reindexing(
            previous.uri(),
            decision.label(),
            reason,
            clusters.added(),
            clusters.retired(),
            clusters.renumbered(),
            written.moves()));
  }
}
