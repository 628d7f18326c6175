package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.spark.LocalSpark;
import io.flashlloyd.spark.report.Reindexing;
import io.flashlloyd.spark.report.RowMoves;
import io.flashlloyd.spark.report.RunReport;
import io.flashlloyd.spark.run.StoredRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nights on real vectors. First 5,292 of the sample's words; then 108 more, 2 % of the same
 * distribution; then 600 images of digits, 10 %: the new topic. Their 64 coordinates are turned
 * into the words' 100 by a random rotation and scaled to the words' mean length, so that neither a
 * constant coordinate nor size gives them away.
 */
class ThreeNightsTest {
  private static final Configuration HADOOP = new Configuration();
  private static final String WORDS = "samples/words-100d/words.parquet";
  private static final String DIGITS = "src/test/resources/oracle/digits-64d/vectors.npy";
  private static final int DIMENSION = 100;

  @TempDir private Path folder;
  private Path data;

  @Test
  void shouldSkipAppendAndWarmStartAsTheDataAsks() throws IOException {
    data = java.nio.file.Files.createDirectory(folder.resolve("data"));
    List<String> ids = new ArrayList<>();
    List<float[]> vectors = new ArrayList<>();
    words(ids, vectors);
    write("night1.parquet", ids.subList(0, 5292), vectors.subList(0, 5292));
    run("fit", "--k", "64", "--tol", "0", "--max-iter", "300", "--output", uri("run1"));
    verify("run1");

    write("night2.parquet", ids.subList(5292, 5400), vectors.subList(5292, 5400));
    run("reindex", "--previous", uri("run1"), "--append", "--output", uri("run2"));

    Reindexing second = report("run2").reindexing();
    assertThat(second.decision()).isEqualTo("append");
    assertThat(second.moves()).isEqualTo(new RowMoves(5292, 0, 108, 0));
    assertThat(report("run2").rows()).isEqualTo(5400);
    assertThat(model("run2")).isEqualTo(model("run1"));
    verify("run2");
    explain("run1", "run2");

    List<String> digits = new ArrayList<>();
    write("night3.parquet", digits, digits(digits, meanLength(vectors)));
    CommandRun drift = command("drift", "--model", uri("run2"), "--output", uri("drift3"));
    assertThat(drift.status()).as(drift.err()).isEqualTo(3);
    run("reindex", "--previous", uri("run2"), "--append", "--output", uri("run3"));

    Reindexing third = report("run3").reindexing();
    assertThat(third.decision()).isEqualTo("warm-start");
    assertThat(third.reason()).contains("far-rows");
    assertThat(third.moves().added()).isEqualTo(600);
    assertThat(third.moves().gone()).isZero();
    verify("run3");
    explain("run2", "run3");
    assertThat(keptUnaffected(digits)).isGreaterThan(0.95);

    run("fit", "--k", "64", "--tol", "0", "--max-iter", "300", "--output", uri("cold"));
    assertThat(report("run3").converged()).isTrue();
    assertThat(report("cold").converged()).isTrue();
    assertThat(report("run3").iterations().size()).isLessThan(report("cold").iterations().size());
  }

  /**
   * The share of night 2's rows in the same cluster, among those whose cluster none of the new
   * topic came to.
   */
  private double keptUnaffected(List<String> topic) throws IOException {
    run("assign", "--model", uri("run2"), "--output", uri("frozen"));
    Map<String, Integer> frozen = clusters("frozen");
    Map<String, Integer> after = clusters("run3");
    Set<Integer> affected = new HashSet<>();
    topic.forEach(id -> affected.add(frozen.get(id)));
    long unaffected = 0;
    long kept = 0;
    for (Map.Entry<String, Integer> row : clusters("run2").entrySet()) {
      if (!affected.contains(row.getValue())) {
        unaffected++;
        kept += row.getValue().equals(after.get(row.getKey())) ? 1 : 0;
      }
    }
    assertThat(unaffected).isGreaterThan(2700);
    return (double) kept / unaffected;
  }

  /** A run opened again: its rows are where a new assignment to its own model puts them. */
  private void verify(String name) throws IOException {
    StoredRun run = StoredRun.open(uri(name), HADOOP);
    assertThat(run.dataset(HADOOP).rows()).isEqualTo(run.report().rows());
    run("assign", "--model", uri(name), "--output", uri(name + "-again"));
    assertThat(clusters(name + "-again")).isEqualTo(clusters(name));
    assertThat(report(name + "-again").clusterSizes()).isEqualTo(run.report().clusterSizes());
    assertThat(report(name + "-again").trainingCost()).isEqualTo(run.report().trainingCost());
  }

  /** The moves turn the old assignment into the new one, and name nothing that did not change. */
  private void explain(String before, String after) throws IOException {
    Map<String, Integer> clusters = clusters(before);
    for (Row move : Tables.read(folder.resolve(after).resolve("moves.parquet"), "id")) {
      assertThat(clusters.get(move.getString(0))).isEqualTo(move.getAs("old_cluster"));
      assertThat(move.<Integer>getAs("new_cluster")).isNotEqualTo(move.getAs("old_cluster"));
      clusters.put(move.getString(0), move.getAs("new_cluster"));
    }
    assertThat(clusters).isEqualTo(clusters(after));
  }

  private Map<String, Integer> clusters(String run) throws IOException {
    Map<String, Integer> clusters = new HashMap<>();
    for (Row row : Tables.read(folder.resolve(run).resolve("assignments"), "id")) {
      clusters.put(row.getString(0), row.getInt(1));
    }
    return clusters;
  }

  private Object model(String run) throws IOException {
    return StoredRun.open(uri(run), HADOOP).model(LocalSpark.session()).centroids();
  }

  private RunReport report(String run) throws IOException {
    return StoredRun.open(uri(run), HADOOP).report();
  }

  private void run(String... args) {
    CommandRun run = command(args);
    assertThat(run.status()).as(run.err()).isZero();
  }

  /** Over all files that have come so far. */
  private CommandRun command(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--quiet", "--input", data.toString(), "--id-column", "id"));
    return CommandRun.of(all);
  }

  private String uri(String name) {
    return folder.resolve(name).toString();
  }

  private void write(String name, List<String> ids, List<float[]> vectors) throws IOException {
    Tables.identified(
        data.resolve(name), DataTypes.StringType, ids, vectors.toArray(float[][]::new));
  }

  /** 5,400 of the sample's words, in an order that knows nothing of their meaning or frequency. */
  private static void words(List<String> ids, List<float[]> vectors) {
    List<Row> rows =
        LocalSpark.session()
            .read()
            .parquet(WORDS)
            .orderBy(org.apache.spark.sql.functions.expr("xxhash64(word)"))
            .limit(5400)
            .collectAsList();
    for (Row row : rows) {
      List<Float> vector = row.getList(1);
      float[] values = new float[DIMENSION];
      for (int t = 0; t < DIMENSION; t++) {
        values[t] = vector.get(t);
      }
      ids.add(row.getString(0));
      vectors.add(values);
    }
  }

  private static List<float[]> digits(List<String> ids, double length) throws IOException {
    CentroidMatrix images = CentroidFiles.read(DIGITS, HADOOP);
    double[][] axes = orthonormal(images.dimension(), new Random(1));
    List<float[]> rows = new ArrayList<>();
    for (int image = 0; image < 600; image++) {
      float[] row = new float[DIMENSION];
      for (int i = 0; i < images.dimension(); i++) {
        float value = images.values()[image * images.dimension() + i];
        for (int t = 0; t < DIMENSION; t++) {
          row[t] += (float) (value * axes[i][t]);
        }
      }
      ids.add("digit-%03d".formatted(image));
      rows.add(row);
    }
    double scale = length / meanLength(rows);
    for (float[] row : rows) {
      for (int t = 0; t < DIMENSION; t++) {
        row[t] *= (float) scale;
      }
    }
    return rows;
  }

  /** {@code count} orthonormal axes, by Gram and Schmidt. */
  private static double[][] orthonormal(int count, Random random) {
    double[][] axes = new double[count][];
    for (int i = 0; i < count; i++) {
      double[] axis = random.doubles(DIMENSION, -1, 1).toArray();
      for (int j = 0; j < i; j++) {
        double along = dot(axis, axes[j]);
        for (int t = 0; t < DIMENSION; t++) {
          axis[t] -= along * axes[j][t];
        }
      }
      double norm = Math.sqrt(dot(axis, axis));
      axes[i] = java.util.Arrays.stream(axis).map(x -> x / norm).toArray();
    }
    return axes;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int t = 0; t < a.length; t++) {
      sum += a[t] * b[t];
    }
    return sum;
  }

  private static double meanLength(List<float[]> rows) {
    double total = 0;
    for (float[] row : rows) {
      double squares = 0;
      for (float x : row) {
        squares += (double) x * x;
      }
      total += Math.sqrt(squares);
    }
    return total / rows.size();
  }
}
