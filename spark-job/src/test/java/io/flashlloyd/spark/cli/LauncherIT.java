package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.io.CommittedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher and the cluster jar as users have them, each run a process of its own. */
class LauncherIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final String WORDS =
      HOME.resolve("spark-job/samples/words-100d/words.parquet").toString();

  @TempDir private static Path folder;
  private static Path embedded;
  private static Launcher.Ended embeddedRun;

  @BeforeAll
  static void fitEmbedded() throws IOException, InterruptedException {
    Launcher.program(
        folder.resolve("mvn"), "echo 'The jar is fresh: nothing to build' >&2; exit 1\n");
    embedded = folder.resolve("embedded");
    embeddedRun = launcher(Map.of()).run(fit(embedded));
    assertThat(embeddedRun.status()).as(embeddedRun.err()).isZero();
  }

  @Test
  void shouldShowClustersByTheirWords() {
    List<String> words =
        Tables.read(Path.of(WORDS), "word").stream().map(row -> row.<String>getAs("word")).toList();
    List<String> lines = embeddedRun.err().lines().toList();

    assertThat(embeddedRun.err()).doesNotContain("building", "Exception", "\r");
    assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("iteration   1  cost "));
    List<String> clusters =
        lines.stream().filter(line -> line.matches("cluster \\d+, [\\d,]+ rows: .*")).toList();
    assertThat(clusters).hasSizeBetween(3, 10);
    for (String cluster : clusters) {
      String[] shown = cluster.substring(cluster.indexOf(": ") + 2).split(" ", -1);
      assertThat(shown).hasSizeGreaterThan(2);
      assertThat(words).containsAll(Arrays.asList(shown));
    }
    assertThat(Tables.read(embedded.resolve("assignments"), "id")).hasSize(words.size());
  }

  @Test
  void shouldFindTheSameBitsThroughSparkSubmit() throws IOException, InterruptedException {
    Path submitted = folder.resolve("submitted");
    List<String> args = new ArrayList<>(fit(submitted));
    args.addAll(1, List.of("--spark", "--master", "local[2]", "--conf", "spark.ui.enabled=false"));
    args.add(6, "--");

    Launcher.Ended run = launcher(Map.of("SPARK_HOME", sparkHome().toString())).run(args);

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains("through the test's spark-submit, --master local[2]");
    assertThat(submitted.resolve("centroids.npy"))
        .hasBinaryContent(Files.readAllBytes(embedded.resolve("centroids.npy")));
    List<Row> expected = Tables.read(embedded.resolve("assignments"), "id");
    assertThat(Tables.read(submitted.resolve("assignments"), "id")).isEqualTo(expected);
  }

  @Test
  void shouldFindTheSameBitsOnTwoExecutorsWithKryo() throws IOException, InterruptedException {
    Path one = folder.resolve("one-process");
    Path two = folder.resolve("two-executors");
    assertThat(launcher(Map.of()).run(twice(one)).status()).isZero();
    List<String> args = new ArrayList<>(twice(two));
    List<String> spark =
        List.of(
            "--spark",
            "--master",
            "local-cluster[2,1,1024]",
            "--conf",
            "spark.ui.enabled=false",
            "--conf",
            "spark.serializer=org.apache.spark.serializer.KryoSerializer",
            "--");
    args.addAll(1, spark);

    Launcher.Ended run =
        launcher(Map.of("SPARK_HOME", sparkHome().toString(), "SPARK_SCALA_VERSION", "2.13"))
            .run(args);

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(two.resolve("centroids.npy"))
        .hasBinaryContent(Files.readAllBytes(one.resolve("centroids.npy")));
    assertThat(Tables.read(two.resolve("assignments"), "id"))
        .isEqualTo(Tables.read(one.resolve("assignments"), "id"));
  }

  /** Two files, so that there is something to read for each of two executors. */
  private static List<String> twice(Path output) {
    List<String> args = new ArrayList<>(fit(output));
    args.add(3, WORDS);
    args.removeAll(List.of("--id-column", "word"));
    return args;
  }

  @Test
  void shouldLeaveNothingThatLooksWholeWhenKilled() throws IOException, InterruptedException {
    Path place = Files.createDirectory(folder.resolve("killed"));
    int status = end(place.resolve("run"), Process::destroyForcibly);

    assertThat(status).as("128 + SIGKILL").isEqualTo(137);
    assertThat(place.resolve("run").toFile().list())
        .singleElement()
        .asString()
        .startsWith(CommittedFolder.HOME);
  }

  @Test
  void shouldLeaveNothingWhenInterrupted() throws IOException, InterruptedException {
    Path place = Files.createDirectory(folder.resolve("interrupted"));
    int status = end(place.resolve("run"), Process::destroy);

    assertThat(status).as("128 + SIGTERM").isEqualTo(143);
    assertThat(place.toFile().list()).isEmpty();
    // It says so in one line where the process lives long enough to say anything.
    assertThat(Files.readString(folder.resolve("ended.err"))).doesNotContain("\tat ");
  }

  @Test
  void shouldEndWithOneLineAndAStatusOnBadInput() throws IOException, InterruptedException {
    Launcher.Ended run =
        launcher(Map.of()).run(List.of("inspect", folder.resolve("none.npy").toString()));

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("none.npy: does not exist").doesNotContain("\tat ");
  }

  @Test
  void shouldNameASettingThatIsNoSize() throws IOException, InterruptedException {
    Launcher.Ended run =
        launcher(Map.of("FLASHLLOYD_STORE", "12q"))
            .run(
                List.of(
                    "fit",
                    "--input=synthetic:rows=9,dim=2",
                    "--k=2",
                    "--output=" + folder.resolve("no-size")));

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("spark.flashlloyd.store.host.bytes is 12q (expected bytes, such as 6g)");
  }

  @Test
  void shouldKnowItsVersion() throws IOException, InterruptedException {
    Launcher.Ended run = launcher(Map.of()).run(List.of("--version"));

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out().lines().findFirst().orElseThrow()).matches("flashlloyd \\d+\\.\\d+.*");
    assertThat(run.out()).contains("spark 4.", "java 1");
  }

  @Test
  void shouldReadAllFilesWhereThereIsNoLocale() throws IOException, InterruptedException {
    Path names = Files.createDirectories(folder.resolve("names/ü")).getParent();
    for (String name : List.of("a.fbin", "é.fbin", "ü/x.fbin")) {
      VectorFiles.fbin(names.resolve(name), VectorFiles.blobs(40, 3, 1));
    }
    Map<String, String> cron = Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", "");
    for (Map<String, String> locale : List.of(Map.of("LC_ALL", "C"), cron)) {
      Launcher.Ended run = launcher(locale).run(List.of("inspect", names.toString()));
      assertThat(run.out()).as(run.err()).contains("files      3\n", "rows       120\n");
    }
    Launcher.Ended file =
        launcher(cron).run(List.of("inspect", names.resolve("é.fbin").toString()));
    assertThat(file.out()).as(file.err()).contains("rows       40\n");
  }

  private static List<String> fit(Path output) {
    return List.of(
        "fit",
        "--input",
        WORDS,
        "--id-column",
        "word",
        "--k",
        "24",
        "--max-iter",
        "3",
        "--output",
        output.toString());
  }

  private static Launcher launcher(Map<String, String> environment) {
    Map<String, String> all = new java.util.HashMap<>(environment);
    all.put("FLASHLLOYD_HEAP", "1g");
    return new Launcher(HOME, folder, all);
  }

  private static Path sparkHome() throws IOException {
    return SparkInstallation.in(HOME, folder);
  }

  /** Starts a long fit, ends it in the midst of its iterations, and returns its status. */
  private static int end(Path output, java.util.function.Consumer<Process> signal)
      throws IOException, InterruptedException {
    List<String> args =
        List.of(
            "fit",
            "--input",
            WORDS,
            "--k",
            "200",
            "--init",
            "random",
            "--max-iter",
            "1000000",
            "--tol",
            "0",
            "--output",
            output.toString());
    Path err = folder.resolve("ended.err");
    Files.deleteIfExists(err);
    Process process = launcher(Map.of()).start(args, err.toFile(), err.toFile());
    try {
      awaitLine(process, err, "iteration   2 ");
      signal.accept(process);
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return process.exitValue();
  }

  private static void awaitLine(Process process, Path file, String start)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (Files.readString(file).lines().noneMatch(line -> line.startsWith(start))) {
      assertThat(process.isAlive()).as(Files.readString(file)).isTrue();
      assertThat(System.nanoTime()).as(Files.readString(file)).isLessThan(deadline);
      Thread.sleep(50);
    }
  }
}
