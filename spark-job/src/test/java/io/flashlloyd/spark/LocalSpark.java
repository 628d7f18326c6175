package io.flashlloyd.spark;

import io.flashlloyd.spark.executor.EngineSettings;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** The session that all tests of a JVM share. */
public final class LocalSpark {
  /** An engine for its executor. */
  public static final EngineSettings ENGINE = new EngineSettings("cpu", 2);

  private LocalSpark() {}

  /** The session of all tests of this process. */
  public static SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("tests")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate();
  }

  public static JavaSparkContext context() {
    return new JavaSparkContext(session().sparkContext());
  }
}
