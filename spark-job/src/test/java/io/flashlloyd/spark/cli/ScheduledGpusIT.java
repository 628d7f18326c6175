package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where Spark schedules GPUs, fits of groups and subspaces ask for them as other fits do: engines
 * are open on the GPUs that Spark gave, whoever uses them, and passes over rows in executors are
 * given to tasks that have them. No GPU is needed: engine {@code auto} takes CPUs instead.
 */
class ScheduledGpusIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path folder;

  @Test
  void shouldOpenEnginesOnTheGpusThatSparkSchedules() throws IOException, InterruptedException {
    Path script = folder.resolve("discovery");
    Launcher.program(script, "echo '{\"name\": \"gpu\", \"addresses\": [\"5\"]}'");
    List<String> gpus =
        run(
            "spark.master=local-cluster[2,1,1024]",
            "spark.worker.resource.gpu.amount=1",
            "spark.worker.resource.gpu.discoveryScript=" + script,
            "spark.executor.resource.gpu.amount=1",
            "spark.executor.resource.gpu.discoveryScript=" + script,
            "spark.executor.extraClassPath=" + System.getProperty("java.class.path"));
    List<String> local = run("spark.master=local[2]");

    assertThat(fits(gpus)).hasSize(8).isEqualTo(fits(local));
    assertThat(line(gpus, "engines ")).contains("devices=[5]").doesNotContain("devices=[]");
    assertThat(Integer.parseInt(line(gpus, "large stages "))).isGreaterThan(6);
    assertThat(Integer.parseInt(line(gpus, "slices stages "))).isGreaterThan(4);
    assertThat(line(local, "engines ")).contains("devices=[]");
    assertThat(line(local, "large stages ")).isEqualTo("0");
  }

  /** Lines with the centroids of a fit. */
  private static List<String> fits(List<String> lines) {
    return lines.stream()
        .filter(line -> line.matches("(groups|large|slices) \\d+ -?\\d+"))
        .toList();
  }

  private static String line(List<String> lines, String start) {
    return lines.stream()
        .filter(line -> line.startsWith(start))
        .findFirst()
        .orElseThrow()
        .substring(start.length());
  }

  private List<String> run(String... settings) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-Xmx1g", "@" + HOME.resolve("conf/jvm-options")));
    for (String setting : settings) {
      command.add("-D" + setting);
    }
    command.addAll(List.of("-Dspark.ui.enabled=false", "-Dspark.driver.host=127.0.0.1"));
    command.add("-Dspark.sql.shuffle.partitions=4");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ScheduledGpus.class.getName());
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.directory(folder.toFile());
    builder.environment().put("SPARK_HOME", SparkInstallation.in(HOME, folder).toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(9, TimeUnit.MINUTES)).as(Files.readString(err)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    return Files.readAllLines(out);
  }
}
