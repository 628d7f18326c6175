package io.flashlloyd.spark.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Spark installation as far as launchers know one: {@code jars/} and {@code bin/spark-submit}. */
public final class SparkHome {
  private SparkHome() {}

  /**
   * Makes one of the jars that this project is built with.
   *
   * @param home the repository's root, where the package was built
   * @param spark the folder to make
   */
  public static Path create(Path home, Path spark) throws IOException {
    Path jars = Files.createDirectories(spark.resolve("jars"));
    String classpath = Files.readString(home.resolve("spark-job/target/spark.classpath")).strip();
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
