package io.flashlloyd.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A run of several files that all hold its name, and what became of its commit; on any file system.
 */
final class CommittedRun implements Runnable {
  static final List<String> NAMES =
      List.of("report.json", "assignments/part", "a.npy", "zone", "drift.json");

  private final RunFolder folder;
  private final String text;
  private IOException failure;
  private boolean ended;

  private CommittedRun(RunFolder folder, String text) {
    this.folder = folder;
    this.text = text;
  }

  /** A run that has written all, and committed nothing. */
  static CommittedRun written(String uri, boolean overwrite, String text, Configuration hadoop)
      throws IOException {
    return begun(uri, overwrite, text, hadoop).write();
  }

  /** A run that has written nothing yet. */
  static CommittedRun begun(String uri, boolean overwrite, String text, Configuration hadoop)
      throws IOException {
    return new CommittedRun(RunFolder.create(uri, overwrite, hadoop), text);
  }

  /** Writes all, and commits nothing. */
  CommittedRun write() throws IOException {
    for (String name : NAMES) {
      try (FSDataOutputStream out = folder.files().create(folder.path(name))) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
    }
    return this;
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
   * Of runs to one place that have ended, one at least was committed and is there whole, and those
   * that were not are whole beside it, under the names that their errors say.
   */
  static void assertOneWon(List<CommittedRun> runs, String situation) throws IOException {
    Path target = runs.get(0).folder.target();
    FileSystem files = runs.get(0).folder.files();
    assertThat(runs).as(situation).allMatch(run -> run.ended);
    assertThat(runs).as(situation).anyMatch(CommittedRun::succeeded);
    List<String> expected = new ArrayList<>(List.of(target.getName()));
    String there = text(files, new Path(target, "report.json"), situation);
    assertThat(runs)
        .as(situation)
        .anySatisfy(
            run -> {
              assertThat(run.succeeded()).isTrue();
              assertThat(run.text).isEqualTo(there);
            });
    assertWhole(files, target, there, situation);
    for (CommittedRun run : runs) {
      Path kept = run.folder.writing();
      if (!run.succeeded()) {
        assertThat(run.failure).as(situation).hasMessageContaining("is whole in " + kept);
        assertWhole(files, kept, run.text, situation);
        expected.add(kept.getName());
      }
    }
    assertThat(Arrays.stream(files.listStatus(target.getParent())).map(s -> s.getPath().getName()))
        .as(situation)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  /** All files of a run, and nothing else. */
  static void assertWhole(FileSystem files, Path folder, String text, String situation)
      throws IOException {
    assertThat(files.listStatus(folder)).as(situation).hasSize(NAMES.size());
    for (String name : NAMES) {
      assertThat(text(files, new Path(folder, name), situation)).as(situation).isEqualTo(text);
    }
  }

  private static String text(FileSystem files, Path file, String situation) throws IOException {
    assertThat(files.exists(file)).as("%s: %s", situation, file).isTrue();
    try (FSDataInputStream in = files.open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
