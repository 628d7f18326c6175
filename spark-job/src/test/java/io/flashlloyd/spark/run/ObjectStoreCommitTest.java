package io.flashlloyd.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
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

  @BeforeEach
  void nameTheStore() {
    hadoop.setClass("fs.gs.impl", Store.class, FileSystem.class);
    output = "gs:" + folder.resolve("run");
    Store.RENAMED.clear();
  }

  @AfterEach
  void letAllSucceed() {
    FailingFileSystem.failRenamesOf(path -> false);
    FailingFileSystem.beforeStatusOf(path -> {});
  }

  @Test
  void shouldMoveTheReportLastAndAwayFirst() throws IOException {
    write(false, "old");
    assertThat(Store.RENAMED).hasSize(5).endsWith("drift.json", "report.json");
    Store.RENAMED.clear();

    write(true, "new");

    assertThat(Store.RENAMED).hasSize(10).startsWith("report.json", "drift.json");
    assertThat(Store.RENAMED).endsWith("drift.json", "report.json");
    assertThere("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.npy", "assignments", "zone", "drift.json", "report.json"})
  void shouldHaveTheOldBackWhereAPartCannotMoveIn(String part) throws IOException {
    write(false, "old");
    fail(part, ".run.writing-");

    IOException failure = write(true, "new").failure();

    assertThat(failure)
        .hasMessageContaining("/run/" + part + " failed): what this run wrote is whole in ")
        .hasMessageEndingWith("run it again with --overwrite");
    assertThat(failure.getCause().getSuppressed()).isEmpty();
    assertThere("old");
    assertKept("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.npy", "assignments", "zone", "drift.json", "report.json"})
  void shouldHaveTheOldBackWhereAPartCannotMoveAway(String part) throws IOException {
    write(false, "old");
    fail(part, "run");

    assertThat(write(true, "new").failure())
        .hasMessageContaining("/" + part + " failed): what this run wrote is whole in ");

    assertThere("old");
    assertKept("new");
  }

  @Test
  void shouldLeaveNoPartWhereTheFirstOutputFails() throws IOException {
    fail("report.json", ".run.writing-");

    assertThat(write(false, "new").failure())
        .hasMessageContaining("/run/report.json failed): what this run wrote is whole in ");

    assertKept("new");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  /** As where the store fails in the middle of the copy of a folder. */
  @Test
  void shouldPutAPartTogetherThatIsInParts() throws IOException {
    write(false, "old");
    FailingFileSystem.failRenamesOf(
        path -> path.getName().equals("assignments") && isIn(path, ".run.w") && halve(path));

    assertThat(write(true, "new").failure()).hasMessageContaining("is whole in ");

    assertThere("old");
    assertKept("new");
  }

  /** Copies the folder's only file, and leaves it where it was too. */
  private boolean halve(Path part) {
    java.nio.file.Path from = java.nio.file.Path.of(part.toUri().getPath());
    try {
      Files.createDirectory(folder.resolve("run/assignments"));
      Files.copy(from.resolve("part"), folder.resolve("run/assignments/part"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return true;
  }

  @Test
  void shouldNameWhatIsInPartsWhereNothingMovesAnyMore() throws IOException {
    write(false, "old");
    AtomicInteger moved = new AtomicInteger();
    FailingFileSystem.failRenamesOf(path -> moved.incrementAndGet() > 3);

    assertThat(write(true, "new").failure())
        .hasMessageContaining(": what was in " + output + " is in parts there and in .run.repl")
        .hasMessageContaining("what of it is not there is in " + hidden(".run.writing-"))
        .hasMessageContaining("what was there and is not any more in " + hidden(".run.replaced-"))
        .hasMessageContaining("move all of one of the two there by hand and remove _COMMITTING");
    FailingFileSystem.failRenamesOf(path -> false);

    assertThatThrownBy(() -> StoredRun.open(output, hadoop))
        .hasMessageContaining("run is not whole, as _COMMITTING in it says: run ");
    assertThat(write(true, "newest").succeeded()).isTrue();
    assertThere("newest");
  }

  @Test
  void shouldRemoveThePartsOfAFirstOutputThatIsReplaced() throws IOException {
    AtomicInteger moved = new AtomicInteger();
    FailingFileSystem.failRenamesOf(path -> moved.incrementAndGet() > 3);
    assertThat(write(false, "new").failure())
        .hasMessageContaining("move all of it there by hand and remove _COMMITTING");
    FailingFileSystem.failRenamesOf(path -> false);

    assertThat(write(true, "newest").succeeded()).isTrue();
    assertThere("newest");
    assertThat(folder.toFile().list()).containsExactly("run");
  }

  /** It stops before its next step, and touches nothing. */
  @Test
  void shouldStopWhereALaterRunTookItForDead() throws IOException {
    for (int step = 1; takenAt(step); step++) {
      assertThere("newest");
      assertThat(folder.toFile().list()).as("step %d", step).containsExactly("run");
    }
  }

  /** Nor does it undo what it did: what is in the place by then is the other's. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldUndoNothingWhereALaterRunTookItForDead(boolean replaces) throws IOException {
    if (replaces) {
      write(false, "old");
    }
    for (String part : List.of("a.npy", "assignments", "zone", "drift.json", "report.json")) {
      CommittedRun run = CommittedRun.written(output, true, "new", hadoop);
      AtomicInteger asked = new AtomicInteger();
      FailingFileSystem.failRenamesOf(
          path ->
              path.getName().equals(part)
                  && isIn(path, ".run.w")
                  && asked.incrementAndGet() == 1
                  && writeUnchecked(true, "newest").succeeded());
      run.run();

      assertThat(asked).as(part).hasValueGreaterThan(1);
      assertThat(run.failure())
          .as(part)
          .isInstanceOf(CommitClaim.LostException.class)
          .hasMessageContaining("took it for dead");
      assertThere("newest");
      assertThat(folder.toFile().list()).as(part).containsExactly("run");
    }
  }

  private boolean takenAt(int step) throws IOException {
    CommittedRun run = CommittedRun.written(output, true, "new", hadoop);
    AtomicInteger asked = new AtomicInteger();
    FailingFileSystem.beforeStatusOf(
        path -> {
          if (path.getName().startsWith(".run.committing-")
              && Files.exists(folder.resolve("run/_COMMITTING"))
              && asked.incrementAndGet() == step) {
            assertThat(writeUnchecked(true, "newest").succeeded()).isTrue();
          }
        });
    run.run();
    FailingFileSystem.beforeStatusOf(path -> {});
    if (asked.get() >= step) {
      assertThat(run.failure())
          .hasMessageContaining("a run that began with --overwrite while this one committed took");
    }
    return asked.get() >= step;
  }

  private CommittedRun writeUnchecked(boolean overwrite, String text) {
    try {
      return write(overwrite, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What an earlier replacement has left says nothing of what is there. */
  @ParameterizedTest
  @ValueSource(strings = {"drift.json", "export.json", "report.json"})
  void shouldTakeEveryOutputForWholeBesideALeftover(String report) throws IOException {
    Files.createDirectories(folder.resolve(".run.replaced-0badcafe"));
    Files.createDirectories(folder.resolve("run"));
    Files.writeString(folder.resolve("run").resolve(report), "{}");

    assertThatNoException().isThrownBy(() -> RunFolder.checkNotCutOff(output, hadoop));
    assertThatNoException().isThrownBy(() -> RunFolder.check(output, true, hadoop));
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

  private void assertThere(String text) throws IOException {
    Path run = new Path(output);
    CommittedRun.assertWhole(run.getFileSystem(hadoop), run, text, text);
  }

  private void assertKept(String text) throws IOException {
    Path kept = new Path(hidden(".run."));
    assertThat(kept.getName()).startsWith(".run.writing-");
    CommittedRun.assertWhole(kept.getFileSystem(hadoop), kept, text, text);
  }

  /** The one hidden folder whose name begins so. */
  private String hidden(String prefix) {
    String[] names = folder.toFile().list((f, name) -> name.startsWith(prefix));
    assertThat(names).hasSize(1);
    return "gs:" + folder.resolve(names[0]);
  }

  private CommittedRun write(boolean overwrite, String text) throws IOException {
    CommittedRun run = CommittedRun.written(output, overwrite, text, hadoop);
    run.run();
    return run;
  }
}
