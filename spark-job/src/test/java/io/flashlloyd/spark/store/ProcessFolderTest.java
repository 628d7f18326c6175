package io.flashlloyd.spark.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A place that others share, with all that they may leave there. */
@Timeout(60)
class ProcessFolderTest {
  private static final String PREFIX = "flashlloyd-local-";

  @TempDir private Path place;

  @Test
  void shouldBeClosedToOthersAndGoWithAllThatIsInIt() throws IOException {
    ProcessFolder folder = ProcessFolder.create(place, PREFIX);
    Files.createDirectories(folder.path().resolve("blocks/0a"));

    assertThat(mode(folder.path())).isEqualTo("rwx------");
    folder.delete();
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void shouldRemoveWhatAKilledProcessLeftAndNothingOfALivingOne() throws IOException {
    Path dead = dead(place.resolve(PREFIX + "dead"));
    Files.createDirectories(dead.resolve("blocks/0a"));
    ProcessFolder living = ProcessFolder.create(place, PREFIX);

    ProcessFolder next = ProcessFolder.create(place, PREFIX);

    assertThat(place.toFile().listFiles())
        .extracting(file -> file.toPath())
        .containsExactlyInAnyOrder(living.path(), next.path());
  }

  /** POSIX gives a process's lock up where it closes any other channel of the file. */
  @Test
  void shouldStillBeLockedForOthersAfterItsOwnProcessHasSwept() throws Exception {
    ProcessFolder living = ProcessFolder.create(place, PREFIX);
    ProcessFolder.create(place, PREFIX);

    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                ProcessFolderTest.class.getName(),
                place.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(other.waitFor()).as(said).isZero();
    assertThat(living.path()).exists();
  }

  /** Another process that makes a folder in the same place. */
  public static void main(String[] args) throws IOException {
    ProcessFolder.create(Path.of(args[0]), PREFIX);
  }

  @Test
  void shouldNeitherFollowNorOpenWhatOthersPlanted() throws Exception {
    Path victim = Files.createDirectory(place.resolve("victim"));
    Path kept = Files.writeString(victim.resolve("kept"), "kept");
    Files.createSymbolicLink(place.resolve(PREFIX + "link"), victim);
    Path open = dead(place.resolve(PREFIX + "open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path linkedLock = closed(place.resolve(PREFIX + "linked-lock"));
    Files.createSymbolicLink(linkedLock.resolve("lock"), kept);
    // Whoever opens a pipe for writing waits for its reader, who never comes.
    Path pipe = closed(place.resolve(PREFIX + "pipe"));
    Process made = new ProcessBuilder("mkfifo", pipe.resolve("lock").toString()).start();
    assertThat(made.waitFor(10, TimeUnit.SECONDS)).isTrue();

    ProcessFolder.create(place, PREFIX);

    assertThat(kept).hasContent("kept");
    assertThat(List.of(place.resolve(PREFIX + "link"), open, linkedLock, pipe))
        .allSatisfy(planted -> assertThat(planted).exists());
  }

  @Test
  void shouldLeaveAnotherUsersFolderAlone() throws IOException {
    Path other = dead(place.resolve(PREFIX + "other"));
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "skipped: only root can give files away");
    UserPrincipal nobody =
        place.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    Files.setOwner(other, nobody);

    ProcessFolder.create(place, PREFIX);

    assertThat(other.resolve("lock")).exists();
  }

  @Test
  void shouldRemoveTheLocalFolderOfAKilledExecutorWithItsChunks() throws IOException {
    Path local = Files.createDirectory(place.resolve("blockmgr-dead"));
    dead(local.resolve("flashlloyd-chunks"));
    Path own = Files.createDirectory(place.resolve("blockmgr-own"));
    Path unlike = Files.createDirectory(place.resolve("unlike"));

    new SpillFolder(List.of(own));

    assertThat(local).doesNotExist();
    assertThat(unlike).exists();
    assertThat(mode(own.resolve("flashlloyd-chunks"))).isEqualTo("rwx------");
  }

  private static Path dead(Path folder) throws IOException {
    Files.createFile(closed(folder).resolve("lock"));
    return folder;
  }

  private static Path closed(Path folder) throws IOException {
    return Files.createDirectory(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
