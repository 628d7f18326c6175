package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a user may expect of a command that cannot do what was asked: an exit status, one line that
 * says why, and no trace on the disk.
 */
final class Refusal {
  private Refusal() {}

  /** Makes what a command is to choke on and returns the arguments that name it. */
  interface Setup {
    List<String> in(Path folder) throws IOException;
  }

  /** {@code fit} of such input. */
  static void ofFit(Path folder, Setup setup, String... message) throws IOException {
    List<String> args = new ArrayList<>(List.of("fit", "--quiet"));
    args.addAll(setup.in(folder));
    args.addAll(List.of("--output", folder.resolve("place").resolve("run").toString()));
    Files.createDirectory(folder.resolve("place"));
    of(folder, args, message);
  }

  /** The command fails, says all of {@code message} in one line, and changes no file. */
  static void of(Path folder, List<String> args, String... message) {
    List<String> before = tree(folder);

    CommandRun run = CommandRun.of(args);

    assertThat(run.status()).as(run.err()).isNotZero();
    assertThat(run.errLines()).as(run.err()).hasSize(1);
    assertThat(run.err()).startsWith("flashlloyd: ").contains(message);
    assertThat(run.err()).doesNotContain("Exception", "\tat ", ": null");
    assertThat(run.out()).isEmpty();
    assertThat(tree(folder)).isEqualTo(before);
  }

  /** Everything under a folder, hidden or not. */
  static List<String> tree(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.map(Path::toString).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
