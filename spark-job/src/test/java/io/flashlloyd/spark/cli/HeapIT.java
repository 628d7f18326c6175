package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command whose task runs out of heap, in a process of its own as the launcher starts it. */
class HeapIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final long MINUTES = 5;

  @TempDir private Path folder;

  @Test
  void shouldSayWhichMemoryRanOutInATask() throws IOException, InterruptedException {
    String input = VectorFiles.fbin(folder.resolve("v.fbin"), VectorFiles.blobs(30, 3, 1));

    String shown = fit("512m", "--input=hungry:" + input, "--k=2");

    assertThat(shown)
        .containsPattern(
            "flashlloyd: memory ran out: Java heap space; give a larger heap: FLASHLLOYD_HEAP")
        .doesNotContain("interrupted", "\tat ");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("v.fbin", "output");
  }

  /** Where results of tasks are more than the driver holds, while its command waits for them. */
  @Test
  void shouldEndWhereAThreadOfTheDriverRunsOutOfMemory() throws IOException, InterruptedException {
    String shown =
        fit(
            "600m",
            "--input=synthetic:rows=200000,dim=128,dtype=f32",
            "--k=150000",
            "--max-iter=0");

    assertThat(shown)
        .containsOnlyOnce("flashlloyd: ")
        .contains("flashlloyd: memory ran out: ")
        .doesNotContain("interrupted", "\tat ");
    assertThat(folder.toFile().list()).containsExactly("output");
  }

  @Test
  void shouldSayThatSparkWantsALargerHeap() throws IOException, InterruptedException {
    String input = VectorFiles.fbin(folder.resolve("v.fbin"), VectorFiles.blobs(30, 3, 1));

    assertThat(fit("200m", "--input=" + input, "--k=2"))
        .containsPattern("flashlloyd: The heap has \\d+ MiB \\(Spark expects 450 or more")
        .doesNotContain("\tat ");
  }

  /** What a fit shows that fails. */
  private String fit(String heap, String... options) throws IOException, InterruptedException {
    File output = folder.resolve("output").toFile();
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "@" + HOME.resolve("conf/jvm-options"),
                "-Dlog4j2.configurationFile=" + HOME.resolve("conf/log4j2-embedded.properties"),
                "-Xmx" + heap,
                "-Dspark.hadoop.fs.hungry.impl=" + HungryFileSystem.class.getName(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "fit",
                "--output=" + folder.resolve("run")));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
    String shown = Files.readString(output.toPath());
    assertThat(process.exitValue()).as(shown).isEqualTo(1);
    return shown;
  }
}
