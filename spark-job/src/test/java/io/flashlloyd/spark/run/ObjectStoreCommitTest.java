package io.flashlloyd.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commit where renames are copies: the local disk under the scheme of an object store. */
class ObjectStoreCommitTest {
  private static final List<String> NAMES =
      List.of("report.json", "assignments/part", "a.npy", "zone", "drift.json");

  @TempDir private java.nio.file.Path folder;
  private final Configuration hadoop = new Configuration();
  private String output;

  /** Tells what is renamed. */
  public static final class Store extends FailingFileSystem {
    private static final List<String> RENAMED = new ArrayList<>();

    @Override
    public URI getUri() {
      return URI.create("gs:///");
    }

    @Override
    public String getScheme() {
      return "gs";
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
      RENAMED.add(from.getName());
      return super.rename(from, to);
    }
  }

  /** What nothing catches. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  @BeforeEach
  void nameTheStore() {
    hadoop.setClass("fs.gs.impl", Store.class, FileSystem.class);
    output = "gs:" + folder.resolve("run");
    Store.RENAMED.clear();
  }

  @AfterEach
  void letAllSucceed() {
    FailingFileSystem.failRenamesOf(path -> false);
  }

  @Test
  void shouldMoveTheReportLastAndAwayFirst() throws IOException {
    write(false, "old");
    assertThat(Store.RENAMED).hasSize(5).endsWith("drift.json", "report.json");
    Store.RENAMED.clear();

    write(true, "new");

    assertThat(Store.RENAMED).hasSize(10).startsWith("report.json", "drift.json");
    assertThat(Store.RENAMED).endsWith("drift.json", "report.json");
    assertOnly("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.npy", "assignments", "zone", "drift.json", "report.json"})
  void shouldHaveTheOldBackWhereAPartCannotMoveIn(String part) throws IOException {
    write(false, "old");
    fail(part, ".run.writing-");

    assertThatThrownBy(() -> write(true, "new"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/run/" + part + " failed): what this run wrote is lost, what was")
        .hasMessageEndingWith("there is there again; run it again")
        .satisfies(e -> assertThat(e.getCause().getSuppressed()).isEmpty());

    assertOnly("old");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.npy", "assignments", "zone", "drift.json", "report.json"})
  void shouldHaveTheOldBackWhereAPartCannotMoveAway(String part) throws IOException {
    write(false, "old");
    fail(part, "run");

    assertThatThrownBy(() -> write(true, "new"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(part + " failed: " + output + " is as it was");

    assertOnly("old");
  }

  @Test
  void shouldLeaveNoPartWhereTheFirstOutputFails() {
    fail("report.json", ".run.writing-");

    assertThatThrownBy(() -> write(false, "new"))
        .hasMessageEndingWith(
            "/run/report.json failed): what this run wrote is lost; run it again");

    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", ".run.writing-"})
  void shouldNameWhatIsInPartsWhenKilled(String parent) throws IOException {
    write(false, "old");
    AtomicInteger moved = new AtomicInteger();
    FailingFileSystem.failRenamesOf(path -> isIn(path, parent) && isThird(moved));
    RunFolder run = RunFolder.create(output, true, hadoop);
    fill(run, "new");
    assertThatThrownBy(run::commit).isInstanceOf(Killed.class);
    FailingFileSystem.failRenamesOf(path -> false);

    String message = "run is not whole: replacing it was cut off (what was there is in .run.repl";
    assertThatThrownBy(() -> StoredRun.open(output, hadoop))
        .hasMessageContaining(message)
        .hasMessageContaining("what was to come in " + run.writing().getName())
        .hasMessageEndingWith("move all of one of them there, report.json last)");
    assertThatThrownBy(() -> RunFolder.check(output, false, hadoop))
        .hasMessageContaining(message)
        .hasMessageEndingWith("report.json last, or give --overwrite to do without both)");

    write(true, "newest");
    assertOnly("newest");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3", "s3a", "gs"})
  void shouldKnowTheStores(String scheme) {
    assertThat(FolderMove.inParts(new Path(scheme + "://bucket/run"))).isTrue();
    assertThat(FolderMove.inParts(new Path("hdfs://name/run"))).isFalse();
  }

  private static void fail(String part, String parent) {
    FailingFileSystem.failRenamesOf(path -> path.getName().equals(part) && isIn(path, parent));
  }

  private static boolean isIn(Path path, String parent) {
    return path.getParent().getName().startsWith(parent);
  }

  /** At the third, the process ends. */
  private static boolean isThird(AtomicInteger moved) {
    if (moved.incrementAndGet() == 3) {
      throw new Killed();
    }
    return false;
  }

  private void assertOnly(String text) {
    assertThat(folder.toFile().list()).as("nothing hidden is left").containsExactly("run");
    assertThat(folder.resolve("run").toFile().list()).hasSize(5);
    for (String name : NAMES) {
      assertThat(folder.resolve("run").resolve(name)).hasContent(text);
    }
  }

  private void write(boolean overwrite, String text) throws IOException {
    try (RunFolder run = RunFolder.create(output, overwrite, hadoop)) {
      fill(run, text);
      run.commit();
    }
  }

  private static void fill(RunFolder run, String text) throws IOException {
    for (String name : NAMES) {
      try (FSDataOutputStream out = run.files().create(run.path(name))) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
