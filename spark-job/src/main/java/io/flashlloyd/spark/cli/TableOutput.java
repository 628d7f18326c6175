package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.run.AssignmentTable;
import io.flashlloyd.spark.run.StoredRun;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** The option that names a table for assignments. */
final class TableOutput {
  @Option(
      names = "--output-table",
      paramLabel = "NAME",
      description =
          "A table of the session's catalogs that gets id and cluster of each row, once --output is"
              + " there; made if it is not. reindex merges its changes into it.")
  private String table;

  /** Refuses a table that may not be replaced. */
  void check(SparkSession spark, boolean replace) {
    if (table != null) {
      new AssignmentTable(spark, table).check(replace);
    }
  }

  /** Writes what the run in that folder assigned. */
  void write(SparkSession spark, RunOptions run) throws IOException {
    if (table != null) {
      new AssignmentTable(spark, table).write(stored(spark, run));
      run.progress().message("table " + table + " is written");
    }
  }

  /** Writes what is another in that run than in the table. */
  void merge(SparkSession spark, RunOptions run) throws IOException {
    if (table != null) {
      new AssignmentTable(spark, table).merge(stored(spark, run));
      run.progress().message("table " + table + " is brought up to date");
    }
  }

  private static StoredRun stored(SparkSession spark, RunOptions run) throws IOException {
    return StoredRun.open(run.output(), spark.sparkContext().hadoopConfiguration());
  }

  /** As the report has it. */
  void describe(Map<String, Object> parameters) {
    if (table != null) {
      parameters.put("outputTable", table);
    }
  }
}
