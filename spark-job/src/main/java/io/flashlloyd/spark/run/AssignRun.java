package io.flashlloyd.spark.run;

import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.spark.FlashKMeansModel;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.PassResult;
import io.flashlloyd.spark.report.ClusterSizes;
import io.flashlloyd.spark.report.Counts;
import io.flashlloyd.spark.report.LiveRun;
import io.flashlloyd.spark.report.LiveRuns;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.report.RunReport;
import io.flashlloyd.spark.report.page.ReportPage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Rows of files to the clusters of a model. */
public final class AssignRun {
  private final SparkSession spark;
  private final VectorDataset dataset;
  private final String modelUri;
  private final FlashKMeansModel model;
  private final EngineSettings engine;
  private final int partitions;
  private final Progress progress;

  /**
   * @param model a run's folder, or the model in it
   * @param engine the choice: auto, cpu, gpu or reference
   * @param partitions tasks in each pass; 0 for the default
   */
  public AssignRun(
      SparkSession spark,
      String model,
      VectorDataset dataset,
      String engine,
      int partitions,
      Progress progress)
      throws IOException {
    this.spark = spark;
    this.dataset = dataset;
    this.modelUri = model;
    this.model = ModelFolder.load(model, spark);
    this.engine = EngineSettings.of(spark.sparkContext(), engine);
    this.partitions = partitions;
    this.progress = progress;
    if (dataset.dimension() != this.model.numFeatures()) {
      throw new IllegalArgumentException(
          "Input has dimension %d (expected %d, as model %s)"
              .formatted(dataset.dimension(), this.model.numFeatures(), model));
    }
  }

  /** Rows in the form that the model's distance needs. */
  private FileSource source() {
    return new FileSource(
        dataset,
        spark.sparkContext().hadoopConfiguration(),
        DistanceMeasure.of(model.getDistanceMeasure()));
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
    try (LiveRun run = LiveRuns.begin("assign %s".formatted(output), progress)) {
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
    Map<String, Object> described = new LinkedHashMap<>(parameters);
    described.put("distance", model.getDistanceMeasure());
    Timeline time = new Timeline();
    FileSource source = source();
    RunFolder.checkOutside(output, dataset.storedFiles(), source.hadoop());
    RunFolder.checkOutside(output, List.of(modelUri), source.hadoop());
    try (RunFolder folder = RunFolder.create(output, overwrite, source.hadoop());
        VectorData data =
            VectorData.open(
                new JavaSparkContext(spark.sparkContext()), source, engine, partitions, live)) {
      time.end("read");
      PassResult pass = RowAssignment.write(data, model.centroids(), engine, folder);
      time.end("assign");
      int k = model.centroids().k();
      RunReport report =
          RunReport.of(
              new RunReport.Asked(
                  "assign", k, described, versions, RunFolder.qualified(modelUri, source.hadoop())),
              Reported.input(data, dataset),
              new RunReport.Outcome(
                  k,
                  null,
                  List.of(),
                  pass.sums().trainingCost(data.scale().costShift()),
                  ClusterSizes.of(pass.sums().counts())),
              Reported.work(data, pass, time),
              null);
      folder.write(new ReportPage(report, pass.sums().counts(), model.centroids(), null));
      folder.commit();
      live.message("%s: %s assigned".formatted(output, Counts.of(data.rows(), "row")));
    }
  }
}
