package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors and drivers that die, and memory that is too small: always the bits of one process. */
class ClusterIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  /** Four splits, so that there is something for two executors; 7.7 MB each. */
  private static final List<String> INPUT = List.of(input(1), input(2), input(3), input(4));

  private static final int ITERATIONS = 8;

  @TempDir private static Path folder;
  private static Path expected;

  private static String input(int seed) {
    return "synthetic:rows=60000,dim=64,clusters=300,dtype=f16,seed=" + seed;
  }

  @BeforeAll
  static void fitInOneProcess() throws IOException, InterruptedException {
    Launcher.program(
        folder.resolve("mvn"), "echo 'The jar is fresh: nothing to build' >&2; exit 1\n");
    expected = folder.resolve("expected");
    Launcher.Ended run = launcher(Map.of()).run(fit(expected, List.of(), List.of()));
    assertThat(run.status()).as(run.err()).isZero();
  }

  @Test
  void shouldKnowItsRowsWhereExecutorsAndWorkersAreKilled()
      throws IOException, InterruptedException {
    Path place = Files.createDirectory(folder.resolve("killed-worker"));
    Path spark = SparkInstallation.in(HOME, folder);
    try (StandaloneCluster cluster =
        StandaloneCluster.start(HOME, spark, folder.resolve("standalone"), 2, 1)) {
      List<String> options = cluster.options();
      refuseChangedInput(cluster, spark, options);
      Path err = folder.resolve("killed-worker.err");
      Process process =
          cluster(spark)
              .start(fit(place.resolve("run"), options, List.of()), err.toFile(), err.toFile());
      try {
        awaitLine(process, err, "iteration   3 ");
        cluster.kill(1);
        assertThat(process.waitFor(4, TimeUnit.MINUTES)).as(Files.readString(err)).isTrue();
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    }
    assertSame(place.resolve("run"));
    assertThat(place.toFile().list()).as("orphans").containsExactly("run");
  }

  /** Executors come one after the other: the first must not read everything. */
  @Test
  void shouldReadInEveryExecutor() throws IOException, InterruptedException {
    Path spark = SparkInstallation.in(HOME, folder);
    Path output = folder.resolve("spread");
    Path events = Files.createDirectory(folder.resolve("events"));
    try (StandaloneCluster cluster =
        StandaloneCluster.start(HOME, spark, folder.resolve("spreading"), 2, 2)) {
      List<String> options = new ArrayList<>(cluster.options());
      for (String setting :
          List.of(
              "cores.max=4",
              "executor.cores=2",
              "eventLog.enabled=true",
              "eventLog.compress=false",
              "eventLog.rolling.enabled=false")) {
        options.addAll(List.of("--conf", "spark." + setting));
      }
      options.addAll(List.of("--conf", "spark.eventLog.dir=" + events.toUri()));

      Launcher.Ended run = cluster(spark).run(fit(output, options, List.of()));

      assertThat(run.status()).as(run.err()).isZero();
    }
    assertSame(output);
    assertThat(tasksByExecutor(events, 0)).as("tasks that read").containsExactly(2L, 2L);
  }

  /** How many tasks of a stage each executor ended. */
  private static Collection<Long> tasksByExecutor(Path events, int stage) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    Map<String, Long> tasks = new TreeMap<>();
    Path log = events.resolve(events.toFile().list()[0]);
    for (String line : Files.readAllLines(log)) {
      JsonNode event = mapper.readTree(line);
      if (event.path("Event").asText().equals("SparkListenerTaskEnd")
          && event.path("Stage ID").asInt() == stage) {
        tasks.merge(event.path("Task Info").path("Executor ID").asText(), 1L, Long::sum);
      }
    }
    return tasks.values();
  }

  /** What was read again after an executor was lost is not what was read at first. */
  private static void refuseChangedInput(
      StandaloneCluster cluster, Path spark, List<String> options)
      throws IOException, InterruptedException {
    Path place = Files.createDirectory(folder.resolve("changed-input"));
    List<String> args = new ArrayList<>(List.of("fit", "--spark"));
    args.addAll(options);
    args.addAll(List.of("--", "--input"));
    List<Path> inputs = new ArrayList<>();
    for (int file = 0; file < 4; file++) {
      inputs.add(Files.write(place.resolve(file + ".u8bin"), noise(file)));
      args.add(inputs.get(file).toString());
    }
    args.addAll(List.of("--k", "100", "--init", "random", "--tol", "0", "--max-iter", "100000"));
    args.addAll(List.of("--output", place.resolve("run").toString()));
    Path err = folder.resolve("changed-input.err");
    Process process = cluster(spark).start(args, err.toFile(), err.toFile());
    try {
      awaitLine(process, err, "iteration   3 ");
      for (Path input : inputs) {
        byte[] bytes = Files.readAllBytes(input);
        bytes[bytes.length / 2] ^= 1; // neither rows nor statistics tell it
        Files.write(input, bytes);
      }
      cluster.killExecutors(0);
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(Files.readString(err)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(err)).isEqualTo(1);
    assertThat(err).content().contains("checksum", "the input changed meanwhile");
    assertThat(place.toFile().list()).hasSize(inputs.size());
  }

  /** Rows that go on moving for far longer than the test does. */
  private static byte[] noise(int seed) {
    int rows = 40_000;
    int dimension = 32;
    ByteBuffer bytes = ByteBuffer.allocate(8 + rows * dimension).order(ByteOrder.LITTLE_ENDIAN);
    byte[] values = new byte[rows * dimension];
    new Random(seed).nextBytes(values);
    return bytes.putInt(rows).putInt(dimension).put(values).array();
  }

  /** A tenth of the data in memory, a tenth on disk, the rest read again; and tasks run twice. */
  @Test
  void shouldFindTheSameBitsWithSmallBudgetsAndSpeculation()
      throws IOException, InterruptedException {
    Path spark = SparkInstallation.in(HOME, folder);
    Path output = folder.resolve("speculated");
    List<String> options = new ArrayList<>(List.of("--master", "local-cluster[2,1,1024]"));
    for (String setting :
        List.of(
            "spark.ui.enabled=false",
            "spark.flashlloyd.store.pinned.bytes=0",
            "spark.flashlloyd.store.host.bytes=3000000",
            "spark.flashlloyd.store.disk.bytes=3000000",
            "spark.speculation=true",
            "spark.speculation.interval=10ms",
            "spark.speculation.minTaskRuntime=1ms",
            "spark.speculation.multiplier=1.01",
            "spark.speculation.quantile=0.1")) {
      options.addAll(List.of("--conf", setting));
    }

    Launcher.Ended run = cluster(spark).run(fit(output, options, List.of("--partitions", "4")));

    assertThat(run.status()).as(run.err()).isZero();
    assertSame(output);
  }

  @Test
  void shouldFindTheSameBitsWhereTheDriverIsKilledAndResumed()
      throws IOException, InterruptedException {
    Path place = Files.createDirectory(folder.resolve("killed-driver"));
    Path output = place.resolve("run");
    List<String> checkpoint = List.of("--checkpoint", place.resolve("state").toString());
    Path err = folder.resolve("killed-driver.err");
    Process process =
        launcher(Map.of()).start(fit(output, List.of(), checkpoint), err.toFile(), err.toFile());
    try {
      awaitLine(process, err, "iteration   4 ");
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(output.toFile().list())
        .as("hidden names only")
        .allSatisfy(name -> assertThat(name).startsWith(".flashlloyd-"));

    List<String> resume = new ArrayList<>(checkpoint);
    resume.add("--resume");
    Launcher.Ended run = launcher(Map.of()).run(fit(output, List.of(), resume));

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).containsPattern("resumed after iteration [3-8]");
    assertThat(run.err()).doesNotContain("iteration   1 ");
    assertSame(output);
    assertThat(place.toFile().list()).as("orphans").containsExactly("run");
  }

  private static void assertSame(Path run) throws IOException {
    assertThat(run.resolve("centroids.npy"))
        .hasBinaryContent(Files.readAllBytes(expected.resolve("centroids.npy")));
    assertThat(Tables.read(run.resolve("assignments"), "id"))
        .isEqualTo(Tables.read(expected.resolve("assignments"), "id"));
    assertThat(run.resolve("assignments").toFile().list((f, name) -> name.endsWith(".parquet")))
        .as("a file for each split")
        .hasSize(INPUT.size());
  }

  private static List<String> fit(Path output, List<String> spark, List<String> more) {
    List<String> args = new ArrayList<>(List.of("fit"));
    if (!spark.isEmpty()) {
      args.add("--spark");
      args.addAll(spark);
      args.add("--");
    }
    args.add("--input");
    args.addAll(INPUT);
    args.addAll(List.of("--k", "700", "--init", "random", "--tol", "0"));
    args.addAll(List.of("--max-iter", String.valueOf(ITERATIONS), "--output", output.toString()));
    args.addAll(more);
    return args;
  }

  private static Launcher cluster(Path spark) {
    return launcher(Map.of("SPARK_HOME", spark.toString(), "SPARK_SCALA_VERSION", "2.13"));
  }

  private static Launcher launcher(Map<String, String> environment) {
    Map<String, String> all = new java.util.HashMap<>(environment);
    all.put("FLASHLLOYD_HEAP", "1g");
    return new Launcher(HOME, folder, all);
  }

  private static void awaitLine(Process process, Path file, String start)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(4);
    while (Files.readString(file).lines().noneMatch(line -> line.startsWith(start))) {
      assertThat(process.isAlive()).as(Files.readString(file)).isTrue();
      assertThat(System.nanoTime()).as(Files.readString(file)).isLessThan(deadline);
      Thread.sleep(20);
    }
  }
}
