package io.flashlloyd.spark.run;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.RowWeights;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.KMeansFit;
import io.flashlloyd.spark.fit.LloydResult;
import io.flashlloyd.spark.report.Progress;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A run's rows: by what they count, for fits and their cost, and each once, for assignments and
 * what drift compares. Where there are weights, each of the two is read when it is asked for, and
 * the other is given up: rows of weight 0 are in one of them only. Used by one thread.
 */
public final class InputRows implements AutoCloseable {
  private final JavaSparkContext spark;
  private final FileSource source;
  private final EngineSettings engine;
  private final int partitions;
  private final Progress progress;
  private RowWeights weights;
  private VectorData data;

  /**
   * @param partitions tasks in each pass; 0 for the default
   */
  public InputRows(
      JavaSparkContext spark,
      FileSource source,
      EngineSettings engine,
      int partitions,
      Progress progress) {
    this.spark = spark;
    this.source = source;
    this.engine = engine;
    this.partitions = partitions;
    this.progress = progress;
  }

  /** Whether rows have weights. */
  public boolean weighted() {
    return source.dataset().spec().weightColumn() != null;
  }

  /** Every row once. */
  public VectorData each() {
    return data != null && !data.weighted() ? data : open(source);
  }

  /** Rows by what they count; the same where they have no weights. */
  public VectorData counted() {
    if (!weighted()) {
      return each();
    }
    if (weights == null) {
      try (Progress.Stage line = progress.stage("weights", -1)) {
        weights = RowWeights.of(spark, source.dataset());
        line.done();
      }
    }
    return data != null && data.weighted() ? data : open(source.weighted(weights));
  }

  /** The training cost of centroids: of rows by what they count. */
  public double cost(Centroids centroids) {
    LloydResult result = new LloydResult(centroids, List.of(), true);
    return KMeansFit.trainingCost(counted(), result, engine, progress);
  }

  private VectorData open(FileSource from) {
    close();
    data = VectorData.open(spark, from, engine, partitions, progress);
    return data;
  }

  @Override
  public void close() {
    if (data != null) {
      data.close();
      data = null;
    }
  }
}
