package io.flashlloyd.spark.export;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.flashlloyd.spark.report.Progress;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;

/**
 * Rows in the order of their lists, by Spark's shuffle: a partition for each range of clusters,
 * sorted in memory where it fits and with local files where it does not.
 */
final class SortedRows {
  private final Dataset<Row> sorted;
  private final long rows;

  private SortedRows(Dataset<Row> sorted, long rows) {
    this.sorted = sorted;
    this.rows = rows;
  }

  /**
   * Rows that will be read and sorted by the job that takes them.
   *
   * @param numbered whether rows are named by their numbers instead of their ids
   * @param line counts the rows that were read
   */
  static SortedRows of(
      SparkSession spark,
      AssignedSplits splits,
      ClusterRanges ranges,
      boolean numbered,
      Progress.Stage line) {
    LongAccumulator read = spark.sparkContext().longAccumulator();
    line.watch(spark.sparkContext(), read);
    boolean texts = !numbered && splits.namedByText();
    RDD<InternalRow> rdd = new RowRdd(spark.sparkContext(), splits, ranges, numbered, read);
    Dataset<Row> sorted =
        ((org.apache.spark.sql.classic.SparkSession) spark)
            .internalCreateDataFrame(rdd, RowRdd.schema(texts), false)
            .repartitionById(ranges.count(), col("range"))
            .sortWithinPartitions("key");
    return new SortedRows(sorted, splits.source().dataset().rows());
  }

  /** Columns {@code cluster}, {@code id} and {@code vector}. */
  Dataset<Row> table() {
    return sorted.select(
        expr("cast(key div %d as int)".formatted(rows)).as("cluster"), col("id"), col("vector"));
  }

  /** The same as Spark's own rows, each valid until the next. */
  RDD<InternalRow> internal() {
    return ((org.apache.spark.sql.classic.Dataset<Row>) table()).queryExecution().toRdd();
  }
}
