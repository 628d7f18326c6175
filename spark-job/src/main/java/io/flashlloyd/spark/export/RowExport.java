package io.flashlloyd.spark.export;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.lists.ClusterLists;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.io.output.IndexMetric;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.report.Progress;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/** Writes rows and centroids in one format, into a folder that is not in its place yet. */
final class RowExport {
  private final SparkSession spark;
  private final JavaSparkContext context;
  private final Configuration hadoop;
  private final ExportFormat format;
  private final AssignedSplits splits;
  private final CentroidMatrix centroids;
  private final IndexMetric metric;
  private final Progress progress;

  RowExport(
      SparkSession spark,
      ExportFormat format,
      AssignedSplits splits,
      CentroidMatrix centroids,
      IndexMetric metric,
      Progress progress) {
    this.spark = spark;
    this.context = new JavaSparkContext(spark.sparkContext());
    this.hadoop = spark.sparkContext().hadoopConfiguration();
    this.format = format;
    this.splits = splits;
    this.centroids = centroids;
    this.metric = metric;
    this.progress = progress;
  }

  /** Whether rows are named by their numbers, for lack of ids or because the format takes none. */
  boolean numbered() {
    return splits.source().dataset().idType() == IdType.ROW_NUMBER
        || format.numbersRows()
        || (splits.namedByText() && !format.takesTexts());
  }

  void write(String folder) throws IOException {
    switch (format) {
      case PGVECTOR -> copy(folder);
      case LANCE -> {
        writeCentroids(VectorFormat.NPY, folder + "/centroids.npy");
        writeCentroids(VectorFormat.ARROW, folder + "/centroids.arrow");
        LanceTable.write(splits, folder, progress);
      }
      default -> lists(folder);
    }
    if (numbered() && splits.source().dataset().idType() != IdType.ROW_NUMBER) {
      IdMap.write(context, splits, folder);
    }
  }

  /** A file for each split, in the input's order: PostgreSQL wants no other. */
  private void copy(String folder) throws IOException {
    List<Integer> all = splits.numbers();
    try (Progress.Stage line = stage()) {
      LongAccumulator rows = spark.sparkContext().longAccumulator();
      line.watch(spark.sparkContext(), rows);
      context.parallelize(all, all.size()).foreach(new CopyTask(splits, folder, rows));
      line.done();
    }
    PgVectorScript.write(splits, folder, hadoop);
  }

  private void lists(String folder) throws IOException {
    boolean texts = !numbered() && splits.namedByText();
    ListFiles files = new ListFiles(format, folder, texts, new SerializableConfiguration(hadoop));
    try (Progress.Stage line = stage()) {
      ClusterLists lists = new ClusterLists(centroids, sizes(), metric);
      ClusterRanges ranges = ranges(lists.sizes());
      try (Shared<ClusterLists> shared = Shared.broadcast(context, lists);
          ScatteredRows rows = ScatteredRows.of(context, splits, ranges, numbered(), line)) {
        if (files.parallel()) {
          rows.ranges().foreachPartition(new ListTask(files, shared, ranges));
        } else {
          new InOrderRdd(rows.ranges().rdd())
              .toJavaRDD()
              .foreachPartition(new ListTask(files, shared, ClusterRanges.all(lists.k())));
        }
      }
      line.done();
    }
    files.writeCentroids(centroids);
  }

  private Progress.Stage stage() {
    return progress.stage("export", splits.source().dataset().rows());
  }

  /** Rows of each list, counted in the assignments. */
  private long[] sizes() {
    int k = centroids.k();
    AssignedSplits counted = splits;
    return context
        .parallelize(splits.assignments(), context.defaultParallelism())
        .mapPartitions(files -> List.of(counted.sizes(files, k)).iterator())
        .treeReduce(
            (a, b) -> {
              Arrays.setAll(a, list -> a[list] + b[list]);
              return a;
            });
  }

  private ClusterRanges ranges(long[] sizes) {
    return ClusterRanges.of(sizes, (long) centroids.dimension() * Float.BYTES + 2L * Long.BYTES);
  }

  private void writeCentroids(VectorFormat in, String uri) throws IOException {
    CentroidFiles.write(in, uri, centroids.values(), centroids.k(), centroids.dimension(), hadoop);
  }
}
