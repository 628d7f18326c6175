package io.flashlloyd.spark.run;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.spark.checkpoint.CheckpointFolder;
import io.flashlloyd.spark.checkpoint.CheckpointSettings;
import io.flashlloyd.spark.checkpoint.CheckpointedFit;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.fit.KMeansFit;
import io.flashlloyd.spark.fit.LloydResult;
import io.flashlloyd.spark.fit.PassResult;
import io.flashlloyd.spark.report.ClusterSizes;
import io.flashlloyd.spark.report.Costs;
import io.flashlloyd.spark.report.Counts;
import io.flashlloyd.spark.report.LiveRun;
import io.flashlloyd.spark.report.LiveRuns;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.report.RunReport;
import io.flashlloyd.spark.report.page.ReportPage;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** A fit from files to a folder of results. */
public final class FitRun {
  private final SparkSession spark;
  private final VectorDataset dataset;
  private final DistanceMeasure measure;
  private final KMeansConfig config;
  private final EngineSettings engine;
  private final int partitions;
  private final Progress progress;
  private CheckpointSettings checkpoints;

  /**
   * @param engine the choice: auto, cpu, gpu or reference
   * @param partitions tasks in each pass; 0 for the default
   */
  public FitRun(
      SparkSession spark,
      VectorDataset dataset,
      DistanceMeasure measure,
      KMeansConfig config,
      String engine,
      int partitions,
      Progress progress) {
    this.spark = spark;
    this.dataset = dataset;
    this.measure = measure;
    this.config = config;
    this.engine = EngineSettings.of(spark.sparkContext(), engine);
    this.partitions = partitions;
    this.progress = progress;
  }

  /** Leaves checkpoints, which are removed once the output is in its place; null for none. */
  public FitRun withCheckpoints(CheckpointSettings settings) {
    checkpoints = settings;
    return this;
  }

  /**
   * Runs and writes the folder {@code output}.
   *
   * @param parameters as the report should name them
   * @param versions of the programs that run
   */
  public void write(
      String output,
      boolean overwrite,
      Map<String, Object> parameters,
      Map<String, String> versions)
      throws IOException {
    try (LiveRun run = LiveRuns.begin("fit %s".formatted(output), progress)) {
      write(output, overwrite, parameters, versions, run);
      run.done();
    }
  }

  private void write(
      String output,
      boolean overwrite,
      Map<String, Object> parameters,
      Map<String, String> versions,
      LiveRun live)
      throws IOException {
    Timeline time = new Timeline();
    FileSource source =
        new FileSource(dataset, spark.sparkContext().hadoopConfiguration(), measure);
    config.checkSize(dataset.rows(), dataset.dimension());
    RunFolder.checkOutside(output, dataset.storedFiles(), source.hadoop());
    if (checkpoints != null) {
      RunFolder.checkApart(output, checkpoints.uri(), source.hadoop());
      CheckpointFolder.check(checkpoints, source.hadoop());
    }
    try (RunFolder folder = RunFolder.create(output, overwrite, source.hadoop());
        InputRows rows =
            new InputRows(
                new JavaSparkContext(spark.sparkContext()), source, engine, partitions, live)) {
      VectorData counted = rows.counted();
      time.end("read");
      CheckpointedFit fit = new CheckpointedFit(counted, config, engine, live);
      LloydResult result = fit.run(checkpoints, source.hadoop());
      Optional<Double> weightedCost =
          rows.weighted()
              ? Optional.of(KMeansFit.trainingCost(counted, result, engine, live))
              : Optional.empty();
      time.end("fit");
      VectorData data = rows.each();
      Assigned assigned = RowAssignment.gather(data, result.centroids(), engine, folder);
      PassResult pass = assigned.pass();
      time.end("assign");
      ModelFolder.write(result.centroids(), measure, folder, spark);
      double costOfRows = ClusterTable.write(folder, assigned, data.scale());
      double cost = weightedCost.orElse(costOfRows);
      time.end("write");
      RunReport report =
          RunReport.of(
              new RunReport.Asked("fit", config.k(), parameters, versions, null),
              Reported.input(data, dataset),
              new RunReport.Outcome(
                  result.centroids().k(),
                  result.converged(),
                  result.iterations(),
                  cost,
                  ClusterSizes.of(pass.sums().counts())),
              Reported.work(data, pass, time),
              null);
      folder.write(new ReportPage(report, pass.sums().counts(), result.centroids(), null));
      folder.commit();
      fit.removeCheckpoints();
      if (!result.converged() && config.maxIter() > 0) {
        live.message(
            "stopped after --max-iter %s; rows were still moving"
                .formatted(Counts.of(config.maxIter(), "iteration")));
      }
      live.message(
          "%s: %s, training cost %s"
              .formatted(output, Counts.of(report.kReturned(), "cluster"), Costs.of(cost)));
      if (dataset.idType() == IdType.ROW_NUMBER) {
        live.message(ClusterExamples.unnamed(output));
      } else {
        ClusterExamples.of(assigned).forEach(live::message);
      }
    }
  }
}
