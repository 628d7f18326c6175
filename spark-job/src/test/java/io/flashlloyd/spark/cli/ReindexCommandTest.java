package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.LocalSpark;
import io.flashlloyd.spark.report.Reindexing;
import io.flashlloyd.spark.report.RowMoves;
import io.flashlloyd.spark.report.RunReport;
import io.flashlloyd.spark.run.StoredRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code reindex}: what it decides, what each decision leaves, and what it refuses. */
class ReindexCommandTest {
  private static final Configuration HADOOP = new Configuration();
  private static final float[][] ROWS = VectorFiles.blobs(300, 3, 1);

  @TempDir private static Path shared;
  private static String first;

  @TempDir private Path folder;

  @BeforeAll
  static void fit() throws IOException {
    first = shared.resolve("first").toString();
    String input = table(shared.resolve("v.parquet"), 0, ROWS);
    CommandRun fit =
        CommandRun.of(
            "fit",
            "--quiet",
            "--input",
            input,
            "--id-column",
            "id",
            "--k",
            "5",
            "--max-iter",
            "50",
            "--tol",
            "0",
            "--output",
            first);
    assertThat(fit.status()).as(fit.err()).isZero();
  }

  @Test
  void shouldSkipWhereNothingMovedAndLeaveAWholeRun() throws IOException {
    float[][] rows = Arrays.copyOfRange(ROWS, 10, 300);
    RunReport report = reindex(table(folder.resolve("n.parquet"), 10, rows));

    assertThat(report.command()).isEqualTo("reindex");
    assertThat(report.rows()).isEqualTo(290);
    assertThat(report.iterations()).isEmpty();
    assertThat(report.converged()).isNull();
    Reindexing reindexing = report.reindexing();
    assertThat(reindexing.decision()).isEqualTo("skip");
    assertThat(reindexing.reason()).isEqualTo("stable");
    assertThat(reindexing.previous()).isEqualTo("file:" + first);
    assertThat(reindexing.moves()).isEqualTo(new RowMoves(290, 0, 0, 10));
    assertThat(moves()).hasSize(10).allSatisfy(move -> assertThat(move.get(2)).isNull());
    assertThat(centroids("out")).isEqualTo(centroids(first));
    assertThat(folder.resolve("out").toFile().list((dir, name) -> !name.endsWith(".crc")))
        .contains("model", "centroids.npy", "assignments", "clusters.parquet", "drift.json");
    assertThat(run("out").clusters(LocalSpark.session()).selectExpr("sum(size)").first().get(0))
        .isEqualTo(290L);
  }

  @Test
  void shouldGoOnFromASkippedRun() throws IOException {
    String input = table(folder.resolve("n.parquet"), 0, ROWS);
    reindex(input);
    CommandRun second =
        CommandRun.of(
            args(folder.resolve("out").toString(), input, folder.resolve("again").toString()));
    assertThat(second.status()).as(second.err()).isZero();
    assertThat(run("again").report().parameters()).containsEntry("maxIter", 50);
    assertThat(run("again").report().reindexing().decision()).isEqualTo("skip");
  }

  @Test
  void shouldAppendNewRowsOnly() throws IOException {
    float[][] rows = VectorFiles.blobs(25, 3, 2);
    RunReport report = reindex(table(folder.resolve("n.parquet"), 1000, rows), "--append");

    assertThat(report.reindexing().decision()).isEqualTo("append");
    assertThat(report.reindexing().moves()).isEqualTo(new RowMoves(300, 0, 25, 0));
    assertThat(report.rows()).isEqualTo(325);
    assertThat(report.inputs()).hasSize(2);
    assertThat(moves()).hasSize(25).allSatisfy(move -> assertThat(move.get(1)).isNull());
    assertThat(run("out").dataset(HADOOP).rows()).isEqualTo(325);
    assertThat(Tables.read(folder.resolve("out/assignments"), "id")).isEqualTo(assignedAgain());
    StoredRun run = run("out");
    assertThat(run.clusters(LocalSpark.session()).selectExpr("sum(size)").first().get(0))
        .isEqualTo(325L);
  }

  @Test
  void shouldAppendToRowsThatComeAgain() throws IOException {
    float[][] rows = Arrays.copyOf(ROWS, 320);
    System.arraycopy(VectorFiles.blobs(20, 3, 2), 0, rows, 300, 20);
    RunReport report = reindex(table(folder.resolve("n.parquet"), 0, rows), "--append");

    assertThat(report.reindexing().moves()).isEqualTo(new RowMoves(300, 0, 20, 0));
    assertThat(report.rows()).isEqualTo(320);
    assertThat(report.inputs()).hasSize(1);
    assertThat(Tables.read(folder.resolve("out/assignments"), "id")).isEqualTo(assignedAgain());
  }

  @Test
  void shouldNotAppendToAPartOfTheRows() throws IOException {
    float[][] rows = Arrays.copyOfRange(ROWS, 100, 300);
    refuse(
        args(first, table(folder.resolve("n.parquet"), 100, rows), out(), "--append"),
        "--append: the input has 200 of the 300 rows of run ",
        "leave --append away");
  }

  @Test
  void shouldNotFitNewRowsAloneWhereTheyHaveDrifted() throws IOException {
    float[][] rows = VectorFiles.blobs(25, 3, 2);
    for (float[] row : rows) {
      row[0] += 3;
    }
    refuse(
        args(first, table(folder.resolve("n.parquet"), 1000, rows), out(), "--append"),
        "--append: re-init is called for (far off, ",
        "and the input lacks 300 of the 300 rows of run ",
        "expected old and new rows in --input");
  }

  @Test
  void shouldFitAllRowsWhereTheyHaveDriftedThoughToldToAppend() throws IOException {
    float[][] rows = VectorFiles.blobs(300, 3, 1);
    for (int row = 0; row < 300; row += 5) {
      rows[row][0] += 3;
    }
    RunReport report = reindex(table(folder.resolve("n.parquet"), 0, rows), "--append");

    assertThat(report.reindexing().decision()).isEqualTo("warm-start");
    assertThat(report.rows()).isEqualTo(300);
  }

  @Test
  void shouldTakeFewerClustersThanKForWhatTheyAre() throws IOException {
    float[][] rows = VectorFiles.blobs(7, 3, 1);
    String input = table(folder.resolve("v.parquet"), 0, rows);
    String few = folder.resolve("few").toString();
    CommandRun fit =
        CommandRun.of(
            List.of(
                "fit",
                "--quiet",
                "--input",
                input,
                "--id-column",
                "id",
                "--k",
                "20",
                "--output",
                few));
    assertThat(fit.status()).as(fit.err()).isZero();

    CommandRun again = CommandRun.of(args(few, input, out()));

    assertThat(again.status()).as(again.err()).isZero();
    RunReport report = run("out").report();
    assertThat(report.reindexing().decision()).isEqualTo("skip");
    assertThat(report.k()).isEqualTo(20);
    assertThat(report.kReturned()).isEqualTo(7);
  }

  @Test
  void shouldNotAppendWhereKnownRowsHaveChanged() throws IOException {
    float[][] rows = VectorFiles.blobs(300, 3, 1);
    rows[7][0] += 0.5f;
    refuse(
        args(first, table(folder.resolve("n.parquet"), 0, rows), out(), "--append"),
        "--append: 1 rows have ids that run ",
        "other vectors (expected them unchanged)");
  }

  @Test
  void shouldWarmStartWhereRowsMoved() throws IOException {
    float[][] rows = VectorFiles.blobs(300, 3, 1);
    for (int row = 0; row < 300; row += 5) {
      rows[row][0] += 3;
    }
    RunReport report = reindex(table(folder.resolve("n.parquet"), 0, rows));

    assertThat(report.reindexing().decision()).isEqualTo("warm-start");
    assertThat(report.reindexing().reason()).contains("far-rows");
    assertThat(report.iterations()).isNotEmpty();
    assertThat(report.converged()).isTrue();
    assertThat(report.reindexing().moves().kept()).isGreaterThan(290);
  }

  @Test
  void shouldFitWhereForced() throws IOException {
    RunReport report = reindex(table(folder.resolve("n.parquet"), 0, ROWS), "--force");

    assertThat(report.reindexing().decision()).isEqualTo("warm-start");
    assertThat(report.reindexing().reason()).isEqualTo("stable, forced");
    assertThat(report.iterations()).hasSize(2); // the second saw that no row moved
    assertThat(centroids("out")).isEqualTo(centroids(first));
    assertThat(moves()).isEmpty();
  }

  @Test
  void shouldMatchClustersAfterAReInit() throws IOException {
    RunReport report =
        reindex(table(folder.resolve("n.parquet"), 0, ROWS), "--k", "7", "--seed", "9");

    Reindexing reindexing = report.reindexing();
    assertThat(reindexing.decision()).isEqualTo("re-init");
    assertThat(reindexing.reason()).isEqualTo("k is 7 (was 5)");
    assertThat(reindexing.addedClusters()).containsExactly(5, 6);
    assertThat(reindexing.retiredClusters()).isEmpty();
    Centroids old = centroids(first);
    Centroids now = centroids("out");
    // Five blobs, far from each other: whatever their halves are called, 0 to 4 are where they
    // were.
    for (int cluster = 0; cluster < 5; cluster++) {
      double squared = 0;
      for (int t = 0; t < 3; t++) {
        squared += Math.pow(old.get(cluster, t) - now.get(cluster, t), 2);
      }
      assertThat(squared).as("cluster %d", cluster).isLessThan(25);
    }
  }

  @Test
  void shouldStartOverWhereDataIsFarOff() throws IOException {
    float[][] rows = VectorFiles.blobs(300, 3, 1);
    for (float[] row : rows) {
      row[0] = -row[0];
    }
    RunReport report = reindex(table(folder.resolve("n.parquet"), 0, rows));

    assertThat(report.reindexing().decision()).isEqualTo("re-init");
    assertThat(report.reindexing().reason()).startsWith("far off, cost-ratio");
  }

  @Test
  void shouldWriteNoMovesForRowsWithoutIds() throws IOException {
    String output = folder.resolve("out").toString();
    String input = VectorFiles.fbin(folder.resolve("n.fbin"), ROWS);
    CommandRun done =
        CommandRun.of(
            "reindex", "--quiet", "--previous", first, "--input", input, "--output", output);
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(folder.resolve("out/moves.parquet")).doesNotExist();
    assertThat(run("out").report().reindexing().moves()).isNull();
    refuse(
        args(output, table(folder.resolve("v.parquet"), 0, ROWS), folder.resolve("x").toString()),
        "--id-column is id, but the rows of run ",
        "have numbers only (expected ids in both");
  }

  @Test
  void shouldRefuseIdsThatNameTwoRows() throws IOException {
    Path file = folder.resolve("n.parquet");
    List<String> ids = IntStream.range(0, 300).mapToObj(i -> "r" + i % 299).toList();
    Tables.identified(file, DataTypes.StringType, ids, ROWS);
    refuse(args(first, file.toString(), out()), "Id 'r0' names more than one row of a run");
  }

  @Test
  void shouldRefuseIdsOfAnotherType() throws IOException {
    Path file = folder.resolve("n.parquet");
    List<Long> ids = IntStream.range(0, 300).mapToObj(i -> (long) i).toList();
    Tables.identified(file, DataTypes.LongType, ids, ROWS);
    refuse(args(first, file.toString(), out()), "Ids are bigint (expected string, as in the");
  }

  @Test
  void shouldRefuseAPreviousRunThatIsNone() throws IOException {
    String input = table(folder.resolve("n.parquet"), 0, ROWS);
    refuse(args(folder.toString(), input, out()), "has no report.json: it is no run, or not a");
    String assigned = folder.resolve("assigned").toString();
    CommandRun.of("assign", "--quiet", "--model", first, "--input", input, "--output", assigned);
    refuse(args(assigned, input, out()), "of `flashlloyd assign` has no model (expected a run");
  }

  @Test
  void shouldRefuseOptionsThatContradict() throws IOException {
    String input = table(folder.resolve("n.parquet"), 0, ROWS);
    refuse(args(first, input, out(), "--append", "--force"), "--append is given with --force");
    refuse(args(first, input, out(), "--k", "0"), "--k is 0 (expected at least 1)");
    refuse(args(first, input, out(), "--init", "best"), "--init is best (expected kmeans-par");
    refuse(args(first, input, out(), "--reinit-factor", "0.5"), "--reinit-factor is 0.5 (expec");
    refuse(
        List.of(
            "reindex",
            "--quiet",
            "--append",
            "--previous",
            first,
            "--input",
            input,
            "--output",
            out()),
        "--append needs ids: --id-column is null (expected that of run ");
  }

  @Test
  void shouldNotReplaceThePreviousRun() throws IOException {
    String input = table(folder.resolve("n.parquet"), 0, ROWS);
    String copy = folder.resolve("copy").toString();
    CommandRun.of(args(first, input, copy));
    refuse(args(copy, input, copy, "--overwrite"), "copy holds the input ", "would replace it");
  }

  private List<Row> assignedAgain() throws IOException {
    List<String> args =
        new ArrayList<>(List.of("assign", "--quiet", "--id-column", "id", "--model", out()));
    args.addAll(List.of("--output", folder.resolve("assigned").toString(), "--input"));
    args.addAll(run("out").report().inputs());
    CommandRun assign = CommandRun.of(args);
    assertThat(assign.status()).as(assign.err()).isZero();
    assertThat(run("assigned").report().clusterSizes())
        .isEqualTo(run("out").report().clusterSizes());
    return Tables.read(folder.resolve("assigned/assignments"), "id");
  }

  private RunReport reindex(String input, String... more) throws IOException {
    CommandRun done = CommandRun.of(args(first, input, out(), more));
    assertThat(done.status()).as(done.err()).isZero();
    return run("out").report();
  }

  private void refuse(List<String> args, String... message) {
    Refusal.of(folder, args, message);
  }

  private String out() {
    return folder.resolve("out").toString();
  }

  private static List<String> args(String previous, String input, String output, String... more) {
    List<String> args = new ArrayList<>(List.of("reindex", "--quiet", "--previous", previous));
    args.addAll(List.of("--input", input, "--id-column", "id", "--output", output));
    args.addAll(List.of(more));
    return args;
  }

  private StoredRun run(String name) throws IOException {
    return StoredRun.open(folder.resolve(name).toString(), HADOOP);
  }

  private Centroids centroids(String name) throws IOException {
    return run(name).model(LocalSpark.session()).centroids();
  }

  private List<Row> moves() {
    return Tables.read(folder.resolve("out/moves.parquet"), "id");
  }

  private static String table(Path file, int firstId, float[]... rows) throws IOException {
    List<String> ids =
        IntStream.range(firstId, firstId + rows.length).mapToObj(i -> "r" + i).toList();
    return Tables.identified(file, DataTypes.StringType, ids, rows);
  }
}
