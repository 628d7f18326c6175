package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.executor.GpuResources;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * The session of a command: spark-submit's, the caller's, or one in this process where there is
 * none.
 */
final class SparkStart {
  private static final String VECTORS = "jdk.incubator.vector";

  /**
   * A store that has answered once and then no more is given up after 4 x 3 times a minute of
   * silence. As Hadoop comes, that is 8 x 5 times 200 seconds.
   */
  private static final Map<String, String> S3A =
      Map.of(
          "fs.s3a.connection.establish.timeout",
          "15000", // the least that it takes
          "fs.s3a.connection.timeout",
          "60000",
          "fs.s3a.attempts.maximum",
          "3",
          "fs.s3a.retry.limit",
          "3");

  private SparkStart() {}

  /** What a command does with a session. */
  interface Work {
    void run(SparkSession spark) throws IOException;
  }

  /** What Spark's memory manager takes as the least: 1.5 times what it reserves. */
  private static final long LEAST_HEAP = 450L << 20;

  /** Runs the work; a session that was started for it is stopped after it. */
  static void with(String command, Work work) throws IOException {
    requireVectors();
    if (SparkSession.getDefaultSession().isDefined()) {
      work.run(SparkSession.getDefaultSession().get());
      return;
    }
    SparkConf conf = conf(command);
    GpuResources.checkLocal(conf);
    try (LocalFolders folders = inProcess(conf) ? LocalFolders.of(conf) : LocalFolders.none();
        SparkSession spark = SparkSession.builder().config(folders.in(conf)).getOrCreate()) {
      work.run(spark);
    }
  }

  /** Rows may be read for hours before the driver needs it. */
  private static void requireVectors() {
    if (ModuleLayer.boot().findModule(VECTORS).isEmpty()) {
      throw new IllegalArgumentException(
          ("The driver's JVM has no module %s (expected --add-modules=%<s among its options: in a"
                  + " standalone cluster it gets them by spark.driver.extraJavaOptions)")
              .formatted(VECTORS));
    }
  }

  static SparkConf conf(String command) {
    SparkConf conf =
        new SparkConf()
            .setIfMissing("spark.app.name", "flashlloyd " + command)
            .setIfMissing("spark.broadcast.compress", "false"); // centroids do not compress
    Configuration files = new Configuration();
    S3A.forEach(
        (name, value) -> {
          if (isDefault(files, name)) { // else it is set for all programs of this machine
            conf.setIfMissing("spark.hadoop." + name, value);
          }
        });
    if (!conf.contains("spark.master")) {
      long heap = Runtime.getRuntime().maxMemory();
      if (heap < LEAST_HEAP) {
        throw new IllegalArgumentException(
            "The heap has %d MiB (Spark expects 450 or more: set FLASHLLOYD_HEAP=1g, for example)"
                .formatted(heap >> 20));
      }
      // Embedded: nobody looks at a UI, and a heartbeat a second keeps the progress line fresh.
      conf.setMaster("local[*]")
          .setIfMissing("spark.ui.enabled", "false")
          .setIfMissing(
              "spark.authenticate", "true") // its ports are open to others on this machine
          .setIfMissing("spark.driver.bindAddress", "127.0.0.1")
          .setIfMissing("spark.driver.host", "127.0.0.1")
          .setIfMissing("spark.executor.heartbeatInterval", "1s")
          .setIfMissing("spark.sql.shuffle.partitions", "4");
    }
    if (inProcess(conf)) {
      // A task that has run out of memory fails with its reason, instead of ending this process.
      conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
    }
    return conf;
  }

  private static boolean isDefault(Configuration files, String name) {
    String[] sources = files.getPropertySources(name);
    return sources == null || List.of(sources).equals(List.of("core-default.xml"));
  }

  /** Whether driver and executor are this process. */
  private static boolean inProcess(SparkConf conf) {
    return conf.get("spark.master", "").matches("local(\\[.*)?");
  }
}
