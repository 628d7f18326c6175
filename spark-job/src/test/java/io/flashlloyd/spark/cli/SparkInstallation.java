package io.flashlloyd.spark.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Maven's jars as an installation, as far as the launcher and Spark's daemons know one: the Spark
 * that the build compiles with, or of the class path that {@code spark.classpath} names.
 */
final class SparkInstallation {
  private SparkInstallation() {}

  /** {@code jars/} and {@code bin/spark-submit} below {@code folder}; made once. */
  static Path in(Path home, Path folder) throws IOException {
    Path spark = folder.resolve("spark");
    if (Files.exists(spark)) {
      return spark;
    }
    Path jars = Files.createDirectories(spark.resolve("jars"));
    String list = System.getProperty("spark.classpath", "spark-job/target/spark.classpath");
    String classpath = Files.readString(home.resolve(list)).strip();
    for (String jar : classpath.split(File.pathSeparator, -1)) {
      Path path = Path.of(jar);
      Files.createSymbolicLink(jars.resolve(path.getFileName()), path);
    }
    Launcher.program(
        spark.resolve("bin/spark-submit"),
        """
        echo "through the test's spark-submit, $1 $2" >&2
        exec "$JAVA_HOME/bin/java" -Xmx1g "@%s" -cp "$SPARK_HOME/jars/*" \\
          org.apache.spark.deploy.SparkSubmit "$@"
        """
            .formatted(home.resolve("conf/jvm-options")));
    return spark;
  }
}
