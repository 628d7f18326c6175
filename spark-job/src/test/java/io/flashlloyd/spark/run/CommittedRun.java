package io.flashlloyd.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.io.CommittedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A run of several files that all hold its name, and what became of its commit; on any file system.
 */
final class CommittedRun implements Runnable {
  private static final List<String> NAMES =
      List.of("report.json", "assignments/part-ID", "a.npy", "model/data/part", "drift.json");

  final RunFolder folder;
  private final String text;
  private final Configuration hadoop;
  private IOException failure;
  private boolean ended;

  private CommittedRun(RunFolder folder, String text, Configuration hadoop) {
    this.folder = folder;
    this.text = text;
    this.hadoop = hadoop;
  }

  /** A run that has written all, and committed nothing. */
  static CommittedRun written(String uri, boolean overwrite, String text, Configuration hadoop)
      throws IOException {
    return begun(uri, overwrite, text, hadoop).write();
  }

  /** A run that has written nothing yet. */
  static CommittedRun begun(String uri, boolean overwrite, String text, Configuration hadoop)
      throws IOException {
    return new CommittedRun(RunFolder.create(uri, overwrite, hadoop), text, hadoop);
  }

  CommittedRun write() throws IOException {
    for (String name : names(text)) {
      try (FSDataOutputStream out = folder.files().create(folder.path(name))) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
    }
    return this;
  }

  /** Of a run: what tasks write has names that no other run has. */
  private static Set<String> names(String text) {
    return NAMES.stream()
        .map(name -> name.replace("ID", text))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Commits and closes. */
  @Override
  public void run() {
    try (folder) {
      folder.commit();
    } catch (IOException e) {
      failure = e;
    }
    ended = true;
  }

  boolean succeeded() {
    return ended && failure == null;
  }

  IOException failure() {
    return failure;
  }

  /**
   * Of runs to one place that have ended, one was committed and is there whole, and the others say
   * that another was, and where they are whole themselves.
   */
  static void assertOneWon(List<CommittedRun> runs, String situation) throws IOException {
    Path place = runs.get(0).folder.target();
    assertThat(runs).as(situation).allMatch(run -> run.ended);
    assertThat(runs).as(situation).filteredOn(CommittedRun::succeeded).hasSize(1);
    for (CommittedRun run : runs) {
      if (run.succeeded()) {
        assertThat(committed(place, run.hadoop, situation)).as(situation).isEqualTo(run.text);
        assertPublic(place, run.text, run.hadoop, situation);
      } else {
        assertThat(run.failure)
            .as(situation)
            .isInstanceOf(RunFolder.KeptException.class)
            .hasMessageContaining("another run ")
            .hasMessageContaining("is whole in " + run.folder.writing());
        assertKept(run.folder.writing(), run.text, run.hadoop, situation);
      }
    }
  }

  /** Whose whole output our readers see; null where they see none. Fails where it is not whole. */
  static String committed(Path place, Configuration hadoop, String situation) throws IOException {
    FileSystem files = place.getFileSystem(hadoop);
    return CommittedFolder.reading(
        place,
        hadoop,
        found -> {
          if (!found.has("report.json")) {
            assertThat(found.run()).as(situation).isEmpty();
            return null;
          }
          String text = text(files, found.file("report.json"));
          if (found.run().isPresent()) {
            assertThat(new TreeSet<>(found.names())).as(situation).isEqualTo(names(text));
          }
          for (Path file : found.files("")) {
            assertThat(text(files, file)).as("%s, %s", situation, file).isEqualTo(text);
          }
          return text;
        });
  }

  /** Every file of a run is under its public name, and nothing but those and hidden homes. */
  static void assertPublic(Path place, String text, Configuration hadoop, String situation)
      throws IOException {
    FileSystem files = place.getFileSystem(hadoop);
    assertThat(list(files, place))
        .as(situation)
        .filteredOn(name -> !name.startsWith("."))
        .containsExactlyInAnyOrder(
            "_committed", "a.npy", "assignments", "drift.json", "model", "report.json");
    assertThat(list(files, new Path(place, "assignments"))).as(situation).hasSize(1);
    for (String name : names(text)) {
      assertThat(text(files, new Path(place, name))).as(situation).isEqualTo(text);
    }
  }

  private static void assertKept(Path home, String text, Configuration hadoop, String situation)
      throws IOException {
    for (String name : names(text)) {
      assertThat(text(home.getFileSystem(hadoop), new Path(home, name)))
          .as(situation)
          .isEqualTo(text);
    }
  }

  /** How far a commit came whose process was killed. */
  static String reached(Path place, boolean committed, Configuration hadoop) throws IOException {
    FileSystem files = place.getFileSystem(hadoop);
    if (!committed) {
      boolean claimed = list(files, place).stream().anyMatch(name -> name.endsWith(".claim"));
      return claimed ? "with a claim" : "before the claim";
    }
    CommittedFolder folder = CommittedFolder.open(files, place);
    long kept =
        folder.names().stream()
            .filter(name -> !folder.file(name).equals(new Path(place, name)))
            .count();
    return kept > 0
        ? "committed, %d of %d files in the home".formatted(kept, folder.names().size())
        : "committed, all names given";
  }

  static List<String> list(FileSystem files, Path folder) throws IOException {
    return Arrays.stream(files.listStatus(folder))
        .map(FileStatus::getPath)
        .map(Path::getName)
        .toList();
  }

  private static String text(FileSystem files, Path file) throws IOException {
    try (FSDataInputStream in = files.open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
