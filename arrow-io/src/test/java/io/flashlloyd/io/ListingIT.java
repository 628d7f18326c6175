package io.flashlloyd.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Listings by another process: in another locale, or by a user who may not read everything. */
class ListingIT {
  private Path folder;

  /** Prints how many rows an input has, or why it is refused. */
  static final class Main {
    public static void main(String[] arguments) throws IOException {
      try {
        System.out.println(
            VectorDataset.open(InputSpec.of(arguments[0]), Vectors.HADOOP).rows() + " rows");
      } catch (VectorInputException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @BeforeEach
  void createFolder() throws IOException {
    folder = Files.createTempDirectory("listing");
    mode(folder, "rwxr-xr-x");
  }

  @AfterEach
  void deleteFolder() throws Exception {
    new ProcessBuilder("sh", "-c", "chmod -R u+rwx \"$0\" && rm -r \"$0\"", folder.toString())
        .start()
        .waitFor();
  }

  @Test
  void shouldNameAFileThatTheLocaleCannot() throws Exception {
    one("a.npy");
    one("é.npy");
    assertThat(list("C", folder, List.of()))
        .contains("its name is no US-ASCII, the locale's charset for names of files")
        .contains("(in bytes: %C3%A9.npy); run with LC_ALL=C.UTF-8, or rename it");
    assertThat(list("C", folder.resolve("*.npy"), List.of())).contains("(in bytes: %C3%A9.npy)");
    assertThat(list("C", folder.resolve("é.npy"), List.of()))
        .contains("npy: this path cannot be written in US-ASCII, the locale's charset");
    assertThat(list("C.UTF-8", folder, List.of())).isEqualTo("2 rows");
  }

  @Test
  void shouldNameAFolderThatTheLocaleCannot() throws Exception {
    one("a.npy");
    one("ü/x.npy");
    assertThat(list("C", folder, List.of())).contains("(in bytes: %C3%BC/)");
    assertThat(list("C", folder.resolve("*/x.npy"), List.of())).contains("(in bytes: %C3%BC/)");
    assertThat(list("C.UTF-8", folder, List.of())).isEqualTo("2 rows");
  }

  @Test
  void shouldNameANameThatIsNoUtf8() throws Exception {
    one("a.npy");
    Process copy =
        new ProcessBuilder(
                "sh", "-c", "cd \"$0\" && cp a.npy \"$(printf 'b\\351.npy')\"", folder + "")
            .start();
    assertThat(copy.waitFor()).isZero();
    assertThat(list("C.UTF-8", folder, List.of()))
        .contains("its name is no UTF-8")
        .contains("(in bytes: b%E9.npy); rename it");
  }

  @Test
  void shouldNameWhatMayNotBeRead() throws Exception {
    one("a.npy");
    one("closed/b.npy");
    one("names/c.npy");
    List<String> user = anotherUser();
    mode(folder.resolve("names"), "---------");
    mode(folder.resolve("closed"), "---------");
    assertThat(list("C.UTF-8", folder, user)).contains("closed: permission denied; give this user");
    // The names can be read, but not what they are.
    mode(folder.resolve("closed"), "r--r--r--");
    assertThat(list("C.UTF-8", folder, user)).contains("closed/b.npy: permission denied");
    mode(folder.resolve("closed"), "rwxr-xr-x");
    assertThat(list("C.UTF-8", folder, user)).contains("names: permission denied");
    assertThat(list("C.UTF-8", folder.resolve("names/c.npy"), user))
        .contains("names/c.npy: permission denied");
    mode(folder.resolve("names"), "rwxr-xr-x");
    assertThat(list("C.UTF-8", folder, user)).isEqualTo("3 rows");
  }

  /** Root may read everything, unless it gives that up. */
  private static List<String> anotherUser() {
    if (!System.getProperty("user.name").equals("root")) {
      return List.of();
    }
    assumeThat(Path.of("/usr/bin/setpriv")).exists();
    return List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search");
  }

  private static String list(String locale, Path input, List<String> prefix) throws Exception {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.add(input.toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(false);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("LC_ALL", locale);
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return printed.strip();
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private void one(String name) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    FlatTestFile.NPY_U1.write(folder.resolve(name), new byte[] {1}, 1, 1);
  }
}
