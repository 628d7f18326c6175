package io.flashlloyd.spark.many;

import io.flashlloyd.spark.data.DataFrameSource;
import io.flashlloyd.spark.data.JavaBytes;
import io.flashlloyd.spark.data.VectorColumns;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.executor.OpenEngineTask;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.many.GroupTask.Outcome;
import io.flashlloyd.spark.report.Progress;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.LongAccumulator;

/**
 * One fit for each group of a DataFrame's rows: Spark's shuffle brings a group's rows together, and
 * a task fits it where it lies, without a job for each iteration. A group that is too large for
 * that is fitted by all executors, after the others. Either way its centroids have the bits of a
 * fit of that group alone.
 *
 * @param columns that make the vectors
 * @param groupColumn rows belong together whose values here are the same as strings
 * @param maxBytes of decoded vectors that one task may hold; 0 for its share of the executor's
 */
public record GroupedFit(
    VectorColumns columns,
    String groupColumn,
    KMeansConfig config,
    EngineSettings engine,
    long maxBytes) {
  private static final String GROUP = "group";

  /** The groups' fits, in no order. */
  public List<MemberFit> run(Dataset<?> data, Progress progress) {
    JavaSparkContext spark = new JavaSparkContext(data.sparkSession().sparkContext());
    List<MemberFit> fits = new ArrayList<>();
    List<String> large = new ArrayList<>();
    for (Outcome outcome : small(spark, data, progress)) {
      if (outcome.fit() == null) {
        large.add(outcome.group());
      } else {
        fits.add(outcome.fit());
      }
    }
    for (String group : large) {
      fits.add(alone(spark, data, group, progress));
    }
    check(fits);
    return fits;
  }

  private List<Outcome> small(JavaSparkContext spark, Dataset<?> data, Progress progress) {
    try (Progress.Stage line = progress.stage("groups", -1)) {
      LongAccumulator rows = spark.sc().longAccumulator();
      line.watch(spark.sc(), rows);
      // Groups' tasks take a core each, and share the engine that has their executor's GPUs.
      OpenEngineTask.everywhere(spark.sc(), engine);
      GroupTask task = new GroupTask(columns, groupColumn, config, engine, maxBytes, rows);
      List<byte[]> results =
          sorted(data).queryExecution().toRdd().toJavaRDD().mapPartitions(task).collect();
      line.done();
      return results.stream().map(bytes -> JavaBytes.<Outcome>read(bytes)).toList();
    }
  }

  private Dataset<Row> sorted(Dataset<?> data) {
    Column[] selected = columns.of(data, group(data).as(GROUP));
    return data.select(selected)
        .repartition(functions.col(GROUP))
        .sortWithinPartitions(functions.col(GROUP));
  }

  private Column group(Dataset<?> data) {
    return data.col(groupColumn).cast(DataTypes.StringType);
  }

  private MemberFit alone(
      JavaSparkContext spark, Dataset<?> data, String group, Progress progress) {
    DataFrameSource source = new DataFrameSource(data.filter(group(data).equalTo(group)), columns);
    try (VectorData rows = VectorData.open(spark, source, engine, 0, progress)) {
      return MemberFit.of(group, rows, config, engine, progress);
    }
  }

  private void check(List<MemberFit> fits) {
    if (fits.isEmpty()) {
      throw columns.noRows();
    }
    MemberFit first = fits.get(0);
    for (MemberFit fit : fits) {
      if (fit.centroids().dimension() != first.centroids().dimension()) {
        throw new IllegalArgumentException(
            "Groups %s and %s have vectors of different lengths: %d and %d (expected one dimension)"
                .formatted(
                    first.member(),
                    fit.member(),
                    first.centroids().dimension(),
                    fit.centroids().dimension()));
      }
    }
  }
}
