package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Scala notebook in Scala's REPL, cell by cell, with the cluster jar and Spark on its class
 * path and the {@code spark} that spark-shell would bring.
 */
class ScalaNotebookIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final long MINUTES = 8;

  private static final String SPARK_SHELL =
      """
      System.setProperty("spark.master", "local[2]")
      System.setProperty("spark.ui.enabled", "false")
      val spark = org.apache.spark.sql.SparkSession.builder().getOrCreate()
      import spark.implicits._
      """;

  @TempDir private Path folder;

  @Test
  void shouldRunFromTopToBottom() throws IOException, InterruptedException {
    List<String> cells =
        Notebook.code(HOME.resolve("spark-job/notebooks/clusters-of-words-scala.ipynb"));
    Path input = folder.resolve("cells");
    Files.writeString(input, SPARK_SHELL + String.join("\n", cells) + "\n:quit\n");
    File output = folder.resolve("output").toFile();
    Process repl =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "@" + HOME.resolve("conf/jvm-options"),
                "-Xmx1g",
                "-Dlog4j2.configurationFile=" + HOME.resolve("conf/log4j2-embedded.properties"),
                "-cp",
                classPath(),
                "scala.tools.nsc.MainGenericRunner",
                "-usejavacp",
                "-Xjline:off")
            .directory(HOME.resolve("spark-job/notebooks").toFile())
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output)
            .start();
    if (!repl.waitFor(MINUTES, TimeUnit.MINUTES)) {
      repl.destroyForcibly();
    }

    String shown = Files.readString(output.toPath());
    assertThat(repl.exitValue()).as(shown).isZero();
    assertThat(shown)
        .contains("6000 words", "k=64, ", "largest clusters")
        .contains("saved and loaded: the same centroids")
        .containsPattern("\riteration \\d+: cost ")
        .doesNotContain("error:", "Exception");
  }

  /** The jar that a cluster gets, Spark, and the REPL from this test's own class path. */
  private static String classPath() throws IOException {
    String own =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String repl =
        Arrays.stream(own.split(File.pathSeparator, -1))
            .filter(jar -> jar.matches(".*/(scala-(compiler|reflect)|jline|java-diff-utils)[^/]*"))
            .collect(Collectors.joining(File.pathSeparator));
    String spark = Files.readString(HOME.resolve("spark-job/target/spark.classpath")).strip();
    return String.join(File.pathSeparator, PySparkIT.jar(), repl, spark);
  }
}
