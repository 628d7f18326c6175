package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each start is a process of its own, whose temporary folder is shared with others. */
class JcudaLibraryTest {
  private static final String NAME = "libJCudaDriver-12.6.0-linux-x86_64.so";

  @TempDir private Path common;

  /** What a process of the test says: the obstacle of this machine, or that there is none. */
  public static void main(String[] args) {
    System.out.print(CudaEngine.unavailable(0).orElse("none"));
  }

  @Test
  void shouldNotLoadWhatLiesUnderJcudasNameInTheCommonFolder() throws Exception {
    Path planted = common.resolve(NAME);
    Files.writeString(planted, "not a library");

    assertThat(said(start())).isEqualTo(here());
    assertThat(planted).hasContent("not a library");
    assertThat(names()).as("nothing is left").containsExactly(NAME);
  }

  @Test
  void shouldLoadInProcessesThatStartAtOnce() throws Exception {
    List<Process> started = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      started.add(start());
    }

    for (Process process : started) {
      assertThat(said(process)).isEqualTo(here());
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void shouldSayWhereTheLibraryFoundNoRoom() throws Exception {
    Path missing = common.resolve("missing");
    Process process = start("-Djava.io.tmpdir=" + missing);
    assertThat(said(process))
        .startsWith("JCuda's library cannot be unpacked (")
        .endsWith("make room there, or name another folder with -Djava.io.tmpdir");
  }

  private static String here() {
    return CudaEngine.unavailable(0).orElse("none");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(common)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("hsperfdata")) // the JVM's own
          .toList();
    }
  }

  private Process start(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + common);
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(JcudaLibraryTest.class.getName());
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String said(Process process) throws Exception {
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
