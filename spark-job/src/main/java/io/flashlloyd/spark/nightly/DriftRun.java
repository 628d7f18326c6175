package io.flashlloyd.spark.nightly;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.spark.FlashKMeansModel;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.PassResult;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.run.Assigned;
import io.flashlloyd.spark.run.ClusterStatistics;
import io.flashlloyd.spark.run.ModelFolder;
import io.flashlloyd.spark.run.RowAssignment;
import io.flashlloyd.spark.run.RunFolder;
import io.flashlloyd.spark.run.StoredRun;
import io.flashlloyd.spark.run.Timeline;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Whether the rows of files are still what a run's clusters were made from. Trains nothing. */
public final class DriftRun {
  static final String FILE = "drift.json";

  private final SparkSession spark;
  private final VectorDataset dataset;
  private final String modelUri;
  private final Centroids centroids;
  private final DistanceMeasure measure;
  private final StoredRun reference;
  private final ClusterStatistics before;
  private final EngineSettings engine;
  private final int partitions;
  private final Progress progress;

  /**
   * @param model a run's folder, or the model in one
   * @param reference the run that knows the old rows' distances
   * @param engine the choice: auto, cpu, gpu or reference
   * @param partitions tasks in each pass; 0 for the default
   */
  public DriftRun(
      SparkSession spark,
      String model,
      StoredRun reference,
      VectorDataset dataset,
      String engine,
      int partitions,
      Progress progress)
      throws IOException {
    this.spark = spark;
    this.dataset = dataset;
    this.modelUri = model;
    this.reference = reference;
    FlashKMeansModel loaded = ModelFolder.load(model, spark);
    this.centroids = loaded.centroids();
    this.measure = DistanceMeasure.of(loaded.getDistanceMeasure());
    this.engine = EngineSettings.of(spark.sparkContext(), engine);
    this.partitions = partitions;
    this.progress = progress;
    if (dataset.dimension() != centroids.dimension()) {
      throw new IllegalArgumentException(
          "Input has dimension %d (expected %d, as model %s)"
              .formatted(dataset.dimension(), centroids.dimension(), model));
    }
    if (reference.report().kReturned() != centroids.k()
        || reference.report().dimension() != centroids.dimension()) {
      throw new IllegalArgumentException(
          "Run %s has %d clusters of dimension %d (expected %d of %d, as model %s)"
              .formatted(
                  reference.uri(),
                  reference.report().kReturned(),
                  reference.report().dimension(),
                  centroids.k(),
                  centroids.dimension(),
                  model));
    }
    this.before = reference.statistics(spark.sparkContext().hadoopConfiguration());
  }

  /**
   * Runs and writes the folder {@code output}.
   *
   * @param parameters as the report should name them
   * @param versions of the programs that run
   */
  public Drift write(
      String output,
      boolean overwrite,
      DriftThresholds thresholds,
      Map<String, Object> parameters,
      Map<String, String> versions)
      throws IOException {
    Timeline time = new Timeline();
    FileSource source =
        new FileSource(dataset, spark.sparkContext().hadoopConfiguration(), measure);
    RunFolder.checkOutside(output, dataset.storedFiles(), source.hadoop());
    RunFolder.checkOutside(output, List.of(modelUri, reference.uri()), source.hadoop());
    try (RunFolder folder = RunFolder.create(output, overwrite, source.hadoop());
        VectorData data =
            VectorData.open(
                new JavaSparkContext(spark.sparkContext()), source, engine, partitions, progress)) {
      time.end("read");
      Assigned found = RowAssignment.compare(data, centroids, engine, before.p99());
      time.end("compare");
      Drift drift = measure(before, data, centroids, found, thresholds);
      PassResult pass = found.pass();
      write(
          new DriftReport(
              DriftReport.decision(drift),
              drift,
              reference.uri(),
              dataset.files(),
              pass.engine(),
              versions,
              parameters,
              time.seconds()),
          folder);
      folder.commit();
      return drift;
    }
  }

  static Drift measure(
      ClusterStatistics before,
      VectorData data,
      Centroids centroids,
      Assigned found,
      DriftThresholds thresholds) {
    PassResult pass = found.pass();
    return Drift.of(
        before,
        pass.sums().counts(),
        pass.sums().trainingCost(data.scale().costShift()),
        found.farRows(),
        thresholds);
  }

  static void write(DriftReport report, RunFolder folder) throws IOException {
    try (OutputStream out = folder.files().create(folder.path(FILE), false)) {
      report.write(out);
    }
  }
}
