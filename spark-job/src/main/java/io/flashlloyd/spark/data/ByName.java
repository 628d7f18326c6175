package io.flashlloyd.spark.data;

import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource$;

/** Tables that this project wrote, read back. */
public final class ByName {
  private ByName() {}

  /** A reader to which a path is a name: Spark's own would take run[1] for a glob. */
  public static DataFrameReader read(SparkSession spark) {
    return spark.read().option(DataSource$.MODULE$.GLOB_PATHS_KEY(), "false");
  }
}
