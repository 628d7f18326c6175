package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.rpc.RpcAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Spark in a command's own process, on a machine that others use too. */
@Timeout(120)
class SharedMachineIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path place;

  /** A process with a Spark of its own, as a command starts it; says what it sees. */
  public static void main(String[] args) throws IOException {
    SparkStart.with(
        "test",
        spark -> {
          RpcAddress driver = spark.sparkContext().env().rpcEnv().address();
          System.out.println("stranger: " + Stranger.answer(driver));
          System.out.println("rows: " + spark.range(300).repartition(3).count());
          System.out.println("folders: " + Arrays.toString(Path.of(args[0]).toFile().list()));
          if (args.length > 1) {
            Runtime.getRuntime().halt(137); // as if it were killed
          }
        });
  }

  @Test
  void shouldNotAnswerAStrangerOnTheLoopbackAndLeaveNothing() throws Exception {
    assertThat(run(0))
        .contains("stranger: refused", "rows: 300")
        .anyMatch(line -> line.matches("folders: \\[flashlloyd-local-[-0-9a-f]+]"));
    assertThat(names()).isEmpty();
  }

  @Test
  void shouldRemoveWhatAKilledCommandLeft() throws Exception {
    run(137, "die");
    assertThat(names()).singleElement().asString().startsWith("flashlloyd-local-");

    run(0);
    assertThat(names()).isEmpty();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private List<String> run(int status, String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + HOME.resolve("conf/jvm-options"));
    command.add("-Dspark.local.dir=" + place);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
    command.addAll(List.of(SharedMachineIT.class.getName(), place.toString()));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(status);
    return said.lines().toList();
  }
}
