package io.flashlloyd.spark.export;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.lists.UpperLevel;
import io.flashlloyd.io.lists.VectorChordTable;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.io.output.IndexMetric;
import io.flashlloyd.spark.FlashKMeansModel;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.report.Counts;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.run.RowAssignment;
import io.flashlloyd.spark.run.RunFolder;
import io.flashlloyd.spark.run.StoredRun;
import io.flashlloyd.spark.run.Timeline;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** A model, and the rows in its clusters, to a folder of files that a vector store opens. */
public final class ExportRun {
  /** Assignments of rows that the run does not know, until they are exported. */
  private static final String ASSIGNED = ".assigned";

  private final SparkSession spark;
  private final Configuration hadoop;
  private final ExportTarget target;
  private final StoredRun run;
  private final VectorDataset input;
  private final DistanceMeasure measure;
  private final Centroids model;
  private final CentroidMatrix centroids;
  private final Progress progress;

  /**
   * @param run whose model is exported, with its own rows unless there are others
   * @param input other rows, that are assigned first; null for the run's own
   */
  public ExportRun(
      SparkSession spark,
      StoredRun run,
      VectorDataset input,
      ExportTarget target,
      Progress progress)
      throws IOException {
    this.spark = spark;
    this.hadoop = spark.sparkContext().hadoopConfiguration();
    this.target = target;
    this.run = run;
    this.input = input;
    FlashKMeansModel kMeans = run.model(spark);
    this.measure = DistanceMeasure.of(kMeans.getDistanceMeasure());
    this.model = kMeans.centroids();
    this.centroids = new CentroidMatrix(model.values(), model.k(), model.dimension());
    this.progress = progress;
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
    Timeline time = new Timeline();
    RunFolder.checkOutside(output, List.of(run.uri()), hadoop);
    IndexMetric metric =
        measure == DistanceMeasure.COSINE ? IndexMetric.INNER_PRODUCT : IndexMetric.L2;
    try (RunFolder folder = RunFolder.create(output, overwrite, hadoop);
        Shared<Centroids> shared =
            Shared.broadcast(new JavaSparkContext(spark.sparkContext()), model)) {
      AssignedSplits splits = null;
      String ids = null;
      if (target.format().centroidsOnly()) {
        writeCentroids(folder, metric);
      } else {
        splits = rows(folder, output, shared);
        time.end("assign");
        RowExport export =
            new RowExport(spark, target.format(), splits, centroids, metric, progress);
        export.write(folder.writing().toString());
        ids = export.numbered() ? "row" : "id";
        folder.files().delete(folder.path(ASSIGNED), true);
      }
      time.end("export");
      VectorDataset dataset = splits == null ? null : splits.source().dataset();
      new ExportReport(
              target.format().optionName(),
              run.uri(),
              centroids.k(),
              centroids.dimension(),
              dataset == null ? null : dataset.rows(),
              metric.name().toLowerCase(Locale.ROOT),
              ids,
              versions,
              parameters,
              dataset == null ? null : dataset.files(),
              time.seconds())
          .write(folder.files(), folder.writing());
      folder.commit();
      progress.message(
          "%s: %s of %s%s"
              .formatted(
                  output,
                  target.format().optionName(),
                  Counts.of(centroids.k(), "cluster"),
                  dataset == null ? "" : " and " + Counts.of(dataset.rows(), "row")));
    }
  }

  private void writeCentroids(RunFolder folder, IndexMetric metric) throws IOException {
    if (target.format() == ExportFormat.FAISS_FLAT) {
      String file = folder.path("centroids.faiss").toString();
      CentroidFiles.writeFaissFlat(file, centroids, metric, hadoop);
      return;
    }
    UpperLevel upper = null;
    if (target.parents() > 0) {
      EngineSettings engine = EngineSettings.of(spark.sparkContext(), target.engine());
      upper = UpperCentroids.of(centroids, target.parents(), engine);
    }
    VectorChordTable.write(folder.writing().toString(), centroids, upper, metric, hadoop);
  }

  /** The rows and their assignments: the run's own where they lie as its input does. */
  private AssignedSplits rows(RunFolder folder, String output, Shared<Centroids> shared)
      throws IOException {
    VectorDataset dataset = input == null ? run.dataset(hadoop) : input;
    RunFolder.checkOutside(output, dataset.storedFiles(), hadoop);
    FileSource source = new FileSource(dataset, hadoop, measure);
    if (input == null) {
      Optional<AssignedSplits> own = AssignedSplits.find(source, run.assignmentFiles(), shared);
      if (own.isPresent()) {
        return own.get();
      }
      progress.message(
          "the assignments of %s are not cut as its input is: assigning anew".formatted(run.uri()));
    }
    if (dataset.dimension() != model.dimension()) {
      throw new IllegalArgumentException(
          "Input has dimension %d (expected %d, as model %s)"
              .formatted(dataset.dimension(), model.dimension(), run.uri()));
    }
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    EngineSettings engine = EngineSettings.of(spark.sparkContext(), target.engine());
    List<String> assigned;
    try (VectorData data =
        VectorData.open(context, source, engine, target.partitions(), progress.stages())) {
      assigned = RowAssignment.write(data, model, engine, folder.path(ASSIGNED));
    }
    return AssignedSplits.find(source, assigned, shared)
        .orElseThrow(() -> new IllegalStateException("Assigning left splits out: " + assigned));
  }
}
