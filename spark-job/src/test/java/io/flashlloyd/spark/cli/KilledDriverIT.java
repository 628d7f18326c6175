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
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fits that overwrite an older run and are killed at any moment from their start to their end:
 * what is there is the old run or the new one, whole, and the next fit goes on from the checkpoint
 * to the same bits and leaves nothing else. {@code -Dkills=100} kills more of them.
 */
class KilledDriverIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final int KILLS = Integer.getInteger("kills", 4);
  private static final long LONGEST_SECONDS = 120;

  @TempDir private Path folder;
  private Path run;
  private Path local;

  @Test
  void shouldLeaveTheOldRunOrTheNewOneWhereverItIsKilled() throws Exception {
    run = folder.resolve("place/run");
    local = folder.resolve("local");
    List<Found> wholes = List.of(whole(0), whole(1));
    fitHere(0, run);
    long took = fitInProcess(1, Long.MAX_VALUE, "whole").nanos();
    fitHere(0, run);

    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<String, Integer> fell = new TreeMap<>();
    int late = 0;
    for (int kill = 0, old = 0; kill < KILLS + late; kill++) {
      int next = 1 - old;
      String situation = "seed %d, kill %d".formatted(seed, kill);
      Ended ended = fitInProcess(next, random.nextLong(took), situation);
      late += ended.killed() ? 0 : 1;
      assertThat(late).as("kills after the end").isLessThan(10 + KILLS);
      took = ended.killed() ? took : ended.nanos();
      Found found = found(situation);
      assertThat(found).as(situation).isIn(wholes);
      assertThat(ended.killed() || found.equals(wholes.get(next))).as(situation).isTrue();
      boolean became = found.equals(wholes.get(next));
      fell.merge(became ? "after the commit" : ended.said(), ended.killed() ? 1 : 0, Integer::sum);

      fitHere(next, run);
      assertThat(found(situation)).as(situation).isEqualTo(wholes.get(next));
      assertThat(names(run)).as(situation).isEqualTo(names(folder.resolve("whole-" + next)));
      assertThat(names(run.getParent())).as(situation).containsExactly("run");
      old = next;
    }
    fitInProcess(0, Long.MAX_VALUE, "last");
    assertThat(names(local)).as("what Spark has for its own").isEmpty();
    System.out.printf(
        "seed %d: %d drivers killed, old or new run whole, same bits; they fell %s; %d too late%n",
        seed, KILLS, fell, late);
  }

  /** What of a run depends on its rows. */
  @SuppressWarnings("ArrayRecordComponent") // a list of bytes
  private record Found(List<Byte> centroids, List<Row> assignments) {}

  /**
   * How a process ended.
   *
   * @param said the stage that it had told of last
   */
  private record Ended(boolean killed, long nanos, String said) {}

  private Found whole(int seed) throws IOException {
    Path whole = folder.resolve("whole-" + seed);
    fitHere(seed, whole);
    return found(whole, "whole");
  }

  private Found found(String situation) throws IOException {
    return found(run, situation);
  }

  /** As our readers find it. */
  private static Found found(Path run, String situation) throws IOException {
    return CommittedFolder.reading(
        new org.apache.hadoop.fs.Path(run.toUri()),
        new Configuration(),
        folder -> {
          List<Row> rows = new ArrayList<>();
          for (var file : folder.files("assignments")) {
            rows.addAll(Tables.read(Path.of(file.toUri().getPath()), "id"));
          }
          FileSystem files = folder.file("centroids.npy").getFileSystem(new Configuration());
          for (String name : folder.names()) {
            assertThat(files.exists(folder.file(name))).as("%s, %s", situation, name).isTrue();
          }
          byte[] bytes =
              Files.readAllBytes(Path.of(folder.file("centroids.npy").toUri().getPath()));
          List<Byte> centroids = new ArrayList<>();
          for (byte one : bytes) {
            centroids.add(one);
          }
          return new Found(centroids, rows);
        });
  }

  private static List<String> names(Path of) {
    String[] names = of.toFile().list();
    Arrays.sort(names);
    return List.of(names);
  }

  private List<String> arguments(int seed, Path output) {
    return List.of(
        "fit",
        "--input=synthetic:rows=5000,dim=16,clusters=40,seed=5",
        "--k=60",
        "--init=random",
        "--seed=" + seed,
        "--tol=0",
        "--max-iter=15",
        "--checkpoint=" + folder.resolve("place/state-" + seed),
        "--resume",
        "--overwrite",
        "--output=" + output);
  }

  private void fitHere(int seed, Path output) {
    CommandRun fit = CommandRun.of(arguments(seed, output));
    assertThat(fit.status()).as(fit.err()).isZero();
  }

  /** Kills it after a time, if it has not ended. */
  private Ended fitInProcess(int seed, long nanos, String situation) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.add("@" + HOME.resolve("conf/jvm-options"));
    command.addAll(List.of("-Xmx1g", "-Dspark.local.dir=" + local));
    command.add("-Dlog4j2.configurationFile=" + HOME.resolve("conf/log4j2-embedded.properties"));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(arguments(seed, run));
    Path log = folder.resolve("log");
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    long most = Math.min(nanos, TimeUnit.SECONDS.toNanos(LONGEST_SECONDS));
    boolean killed = !process.waitFor(most, TimeUnit.NANOSECONDS);
    if (killed) {
      process.destroyForcibly().waitFor();
    }
    String said = Files.readString(log);
    assertThat(killed && nanos == Long.MAX_VALUE).as("hangs: %s", said).isFalse();
    assertThat(killed || process.exitValue() == 0).as("%s: %s", situation, said).isTrue();
    String last =
        said.lines()
            .filter(line -> !line.startsWith("WARNING"))
            .reduce("start", (before, line) -> line);
    String stage = "after \"" + last.replaceFirst("[:0-9]*[:0-9].*", "").strip() + "\"";
    return new Ended(killed, System.nanoTime() - begin, stage);
  }
}
