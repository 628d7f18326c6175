package io.flashlloyd.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Output folders appear whole or not at all. */
class RunFolderTest {
  @TempDir private Path folder;
  private final Configuration hadoop = FailingFileSystem.configuration();

  @AfterEach
  void letAllSucceed() {
    FailingFileSystem.failRenamesOf(path -> false);
    FailingFileSystem.deny(path -> false);
  }

  @Test
  void shouldShowNothingUntilTheCommit() throws IOException {
    try (RunFolder run = RunFolder.create(uri(), false, hadoop)) {
      write(run, "new");
      assertThat(folder.resolve("run")).doesNotExist();
      assertThat(names()).singleElement().asString().startsWith(".run.writing-");
      run.commit();
    }
    assertThat(names()).containsExactly("run");
    assertThat(folder.resolve("run/result")).hasContent("new");
  }

  @Test
  void shouldLeaveNothingWithoutACommit() throws IOException {
    try (RunFolder run = RunFolder.create(uri(), false, hadoop)) {
      write(run, "half");
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void shouldKeepTheOldFolderWithoutACommit() throws IOException {
    old();
    try (RunFolder run = RunFolder.create(uri(), true, hadoop)) {
      write(run, "half");
    }
    assertThat(names()).containsExactly("run");
    assertThat(folder.resolve("run/result")).hasContent("old");
  }

  @Test
  void shouldReplaceTheOldFolder() throws IOException {
    old();
    try (RunFolder run = RunFolder.create(uri(), true, hadoop)) {
      write(run, "new");
      run.commit();
    }
    assertThat(names()).containsExactly("run");
    assertThat(folder.resolve("run/result")).hasContent("new");
  }

  @Test
  void shouldLeaveTheUsersOwnCopiesAlone() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("run.old"));
    old();
    try (RunFolder run = RunFolder.create(uri(), true, hadoop)) {
      write(run, "new");
      run.commit();
    }
    assertThat(copy).exists();
    assertThat(names()).containsExactlyInAnyOrder("run", "run.old");
  }

  @Test
  void shouldPutTheOldFolderBackWhereTheNewOneCannotTakeItsPlace() throws IOException {
    old();
    FailingFileSystem.failRenamesOf(path -> path.getName().startsWith(".run.writing-"));
    try (RunFolder run = RunFolder.create(uri(), true, hadoop)) {
      write(run, "new");
      assertThatThrownBy(run::commit)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Renaming failing:" + folder + "/.run.writing-")
          .hasMessageContaining("run failed): what this run wrote is whole in " + run.writing())
          .hasMessageEndingWith("or run it again with --overwrite");
    }
    assertThat(folder.resolve("run/result")).hasContent("old");
    assertKept();
  }

  @Test
  void shouldKeepWhatIsFinishedWhereItCannotTakeItsPlace() throws IOException {
    FailingFileSystem.failRenamesOf(path -> path.getName().startsWith(".run.writing-"));
    try (RunFolder run = RunFolder.create(uri(), false, hadoop)) {
      write(run, "new");
      assertThatThrownBy(run::commit)
          .isInstanceOf(OutputKeptException.class)
          .hasMessageContaining("run cannot be put in its place (Renaming failing:")
          .hasMessageContaining("what this run wrote is whole in " + run.writing() + "; move it");
    }
    assertThat(folder.resolve("run")).doesNotExist();
    assertKept();
  }

  /** What this run wrote, and nothing else, is hidden beside its place. */
  private void assertKept() {
    List<String> hidden = names().stream().filter(name -> name.startsWith(".")).toList();
    assertThat(hidden).singleElement().asString().startsWith(".run.writing-");
    assertThat(folder.resolve(hidden.get(0)).resolve("result")).hasContent("new");
  }

  @Test
  void shouldRefuseAFolderThatCameIntoBeingMeanwhile() throws IOException {
    try (RunFolder run = RunFolder.create(uri(), false, hadoop)) {
      write(run, "mine");
      old();
      assertThatThrownBy(run::commit)
          .isInstanceOf(OutputKeptException.class)
          .hasMessageContaining("(it came into being meanwhile): what this run wrote is whole in")
          .hasMessageEndingWith("in exchange for what is there, or run it again with --overwrite");
      assertThat(names()).containsExactlyInAnyOrder("run", run.writing().getName());
    }
    assertThat(folder.resolve("run/result")).hasContent("old");
  }

  @Test
  void shouldSayWhereTheOldFolderIsWhereNoneCanTakeThePlace() throws IOException {
    old();
    FailingFileSystem.failRenamesOf(path -> path.getName().startsWith(".run."));
    try (RunFolder run = RunFolder.create(uri(), true, hadoop)) {
      write(run, "new");
      assertThatThrownBy(run::commit)
          .hasMessageContaining("Renaming failing:" + folder + "/.run.writing-")
          .hasMessageContaining("what this run wrote is whole in " + run.writing())
          .hasMessageContaining("what was there in failing:" + folder + "/.run.replaced-")
          .hasMessageContaining("; move one of them there by hand")
          .satisfies(e -> assertThat(e.getCause().getSuppressed()).hasSize(1));
    }
    assertThat(names().stream().sorted().map(name -> name.replaceFirst("-.*", "")))
        .containsExactly(".run.replaced", ".run.writing");
  }

  @Test
  void shouldRemoveNothingThatCameWhileItRan() throws IOException {
    String[] living = {".run.replaced-a11ce", ".run.writing-a11ce"};
    Files.createDirectory(folder.resolve(".run.replaced-dead"));
    Files.createDirectory(folder.resolve(".run.writing-dead"));
    try (RunFolder run = RunFolder.create(uri(), true, hadoop)) {
      write(run, "new");
      for (String name : living) {
        Files.createDirectory(folder.resolve(name));
      }
      run.commit();
    }
    assertThat(names()).contains(living).hasSize(3).contains("run");
  }

  @Test
  void shouldRemoveWhatWasUnfinishedWhenItBegan() throws IOException {
    Files.createDirectory(folder.resolve(".run.writing-dead"));
    try (RunFolder run = RunFolder.create(uri(), false, hadoop)) {
      Files.createDirectory(folder.resolve(".run.writing-a11ce"));
      run.removeUnfinished();
      assertThat(names()).containsExactlyInAnyOrder(".run.writing-a11ce", run.writing().getName());
    }
  }

  /** Of a run that failed to commit, or, with a claim, was killed when it began to. */
  @ParameterizedTest
  @CsvSource({"false,false", "false,true", "true,false", "true,true"})
  void shouldRemoveWhatWasFinishedOnlyToOverwriteIt(boolean overwrite, boolean claimed)
      throws IOException {
    Path finished = Files.createDirectory(folder.resolve(".run.writing-f1n15ed"));
    Files.writeString(finished.resolve("report.json"), "{}");
    if (claimed) {
      Files.createFile(folder.resolve(".run.committing-f1n15ed"));
    }
    try (RunFolder run = RunFolder.create(uri(), overwrite, hadoop)) {
      run.removeUnfinished();
      assertThat(finished).exists();
      write(run, "new");
      run.commit();
    }
    assertThat(folder.resolve("run/result")).hasContent("new");
    assertThat(names()).hasSize(overwrite ? 1 : 2);
    assertThat(Files.exists(finished)).isEqualTo(!overwrite);
  }

  @Test
  void shouldHaveSucceededWhereTheOldFolderCannotBeRemoved() throws IOException {
    old();
    FailingFileSystem.deny(path -> path.getName().startsWith(".run.replaced-"));
    try (RunFolder run = RunFolder.create(uri(), true, hadoop)) {
      write(run, "new");
      run.commit();
    }
    assertThat(folder.resolve("run/result")).hasContent("new");
    assertThat(names()).hasSize(2).contains("run");
  }

  @Test
  void shouldWriteWhereItMayNotLook() throws IOException {
    FailingFileSystem.deny(path -> path.toUri().getPath().equals(folder.toString()));
    try (RunFolder run = RunFolder.create(uri(), false, hadoop)) {
      write(run, "new");
      run.commit();
    }
    assertThat(folder.resolve("run/result")).hasContent("new");
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

  @Test
  void shouldLetTwoRunsWriteBesideEachOther() throws IOException {
    try (RunFolder one = RunFolder.create(uri(), true, hadoop);
        RunFolder other = RunFolder.create(uri(), true, hadoop)) {
      write(one, "one");
      write(other, "other");
      other.commit();
      one.commit();
    }
    assertThat(names()).containsExactly("run");
    assertThat(folder.resolve("run/result")).hasContent("one");
  }

  private String uri() {
    return "failing:" + folder.resolve("run");
  }

  private void old() throws IOException {
    Files.createDirectory(folder.resolve("run"));
    Files.writeString(folder.resolve("run/result"), "old");
    Files.writeString(folder.resolve("run/report.json"), "{}");
  }

  private static void write(RunFolder run, String text) throws IOException {
    try (FSDataOutputStream out = run.files().create(run.path("result"))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private List<String> names() {
    return List.of(folder.toFile().list());
  }
}
