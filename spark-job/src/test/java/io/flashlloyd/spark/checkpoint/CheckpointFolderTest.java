package io.flashlloyd.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.fit.LloydState;
import io.flashlloyd.spark.report.IterationReport;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFolderTest {
  private static final Configuration HADOOP = new Configuration();
  private static final RunIdentity IDENTITY = new RunIdentity(Map.of("k", "2", "seed", "7"));

  @TempDir private Path folder;

  @Test
  void shouldGiveBackTheNewestState() throws IOException {
    CheckpointFolder checkpoints = open(settings(1, false), IDENTITY);
    checkpoints.reached(state(0));
    checkpoints.reached(state(1));
    checkpoints.reached(state(2));

    LloydState read = open(settings(1, true), IDENTITY).resumed(5).orElseThrow();

    assertThat(read).isEqualTo(state(2));
    assertThat(place().toFile().list()).containsExactly("iteration-000002");
  }

  @Test
  void shouldGiveBackTheInitialCentroids() throws IOException {
    open(settings(3, false), IDENTITY).reached(state(0));

    LloydState read = open(settings(3, true), IDENTITY).resumed(5).orElseThrow();

    assertThat(read).isEqualTo(state(0));
    assertThat(read.previous()).isNull();
  }

  @Test
  void shouldWriteEverySoManyIterations() throws IOException {
    CheckpointFolder checkpoints = open(settings(3, false), IDENTITY);
    for (int iteration = 0; iteration <= 5; iteration++) {
      checkpoints.reached(state(iteration));
    }

    assertThat(place().toFile().list()).containsExactly("iteration-000003");
  }

  @Test
  void shouldGoOnFromTheOneBeforeWhereTheNewestWasNotFinished() throws IOException {
    Path newest = place().resolve("iteration-000004");
    open(settings(1, false), IDENTITY).reached(state(4));
    Path kept = folder.resolve("kept");
    Files.move(newest, kept);
    open(settings(1, false), IDENTITY).reached(state(3));
    Files.move(kept, newest);
    cutShort(newest.resolve("manifest.json"));

    LloydState read = open(settings(1, true), IDENTITY).resumed(5).orElseThrow();

    assertThat(read.iteration()).isEqualTo(3);
    assertThat(newest).as("the torn one").doesNotExist();
  }

  @Test
  void shouldRefuseOneThatWasDamagedAfterwards() throws IOException {
    Path damaged = place().resolve("iteration-000004");
    for (String name : List.of("centroids.npy", "state.json", "previous.npy")) {
      open(settings(1, false), IDENTITY).reached(state(4));
      cutShort(damaged.resolve(name));
      assertThatThrownBy(() -> open(settings(1, true), IDENTITY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("iteration-000004 is damaged: " + name + " has SHA-256 ")
          .hasMessageContaining("bring the file back, or remove the folder");
      assertThat(damaged.resolve(name)).as("what is left of it").exists();

      Files.delete(damaged.resolve(name));
      assertThatThrownBy(() -> open(settings(1, true), IDENTITY))
          .hasMessageContaining(name + " has SHA-256 none, it is missing (expected ");
      Files.delete(damaged.resolve("manifest.json"));
    }
  }

  /** Of another user, as a disk, HDFS and a store say so. */
  @ParameterizedTest
  @ValueSource(strings = {"disk", "hdfs", "store"})
  void shouldNotTakeWhatMayNotBeReadForNone(String kind) throws IOException {
    open(settings(1, false), IDENTITY).reached(state(4));
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.closed.impl", ClosedFileSystem.class, FileSystem.class);
    hadoop.set(ClosedFileSystem.KIND, kind);
    CheckpointSettings settings = new CheckpointSettings("closed:" + place(), 1, true);

    assertThatThrownBy(() -> CheckpointFolder.open(settings, IDENTITY, hadoop))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("iteration-000004/manifest.json may not be read (")
        .hasMessageEndingWith("; give this user read access, or another --checkpoint");
    assertThatThrownBy(() -> CheckpointFolder.check(settings, hadoop))
        .hasMessageContaining("may not be read");
    assertThat(open(settings(1, true), IDENTITY).resumed(5)).contains(state(4));
  }

  /** The local disk, where nothing may be opened. */
  public static final class ClosedFileSystem extends RawLocalFileSystem {
    static final String KIND = "fs.closed.kind";

    @Override
    public URI getUri() {
      return URI.create("closed:///");
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize)
        throws IOException {
      switch (getConf().get(KIND)) {
        case "disk" -> throw new FileNotFoundException(path + " (Permission denied)");
        case "hdfs" -> throw new AccessControlException("Permission denied: user=tester");
        default -> throw new AccessDeniedException(path.toString());
      }
    }
  }

  /** Who is root may read all. */
  @Test
  void shouldNotTakeAFolderThatMayNotBeSearchedForNone() throws IOException {
    assumeFalse("root".equals(System.getProperty("user.name")), "root may read every file");
    open(settings(1, false), IDENTITY).reached(state(4));
    Path closed = place().resolve("iteration-000004");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    try {
      assertThatThrownBy(() -> open(settings(1, true), IDENTITY))
          .hasMessageContaining("may not be read");
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
    assertThat(open(settings(1, true), IDENTITY).resumed(5)).contains(state(4));
  }

  @Test
  void shouldRefuseAManifestThatSaysNothing() throws IOException {
    open(settings(1, false), IDENTITY).reached(state(4));
    Path manifest = place().resolve("iteration-000004/manifest.json");
    Files.delete(manifest.resolveSibling(".manifest.json.crc"));
    for (String nothing : List.of("null", "{}", "{\"state.json\": null}")) {
      Files.writeString(manifest, nothing);
      assertThatThrownBy(() -> open(settings(1, true), IDENTITY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("iteration-000004 is damaged: manifest.json lists ")
          .hasMessageContaining("bring the file back, or remove the folder");
      assertThat(manifest).as("what is left").exists();
    }
  }

  private static void cutShort(Path file) throws IOException {
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 30));
  }

  @Test
  void shouldNameTheFieldThatDiffers() throws IOException {
    open(settings(1, false), IDENTITY).reached(state(1));
    RunIdentity more = new RunIdentity(Map.of("k", "2", "seed", "7", "metric", "cosine"));
    RunIdentity other = new RunIdentity(Map.of("k", "2", "seed", "8"));

    assertThatThrownBy(() -> open(settings(1, true), other).resumed(5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("its seed is 7 (expected 8, as now)");
    assertThatThrownBy(() -> open(settings(1, true), more).resumed(5))
        .hasMessageContaining("of another run: it names no metric (expected cosine, as now)");
    assertThat(place().resolve("iteration-000001")).as("of the other run").exists();
  }

  @Test
  void shouldRefuseOneOfAnotherVersionOfTheArithmetic() throws IOException {
    RunIdentity now = new RunIdentity(Map.of("arithmetic", "2", "k", "2", "seed", "7"));
    RunIdentity before = new RunIdentity(Map.of("arithmetic", "1", "k", "2", "seed", "7"));

    for (RunIdentity left : List.of(before, IDENTITY)) {
      CheckpointFolder checkpoints = open(settings(1, false), left);
      checkpoints.reached(state(1));
      assertThatThrownBy(() -> open(settings(1, true), now).resumed(5))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is of another version of the program: its arithmetic is ")
          .hasMessageContaining("(expected 2: other bits could come out); go on with that version");
      checkpoints.remove();
    }
  }

  @Test
  void shouldRefuseFewerIterationsThanAreDone() throws IOException {
    open(settings(1, false), IDENTITY).reached(state(4));

    assertThatThrownBy(() -> open(settings(1, true), IDENTITY).resumed(3))
        .hasMessageContaining(
            "has 4 iterations behind it (expected at most 3, as --max-iter says)");
  }

  @Test
  void shouldNotWriteOverAnEarlierRun() throws IOException {
    CheckpointFolder.check(settings(1, false), HADOOP);
    open(settings(1, false), IDENTITY).reached(state(4));

    assertThatThrownBy(() -> CheckpointFolder.check(settings(1, false), HADOOP))
        .hasMessageContaining("iteration-000004 is there already (give --resume");
    CheckpointFolder.check(settings(1, true), HADOOP);
  }

  @Test
  void shouldLeaveOtherFilesAlone() throws IOException {
    Files.createDirectories(place());
    Path note = Files.writeString(place().resolve("iteration-notes.txt"), "mine");
    CheckpointFolder checkpoints = open(settings(1, false), IDENTITY);
    checkpoints.reached(state(1));
    checkpoints.remove();

    assertThat(place().toFile().list()).containsExactly("iteration-notes.txt");
    Files.delete(note);
    checkpoints.remove();
    assertThat(place()).doesNotExist();
  }

  private Path place() {
    return folder.resolve("checkpoints");
  }

  private CheckpointSettings settings(int every, boolean resume) {
    return new CheckpointSettings(place().toUri().toString(), every, resume);
  }

  private static CheckpointFolder open(CheckpointSettings settings, RunIdentity identity)
      throws IOException {
    return CheckpointFolder.open(settings, identity, HADOOP);
  }

  private static LloydState state(int iteration) {
    List<IterationReport> reports = new ArrayList<>();
    for (int i = 1; i <= iteration; i++) {
      reports.add(
          new IterationReport(
              i,
              1.0 / 3 * i,
              0.1 / i,
              9 - i,
              0,
              4L * i,
              Map.of("total", 0.25),
              Map.of("screen", 0.5)));
    }
    return new LloydState(
        centroids(iteration), iteration == 0 ? null : centroids(iteration - 1), reports, false);
  }

  private static Centroids centroids(int iteration) {
    return new Centroids(new float[] {1f / 3, iteration, -0f, Float.MIN_VALUE}, 2, 2);
  }
}
