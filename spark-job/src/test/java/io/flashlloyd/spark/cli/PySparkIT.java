package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Python package in the cluster jar and the PySpark notebook, run by python3 where that has a
 * PySpark (PYTHONPATH counts). Spark itself is this project's.
 */
class PySparkIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final long MINUTES = 8;

  @TempDir private static Path folder;
  private static Path spark;

  @BeforeEach
  void findPySpark() throws IOException, InterruptedException {
    String missing = "python3 has no PySpark: put one of Spark 4.1 into PYTHONPATH";
    try {
      assumeTrue(python(List.of("-c", "import pyspark")).status() == 0, missing);
    } catch (IOException e) {
      assumeTrue(false, "python3 is not there: " + e.getMessage());
    }
    spark = SparkInstallation.in(HOME, folder);
  }

  @Test
  void shouldWorkOnARealPySpark() throws IOException, InterruptedException {
    Launcher.Ended run =
        python(List.of(HOME.resolve("spark-job/src/test/python/test_flashlloyd.py").toString()));

    assertThat(run.status()).as(run.out() + run.err()).isZero();
    assertThat(run.err()).containsPattern("Ran \\d\\d? tests").contains("OK");
  }

  @Test
  void shouldRunTheNotebookFromTopToBottom() throws IOException, InterruptedException {
    Path program = folder.resolve("notebook.py");
    Path notebook = HOME.resolve("spark-job/notebooks/clusters-of-words-pyspark.ipynb");
    Files.writeString(program, String.join("\n\n", Notebook.code(notebook)));

    Launcher.Ended run = python(List.of(program.toString()));

    assertThat(run.status()).as(run.out() + run.err()).isZero();
    assertThat(run.out()).contains("largest clusters", "saved and loaded: the same centroids");
  }

  private static Launcher.Ended python(List<String> args) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "python", ".out");
    Path err = Files.createTempFile(folder, "python", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(Stream.concat(Stream.of("python3"), args.stream()).toList())
            .directory(HOME.resolve("spark-job/notebooks").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    if (spark != null) {
      builder.environment().put("SPARK_HOME", spark.toString());
      builder
          .environment()
          .put("PYSPARK_SUBMIT_ARGS", "--jars %1$s --py-files %1$s pyspark-shell".formatted(jar()));
    }
    Process process = builder.start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IllegalStateException("python3 hangs: " + Files.readString(err));
    }
    return new Launcher.Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** The jar that a cluster gets. */
  static String jar() throws IOException {
    try (Stream<Path> files = Files.list(HOME.resolve("spark-job/target"))) {
      return files
          .map(Path::toFile)
          .filter(file -> file.getName().matches("flashlloyd-spark-[^-]*(-SNAPSHOT)?\\.jar"))
          .map(File::getPath)
          .findFirst()
          .orElseThrow();
    }
  }
}
