package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.spark.FlashKMeansModel;
import io.flashlloyd.spark.LocalSpark;
import io.flashlloyd.spark.run.RunFolder;
import io.flashlloyd.spark.run.StoredRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Readers of a run that is replaced again and again, by one of 2 clusters and 60 rows and one of 5
 * and 90: ours see one of the two each time, those of others now and then none, and never a bit of
 * both.
 */
class OverwrittenRunIT {
  private static final int OVERWRITES = 20;
  private static final Map<Integer, Long> ROWS = Map.of(2, 60L, 5, 90L);
  private static final Configuration HADOOP = new Configuration();

  @TempDir private Path folder;

  private final AtomicBoolean ended = new AtomicBoolean();
  private final Map<String, int[]> polls = new ConcurrentHashMap<>();

  @Test
  void shouldBeReadWholeAtAnyTime() throws Exception {
    SparkSession spark = LocalSpark.session();
    Path run = folder.resolve("run");
    for (int k : ROWS.keySet()) {
      fit(k, folder.resolve("k" + k));
    }
    overwrite(run, 2);
    List<Callable<Void>> readers =
        new ArrayList<>(
            List.of(
                reader("inspect run", () -> inspect(run, "rows       ")),
                reader("inspect run", () -> inspect(run, "rows       ")),
                reader("inspect model", () -> inspect(run.resolve("model"), "clusters   ")),
                reader("model", () -> model(run.resolve("model"))),
                reader("model", () -> model(run.resolve("model"))),
                reader("statistics", () -> statistics(run, spark)),
                reader("statistics", () -> statistics(run, spark)),
                reader("assignments", () -> assignments(run, spark)),
                reader("centroids", () -> centroids(run)),
                reader("assign", () -> assign(run)),
                reader("others' npy", () -> npy(run)),
                reader("others' Spark", () -> parquet(run, spark))));
    ExecutorService threads = Executors.newFixedThreadPool(readers.size());
    try {
      List<Future<Void>> reading = readers.stream().map(threads::submit).toList();
      for (int i = 0; i < OVERWRITES; i++) {
        Thread.sleep(250);
        overwrite(run, i % 2 == 0 ? 5 : 2);
      }
      ended.set(true);
      for (Future<Void> reader : reading) {
        reader.get();
      }
    } finally {
      ended.set(true);
      threads.shutdownNow();
    }
    polls.forEach(
        (name, count) ->
            System.out.printf("%s: %d polls, %d of them absent%n", name, count[0], count[1]));
    assertThat(polls).hasSize(9).allSatisfy((name, count) -> assertThat(count[0]).isPositive());
    assertThat(polls.get("others' npy")[1]).as("a file is replaced in one step").isZero();
  }

  private void fit(int k, Path output) throws IOException {
    String input =
        VectorFiles.fbin(
            folder.resolve(k + ".fbin"), VectorFiles.blobs(ROWS.get(k).intValue(), 3, 1));
    CommandRun fit =
        CommandRun.of(
            "fit",
            "--quiet",
            "--k",
            Integer.toString(k),
            "--input",
            input,
            "--output",
            output.toString());
    assertThat(fit.status()).as(fit.err()).isZero();
  }

  /** Commits the files of a run anew. */
  private void overwrite(Path run, int k) throws IOException {
    try (RunFolder next = RunFolder.create(run.toString(), true, HADOOP)) {
      FileUtils.copyDirectory(
          folder.resolve("k" + k).toFile(),
          Path.of(next.writing().toUri().getPath()).toFile(),
          file -> !file.getName().equals("_committed"));
      next.commit();
    }
  }

  /** Polls as long as there are overwrites; false is an absence. */
  private Callable<Void> reader(String name, Callable<Boolean> poll) {
    return () -> {
      while (!ended.get()) {
        boolean there = poll.call();
        polls.merge(
            name, new int[] {1, there ? 0 : 1}, (a, b) -> new int[] {a[0] + b[0], a[1] + b[1]});
        if (!there && !name.startsWith("others'")) {
          throw new AssertionError(name + ": absent");
        }
      }
      return null;
    };
  }

  private boolean inspect(Path what, String line) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        new CommandLine(new InspectCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(what.toString());
    assertThat(status).as(err.toString()).isZero();
    assertThat(out.toString().lines())
        .anyMatch(found -> found.matches(line + (line.startsWith("rows") ? "(60|90)" : "[25]")));
    return true;
  }

  private boolean model(Path model) throws IOException {
    assertCentroids(FlashKMeansModel.load(model.toString()).centroids().values());
    return true;
  }

  private boolean centroids(Path run) throws IOException {
    assertCentroids(CentroidFiles.read(run.resolve("model").toString(), HADOOP).values());
    return true;
  }

  private void assertCentroids(float[] values) throws IOException {
    int k = values.length / 3;
    assertThat(ROWS).containsKey(k);
    String npy = folder.resolve("k" + k + "/centroids.npy").toString();
    assertThat(values).isEqualTo(CentroidFiles.read(npy, HADOOP).values());
  }

  private boolean statistics(Path run, SparkSession spark) throws IOException {
    long[] sizes =
        StoredRun.reading(
            run.toString(),
            HADOOP,
            stored -> {
              long[] found = stored.statistics(spark.sparkContext().hadoopConfiguration()).sizes();
              assertThat(found).hasSize(stored.report().kReturned());
              return found;
            });
    assertThat(Arrays.stream(sizes).sum()).isEqualTo(ROWS.get(sizes.length));
    return true;
  }

  private boolean assignments(Path run, SparkSession spark) throws IOException {
    long[] rows =
        StoredRun.reading(
            run.toString(),
            HADOOP,
            stored -> new long[] {stored.assignments(spark).count(), stored.report().rows()});
    assertThat(rows[0]).isEqualTo(rows[1]);
    return true;
  }

  private boolean assign(Path run) throws IOException {
    Path assigned = folder.resolve("assigned");
    int status =
        Main.run(
            "assign",
            "--quiet",
            "--overwrite",
            "--model",
            run.toString(),
            "--input",
            folder.resolve("2.fbin").toString(),
            "--output",
            assigned.toString());
    assertThat(status).isZero();
    assertThat(StoredRun.open(assigned.toString(), HADOOP).report().kReturned()).isIn(2, 5);
    return true;
  }

  private boolean npy(Path run) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(run.resolve("centroids.npy"));
    } catch (NoSuchFileException e) {
      return false;
    }
    assertThat(bytes)
        .isIn(
            Files.readAllBytes(folder.resolve("k2/centroids.npy")),
            Files.readAllBytes(folder.resolve("k5/centroids.npy")));
    return true;
  }

  private boolean parquet(Path run, SparkSession spark) {
    long rows;
    try {
      rows = spark.read().parquet(run.resolve("assignments").toString()).count();
    } catch (Exception e) { // absent, or gone before it was read
      return false;
    }
    assertThat(rows).isIn(ROWS.values());
    return true;
  }
}
