package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    File output = folder.resolve("output").toFile();

    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "@" + HOME.resolve("conf/jvm-options"),
                "-Dlog4j2.configurationFile=" + HOME.resolve("conf/log4j2-embedded.properties"),
                "-Xmx512m",
                "-Dspark.hadoop.fs.hungry.impl=" + HungryFileSystem.class.getName(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "fit",
                "--input",
                "hungry:" + input,
                "--k=2",
                "--output=" + folder.resolve("run"))
            .redirectErrorStream(true)
            .redirectOutput(output)
            .start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }

    String shown = Files.readString(output.toPath());
    assertThat(shown)
        .containsPattern(
            "flashlloyd: memory ran out: Java heap space; a heap of 4\\d\\d MiB is not")
        .doesNotContain("interrupted", "\tat ");
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("v.fbin", "output");
  }
}
