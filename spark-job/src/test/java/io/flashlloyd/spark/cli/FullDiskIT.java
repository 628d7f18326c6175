package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.flashlloyd.spark.run.StoredRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands, as processes of their own, whose output, checkpoint or temporary files meet a disk that
 * is full or may not be written: a small file system in memory. Skipped where the test may not
 * mount one.
 */
@Timeout(300)
class FullDiskIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Configuration HADOOP = new Configuration();
  private static final int OLD_ROWS = 60;
  private static final int ROWS = 40_000;

  @TempDir private Path folder;

  private Path disk;
  private String old;
  private String large;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    String refused = system("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString());
    assumeThat(refused).as("why no small disk can be mounted here").isEmpty();
    old = VectorFiles.fbin(folder.resolve("old.fbin"), VectorFiles.blobs(OLD_ROWS, 16, 1));
    large = VectorFiles.fbin(folder.resolve("large.fbin"), VectorFiles.blobs(ROWS, 16, 1));
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      system("umount", disk.toString());
    }
  }

  @Test
  void shouldKeepTheOldRunWhereTheOutputsDiskIsFull() throws Exception {
    Path run = disk.resolve("run");
    assertThat(fit(List.of(), old, run)).startsWith("0");
    fill(100_000);

    String said = fit(List.of(), large, run);
    assertThat(said).startsWith("1").contains("no space is left", "--output", run.toString());
    assertOld(said, run);
    assertThat(hidden(run)).isEmpty();
  }

  /** A disk of its own for the output: nothing can be beside it. */
  @Test
  void shouldReplaceAnOutputThatIsAMountPoint() throws Exception {
    assertThat(fit(List.of(), old, disk)).startsWith("0");
    assertThat(fit(List.of(), large, disk)).startsWith("0");
    assertThat(StoredRun.open(disk.toString(), HADOOP).report().rows()).isEqualTo(ROWS);
    assertThat(hidden(disk)).isEmpty();

    fill(100_000);
    String said = fit(List.of(), large, disk);
    assertThat(said).startsWith("1").contains("no space is left", "--output", disk.toString());
    assertThat(StoredRun.open(disk.toString(), HADOOP).report().rows()).isEqualTo(ROWS);
  }

  @Test
  void shouldKeepTheOldRunWhereTheCheckpointsDiskIsFull() throws Exception {
    Path run = folder.resolve("run");
    assertThat(fit(List.of(), old, run)).startsWith("0");
    fill(50_000);

    Path checkpoint = disk.resolve("checkpoint");
    String said = fit(List.of(), large, run, "--k=2000", "--checkpoint=" + checkpoint);
    assertThat(said)
        .startsWith("1")
        .contains("Checkpoint ", checkpoint.toString(), "No space left", "--checkpoint");
    assertOld(said, run);
  }

  /** A run that has nothing to put there does without it. */
  @Test
  void shouldNeedNoTemporaryRoomWhereMemoryHasIt() throws Exception {
    fill(0);
    assertThat(fit(List.of("-Dspark.local.dir=" + disk), large, folder.resolve("run")))
        .startsWith("0");
  }

  @Test
  void shouldNameTheFolderOfChunksThatIsFull() throws Exception {
    Path run = folder.resolve("run");
    assertThat(fit(List.of(), old, run)).startsWith("0");
    fill(300_000);
    List<String> spill =
        List.of(
            "-Dspark.local.dir=" + disk,
            "-Dspark.flashlloyd.store.pinned.bytes=0",
            "-Dspark.flashlloyd.store.host.bytes=100000",
            "-Dspark.flashlloyd.store.disk.bytes=1g");

    String said = fit(spill, large, run);
    assertThat(said).startsWith("1").contains("cannot be spilled to " + disk, "spark.local.dir");
    assertOld(said, run);
  }

  @Test
  void shouldNameWhatMayNotBeWritten() throws Exception {
    Path run = disk.resolve("run");
    assertThat(fit(List.of(), old, run)).startsWith("0");
    system("mount", "-o", "remount,ro", disk.toString());

    String output = fit(List.of(), large, run);
    assertThat(output).startsWith("1").contains(run.toString(), "--output");
    assertOld(output, run);
    Path checkpoint = disk.resolve("checkpoint");
    String kept = fit(List.of(), large, folder.resolve("other"), "--checkpoint=" + checkpoint);
    assertThat(kept).startsWith("1").contains(checkpoint.toString(), "--checkpoint");
    String local = fit(List.of("-Dspark.local.dir=" + disk), large, folder.resolve("other"));
    assertThat(local).startsWith("1").contains(disk.toString(), "spark.local.dir");
    assertThat(kept + local).doesNotContain("\tat ");
    assertThat(folder.resolve("other")).doesNotExist();
  }

  private static void assertOld(String said, Path run) throws IOException {
    assertThat(said).doesNotContain("\tat ");
    assertThat(StoredRun.open(run.toString(), HADOOP).report().rows()).isEqualTo(OLD_ROWS);
  }

  private static List<String> hidden(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(".flashlloyd"))
          .toList();
    }
  }

  /** Leaves about so many bytes of the disk. */
  private void fill(long bytes) throws IOException {
    long free = Files.getFileStore(disk).getUsableSpace();
    Files.write(disk.resolve("full"), new byte[(int) Math.max(0, free - bytes)]);
  }

  /** The exit status, and what it said. */
  private String fit(List<String> jvm, String input, Path output, String... more) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + HOME.resolve("conf/jvm-options"));
    command.add("-Xmx1g");
    command.addAll(jvm);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "fit", "--quiet", "--overwrite", "--max-iter=3"));
    command.addAll(List.of("--input", input, "--output", output.toString(), "--init=random"));
    command.addAll(List.of(more));
    if (Stream.of(more).noneMatch(word -> word.startsWith("--k="))) {
      command.add("--k=3");
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + " " + said;
  }

  /** Nothing, or why it did not work. */
  private static String system(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? "" : said + " ";
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
