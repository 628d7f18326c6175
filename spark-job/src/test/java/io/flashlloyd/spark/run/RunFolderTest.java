package io.flashlloyd.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.io.CommittedFolder;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.output.CentroidFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs appear whole or not at all, and take no more than what is theirs. */
class RunFolderTest {
  private static final String DEAD = "elsewhere 1 2026-12-01T00:00:00Z";

  @TempDir private Path folder;
  private final Configuration hadoop = StoreFileSystem.configuration();

  @AfterEach
  void letAllSucceed() {
    FailingFileSystem.failRenamesOf(path -> false);
    FailingFileSystem.failCreatesOf(path -> false);
    FailingFileSystem.deny(path -> false);
  }

  @Test
  void shouldShowNothingUntilTheCommit() throws IOException {
    try (RunFolder run = begin("file")) {
      write(run, "new");
      assertThat(names()).singleElement().asString().startsWith(CommittedFolder.HOME);
      assertThat(read()).isNull();
      run.commit();
    }
    assertThat(names()).containsExactlyInAnyOrder("_committed", "result");
    assertThat(read()).isEqualTo("new");
  }

  @Test
  void shouldLeaveNothingWithoutACommit() throws IOException {
    try (RunFolder run = begin("file")) {
      write(run, "half");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void shouldLeaveTheFolderThatItFoundWithoutACommit() throws IOException {
    Files.createDirectory(folder.resolve("run"));
    begin("file").close();
    assertThat(folder.resolve("run")).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "failing", "gs"})
  void shouldKeepTheOldOutputWithoutACommit(String scheme) throws IOException {
    commit(scheme, "old");
    try (RunFolder run = begin(scheme)) {
      write(run, "half");
    }
    assertThat(names()).containsExactlyInAnyOrder("_committed", "result");
    assertThat(read()).isEqualTo("old");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "failing", "gs"})
  void shouldReplaceWhatTheRunBeforeWroteAndNothingElse(String scheme) throws IOException {
    try (RunFolder run = begin(scheme)) {
      write(run, "old");
      run.files().create(run.path("more/old")).close();
      run.commit();
    }
    Files.writeString(folder.resolve("run/note"), "mine");
    Files.createDirectory(folder.resolve("run/lost+found"));

    commit(scheme, "new");

    assertThat(names()).containsExactlyInAnyOrder("_committed", "result", "note", "lost+found");
    assertThat(read()).isEqualTo("new");
  }

  /** As an earlier build wrote it, or somebody copied it. */
  @Test
  void shouldReplaceAllOfAnOutputThatDoesNotSayWhatIsItsOwn() throws IOException {
    Files.createDirectories(folder.resolve("run/lost+found"));
    Files.writeString(folder.resolve("run/report.json"), "{}");
    Files.writeString(folder.resolve("run/old"), "old");

    commit("file", "new");

    assertThat(names()).containsExactlyInAnyOrder("_committed", "result", "lost+found");
  }

  /** Which may be a mount point, or in a folder where nothing may be renamed. */
  @Test
  void shouldNotTouchTheFolderAroundIt() throws IOException {
    commit("file", "old");
    FileTime before = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(folder, before);
    Object place = attributes().fileKey();

    commit("file", "new");
    begin("file").close();

    assertThat(Files.getLastModifiedTime(folder)).isEqualTo(before);
    assertThat(attributes().fileKey()).isEqualTo(place);
    assertThat(read()).isEqualTo("new");
  }

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(folder.resolve("run"), BasicFileAttributes.class);
  }

  /** Hadoop's own are those of its setting, 022. */
  @Test
  void shouldHaveThePermissionsThatTheProcessGives() throws IOException {
    commit("file", "new");
    Path file = Files.createFile(folder.resolve("file"));
    Path made = Files.createDirectory(folder.resolve("folder"));

    assertThat(Files.getPosixFilePermissions(folder.resolve("run/result")))
        .isEqualTo(Files.getPosixFilePermissions(file));
    assertThat(Files.getPosixFilePermissions(folder.resolve("run")))
        .isEqualTo(Files.getPosixFilePermissions(made));
  }

  @Test
  void shouldLeaveNoChecksumOfAnOlderFile() throws IOException {
    commit("file", "old");
    Files.writeString(folder.resolve("run/.result.crc"), "of the old one");

    commit("file", "new");

    assertThat(names()).containsExactlyInAnyOrder("_committed", "result");
  }

  @ParameterizedTest
  @ValueSource(strings = {"failing", "gs"})
  void shouldKeepWhatItWroteWhereItCannotBeCommitted(String scheme) throws IOException {
    commit(scheme, "old");
    FailingFileSystem.failRenamesOf(path -> path.getName().equals("_committed"));
    FailingFileSystem.failCreatesOf(
        path -> path.getName().equals("_committed") && path.getParent().getName().equals("run"));
    try (RunFolder run = begin(scheme)) {
      write(run, "new");
      assertThatThrownBy(run::commit)
          .isInstanceOf(RunFolder.KeptException.class)
          .hasMessageContaining("what this run wrote is whole in " + run.writing() + "; move")
          .hasMessageEndingWith("where you want it, or run again with --overwrite");
      assertThat(folder.resolve("run").resolve(run.writing().getName()).resolve("result"))
          .hasContent("new");
    }
    letAllSucceed();
    assertThat(read()).isEqualTo("old");
  }

  @Test
  void shouldSayWhatHasNoPublicNameYet() throws IOException {
    commit("failing", "old");
    FailingFileSystem.failRenamesOf(path -> path.getName().equals("result"));
    try (RunFolder run = begin("failing")) {
      write(run, "new");
      assertThatThrownBy(run::commit)
          .isInstanceOf(RunFolder.KeptException.class)
          .hasMessageContaining("run is written, but not all of it has its public name (Renaming ")
          .hasMessageContaining("others lack what is in " + run.writing());
    }
    assertThat(read()).isEqualTo("new");
    letAllSucceed();

    commit("failing", "newest");

    assertThat(read()).isEqualTo("newest");
    assertThat(folder.resolve("run/result")).hasContent("newest");
  }

  @Test
  void shouldMoveAKeptOutputToWhereSomebodyWantsIt() throws IOException {
    try (RunFolder run = begin("failing")) {
      write(run, "mine");
      commit("failing", "other's");
      assertThatThrownBy(run::commit)
          .hasMessageContaining("(another run has put its output there since this one began)");
      Files.move(
          folder.resolve("run").resolve(run.writing().getName()), folder.resolve("elsewhere"));
    }
    assertThat(read("run")).isEqualTo("other's");
    assertThat(read("elsewhere")).isEqualTo("mine");
  }

  @Test
  void shouldSweepWhatDeadRunsLeftAndNothingOfLivingOnes() throws IOException {
    hidden("dead", DEAD);
    Files.createFile(folder.resolve("run/.flashlloyd-dead.claim"));
    hidden("nobody", null);
    try (RunFolder living = begin("file");
        RunFolder run = begin("file")) {
      hidden("later", DEAD);
      write(run, "new");
      run.commit();
      assertThat(names())
          .containsExactlyInAnyOrder(
              "_committed", "result", ".flashlloyd-later", living.writing().getName());
    }
  }

  private void hidden(String id, String owner) throws IOException {
    Path home = Files.createDirectories(folder.resolve("run").resolve(".flashlloyd-" + id));
    Files.writeString(home.resolve("result"), id);
    if (owner != null) {
      Files.writeString(home.resolve(".owner"), owner);
    }
  }

  @Test
  void shouldSayThatItWasTakenForDead() throws IOException {
    RunFolder run = begin("file");
    hidden(run.writing().getName().replace(CommittedFolder.HOME, ""), DEAD);
    Files.delete(folder.resolve("run").resolve(run.writing().getName() + "/..owner.crc"));
    commit("file", "other's");

    assertThatThrownBy(run::commit)
        .hasMessageContaining("another run has put its output there since this one began")
        .hasMessageContaining("what it wrote is gone");
    run.close();
    assertThat(read()).isEqualTo("other's");
  }

  @Test
  void shouldHaveSucceededWhereTheOldOutputCannotBeRemoved() throws IOException {
    try (RunFolder run = begin("failing")) {
      run.files().create(run.path("more")).close();
      run.commit();
    }
    FailingFileSystem.deny(path -> path.getName().equals("more"));
    commit("failing", "new");
    assertThat(read()).isEqualTo("new");
  }

  /** Nothing is written twice by the store but what gets its public name, once. */
  @Test
  void shouldCopyEachFileOnceOnAnObjectStore() throws IOException {
    StoreFileSystem.copied().clear();
    try (RunFolder run = begin("gs")) {
      org.apache.hadoop.fs.Path attempts = run.attempts("assignments");
      run.files().create(new org.apache.hadoop.fs.Path(attempts, "part-00001-1.parquet")).close();
      run.files().create(new org.apache.hadoop.fs.Path(attempts, "part-00001-2.parquet")).close();
      run.keep("assignments", List.of("part-00001-2.parquet"));
      run.files().create(new org.apache.hadoop.fs.Path(attempts, "part-00001-3.parquet")).close();
      run.files().create(run.path("assignments/part-00000-uuid-c000.parquet")).close();
      run.files().create(run.path("report.json")).close();
      CentroidFiles.write(
          VectorFormat.NPY, run.path("c.npy").toString(), new float[] {1, 2}, 1, 2, hadoop);
      run.commit();
    }
    assertThat(StoreFileSystem.copied())
        .containsExactlyInAnyOrder("part-00001-2.parquet", "part-00000-uuid-c000.parquet", "c.npy");
    assertThat(folder.resolve("run/assignments").toFile().list())
        .containsExactlyInAnyOrder("part-00001-2.parquet", "part-00000-uuid-c000.parquet");
    assertThat(names())
        .containsExactlyInAnyOrder("_committed", "assignments", "c.npy", "report.json");
  }

  @Test
  void shouldFollowLocalLinks() throws IOException {
    Files.createDirectory(folder.resolve("real"));
    Files.writeString(folder.resolve("real/report.json"), "{}");
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
    Configuration local = new Configuration();

    assertThatThrownBy(
            () -> RunFolder.checkOutside(folder + "/real", List.of(link.toString()), local))
        .hasMessageContaining("holds the input " + link);
    assertThatThrownBy(() -> RunFolder.checkApart(link.toString(), folder + "/real/ck", local))
        .hasMessageContaining("--checkpoint " + folder + "/real/ck is in the output " + link);
    try (RunFolder run = RunFolder.create(link.toString(), true, local)) {
      write(run, "new");
      run.commit();
    }
    assertThat(link).isSymbolicLink();
    assertThat(folder.resolve("real/result")).hasContent("new");
  }

  private RunFolder begin(String scheme) throws IOException {
    return RunFolder.create(scheme + ":" + folder.resolve("run"), true, hadoop);
  }

  private void commit(String scheme, String text) throws IOException {
    try (RunFolder run = begin(scheme)) {
      write(run, text);
      run.commit();
    }
  }

  private static void write(RunFolder run, String text) throws IOException {
    try (FSDataOutputStream out = run.files().create(run.path("result"))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** What our readers see. */
  private String read() throws IOException {
    return read("run");
  }

  private String read(String place) throws IOException {
    return CommittedFolder.reading(
        new org.apache.hadoop.fs.Path(folder.resolve(place).toUri()),
        hadoop,
        found ->
            found.has("result")
                ? Files.readString(Path.of(found.file("result").toUri().getPath()))
                : null);
  }

  private List<String> names() {
    return List.of(folder.resolve("run").toFile().list());
  }
}
