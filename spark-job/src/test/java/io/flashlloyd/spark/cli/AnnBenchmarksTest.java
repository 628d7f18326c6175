package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.spark.LocalSpark;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file laid out as ann-benchmarks does: the run on it is the run on the same rows in .npy. */
class AnnBenchmarksTest {
  private static final int ROWS = 1200;
  private static final int QUERIES = 40;
  private static final int NEIGHBORS = 10;
  private static final float[][] TRAIN = VectorFiles.blobs(ROWS, 9, 3);
  private static final float[][] TEST = VectorFiles.blobs(QUERIES, 9, 4);

  @TempDir private static Path folder;

  private static int[][] neighbors;

  @BeforeAll
  static void write() throws IOException {
    neighbors = new int[QUERIES][];
    float[][] distances = new float[QUERIES][];
    for (int query = 0; query < QUERIES; query++) {
      float[] q = TEST[query];
      int[] order =
          IntStream.range(0, ROWS)
              .boxed()
              .sorted(Comparator.comparingDouble(row -> distance(q, TRAIN[row])))
              .limit(NEIGHBORS)
              .mapToInt(Integer::intValue)
              .toArray();
      neighbors[query] = order;
      distances[query] = new float[NEIGHBORS];
      for (int i = 0; i < NEIGHBORS; i++) {
        distances[query][i] = (float) distance(q, TRAIN[order[i]]);
      }
    }
    try (WritableHdfFile file = HdfFile.write(folder.resolve("blobs-9-euclidean.hdf5"))) {
      file.putAttribute("distance", "euclidean");
      file.putDataset("train", TRAIN);
      file.putDataset("test", TEST);
      file.putDataset("neighbors", neighbors);
      file.putDataset("distances", distances);
    }
    VectorFiles.npy(folder.resolve("train.npy"), TRAIN);
    VectorFiles.npy(folder.resolve("test.npy"), TEST);
  }

  @Test
  void shouldGoTheWholeWayFromHdf5AsFromNpy() throws IOException {
    Path hdf5 = way("hdf5", "blobs-9-euclidean.hdf5", "train", "blobs-9-euclidean.hdf5", "test");
    Path npy = way("npy", "train.npy", null, "test.npy", null);

    assertThat(hdf5.resolve("lists/index.faiss"))
        .hasSameBinaryContentAs(npy.resolve("lists/index.faiss"));
    List<Row> lists = clusters(hdf5.resolve("fit"));
    List<Row> queries = clusters(hdf5.resolve("assigned"));
    assertThat(lists).isEqualTo(clusters(npy.resolve("fit"))).hasSize(ROWS);
    assertThat(queries).isEqualTo(clusters(npy.resolve("assigned"))).hasSize(QUERIES);
    // Recall of the list that is nearest alone; by the file's own neighbors.
    int found = 0;
    for (int query = 0; query < QUERIES; query++) {
      for (int row : neighbors[query]) {
        found += lists.get(row).getInt(1) == queries.get(query).getInt(1) ? 1 : 0;
      }
    }
    assertThat(found).isGreaterThan(QUERIES * NEIGHBORS / 2);
  }

  @Test
  void shouldShowWhatCanBeChosenAmong() throws IOException {
    CommandRun run = CommandRun.of("inspect", folder.resolve("blobs-9-euclidean.hdf5").toString());
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out().lines().map(String::strip).toList())
        .contains(
            "columns that could hold vectors",
            "distances  float32 [40, 10]   dimension 10  nulls 0  uncompressed",
            "train      float32 [1200, 9]  dimension 9  nulls 0  uncompressed")
        .anyMatch(line -> line.matches("flashlloyd fit --input \\S+hdf5 --column train"));
  }

  /** fit, assign and export. */
  private static Path way(
      String name, String train, String trainColumn, String test, String testColumn)
      throws IOException {
    Path out = Files.createDirectory(folder.resolve(name));
    run(
        trainColumn,
        "fit",
        "--quiet",
        "--k",
        "11",
        "--max-iter",
        "4",
        "--init",
        "random",
        "--input",
        folder.resolve(train).toString(),
        "--output",
        out.resolve("fit").toString());
    run(
        testColumn,
        "assign",
        "--quiet",
        "--model",
        out.resolve("fit").toString(),
        "--input",
        folder.resolve(test).toString(),
        "--output",
        out.resolve("assigned").toString());
    run(
        null,
        "export",
        "--quiet",
        "--to",
        "faiss-ivfflat",
        "--model",
        out.resolve("fit").toString(),
        "--output",
        out.resolve("lists").toString());
    return out;
  }

  private static void run(String column, String... args) {
    List<String> all = new ArrayList<>(Arrays.asList(args));
    if (column != null) {
      all.addAll(List.of("--column", column));
    }
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
  }

  private static List<Row> clusters(Path run) {
    return LocalSpark.session()
        .read()
        .parquet(run.resolve("assignments").toString())
        .select("id", "cluster", "distance")
        .orderBy("id")
        .collectAsList();
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int t = 0; t < a.length; t++) {
      sum += ((double) a[t] - b[t]) * ((double) a[t] - b[t]);
    }
    return Math.sqrt(sum);
  }
}
