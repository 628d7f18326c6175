package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.flashlloyd.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs that are taken, not permitted, or the input itself; inputs that may not be read. */
class BadOutputTest {
  @TempDir private Path folder;
  private String input;

  @BeforeEach
  void writeInput() throws IOException {
    input = VectorFiles.fbin(folder.resolve("v.fbin"), VectorFiles.blobs(30, 3, 1));
    DeniedFileSystem.register(LocalSpark.session().sparkContext().hadoopConfiguration());
  }

  @Test
  void shouldRefuseAnOutputThatExists() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Path kept = Files.writeString(run.resolve("kept.txt"), "mine");

    Refusal.of(
        folder,
        fit(input, run),
        "Output "
            + run
            + " exists (expected no such folder, or an empty one); give --overwrite to replace");

    assertThat(kept).hasContent("mine");
  }

  @Test
  void shouldReplaceAnOutputWhereAskedTo() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.writeString(run.resolve("old.txt"), "old");
    Files.writeString(run.resolve("report.json"), "{}");

    CommandRun done = CommandRun.of(fit(input, run, "--overwrite"));

    assertThat(done.status()).as(done.err()).isZero();
    assertThat(run.resolve("report.json")).exists();
    assertThat(run.resolve("old.txt")).doesNotExist();
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("v.fbin", "run");
  }

  @Test
  void shouldKeepTheOldOutputWhereTheNewRunFails() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Path kept = Files.writeString(run.resolve("report.json"), "old");
    float[][] rows = VectorFiles.blobs(30, 3, 1);
    rows[17][2] = Float.NaN;
    VectorFiles.fbin(folder.resolve("v.fbin"), rows);

    Refusal.of(
        folder, fit(input, run, "--overwrite"), "v.fbin, row 17, column 2: the value is NaN");

    assertThat(kept).hasContent("old");
  }

  @Test
  void shouldNotReplaceWhatIsNoOutputOfOurs() throws IOException {
    Path thesis = Files.createDirectory(folder.resolve("thesis"));
    Path chapter = Files.writeString(thesis.resolve("chapter.txt"), "years of work");

    Refusal.of(
        folder,
        fit(input, thesis, "--overwrite"),
        "Output " + thesis + " holds chapter.txt, and no output of an earlier run (expected ",
        "remove it, or give another --output");
    Refusal.of(
        folder,
        fit(input, chapter, "--overwrite"),
        "Output " + chapter + " is a file (expected a folder that an earlier run wrote");

    assertThat(chapter).hasContent("years of work");
  }

  @Test
  void shouldNotReplaceTheFolderOfItsOwnInput() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.writeString(run.resolve("report.json"), "{}");
    Path inside = Files.move(Path.of(input), run.resolve("v.fbin"));
    Refusal.of(
        run,
        fit(inside.toString(), run, "--overwrite"),
        "Output " + run + " holds the input ",
        "v.fbin and would replace it (expected another folder)");
  }

  @Test
  void shouldRefuseWhatIsNoPath() {
    String message = "'a:b.npy' is not a path (Relative path in absolute URI); expected a file,";
    Refusal.of(folder, fit(input, Path.of("a:b.npy")), message);
    Refusal.of(folder, fit("a:b.npy", folder.resolve("run")), message);
    Refusal.of(folder, List.of("inspect", "a:b.npy"), message);
    String scheme = "s3:// is no file system of Hadoop's (";
    Refusal.of(folder, List.of("inspect", "s3://bucket/v.npy"), scheme, "write s3a://BUCKET/KEY");
    List<String> args = List.of("fit", "--k", "2", "--input", input, "--output", "s3://bucket/run");
    Refusal.of(folder, args, scheme, "write s3a://BUCKET/KEY");
  }

  @Test
  void shouldRefuseTheRootOfAFileSystem() {
    Refusal.of(folder, fit(input, Path.of("/"), "--overwrite"), "Output / is a whole file system");
  }

  @Test
  void shouldRefuseAnOutputBelowAFile() {
    Refusal.of(
        folder,
        fit(input, folder.resolve("v.fbin").resolve("run")),
        "v.fbin/run cannot be created (",
        "give --output where you may write");
  }

  @Test
  void shouldRefuseAnOutputWithoutPermission() {
    String output = "denied:" + folder.resolve("run");
    Refusal.of(
        folder,
        List.of("fit", "--quiet", "--k", "2", "--input", input, "--output", output),
        "Output " + output + " cannot be created (Permission denied: user=tester, access=WRITE",
        "give --output where you may write");
  }

  @Test
  void shouldRefuseAnInputWithoutPermission() {
    Refusal.of(
        folder,
        fit("denied:" + input, folder.resolve("run")),
        "denied:" + input + ": permission denied; give this user read access");
  }

  @Test
  void shouldRefuseWhatTheDiskDoesNotPermit() throws IOException {
    assumeFalse("root".equals(System.getProperty("user.name")), "root may read every file");
    Files.setPosixFilePermissions(Path.of(input), PosixFilePermissions.fromString("-w-------"));

    Refusal.of(
        folder, fit(input, folder.resolve("run")), "v.fbin: permission denied; give this user");
  }

  private static List<String> fit(String input, Path output, String... more) {
    List<String> args = new java.util.ArrayList<>(List.of("fit", "--quiet", "--k", "2"));
    args.addAll(List.of("--input", input, "--output", output.toString()));
    args.addAll(List.of(more));
    return args;
  }
}
