package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.io.output.CentroidMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exported tables in a PostgreSQL that the test starts. */
class PostgresExportIT {
  private static final int K = 37;

  @TempDir private static Path folder;
  private static PostgresServer server;
  private static Path run;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Optional<Path> programs = PostgresServer.programs();
    assumeTrue(programs.isPresent(), "there is no PostgreSQL server: apt-get install postgresql");
    server = PostgresServer.start(programs.get());
    run = folder.resolve("run");
    String input = VectorFiles.npy(folder.resolve("v.npy"), VectorFiles.blobs(2000, 24, 4));
    succeed("fit", "--quiet", "--input", input, "--k", "" + K, "--output", "" + run);
  }

  @AfterAll
  static void stop() throws IOException, InterruptedException {
    if (server != null) {
      server.stop();
    }
  }

  @Test
  void shouldLoadOneLevelBitForBit() throws IOException, InterruptedException {
    load("flat");

    assertThat(query("SELECT count(*), count(parent) FROM flashlloyd_centroids"))
        .isEqualTo(K + "|0");
    CentroidMatrix centroids =
        CentroidFiles.read(run.resolve("centroids.npy").toString(), new Configuration());
    List<String> rows =
        query(
                "SELECT id, encode(float4send(v), 'hex') FROM flashlloyd_centroids,"
                    + " unnest(vector) WITH ORDINALITY AS u(v, t) ORDER BY id, t")
            .lines()
            .toList();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < centroids.values().length; i++) {
      int bits = Float.floatToRawIntBits(centroids.values()[i]);
      expected.add("%d|%08x".formatted(i / centroids.dimension(), bits));
    }
    assertThat(rows).isEqualTo(expected);
  }

  /** What VectorChord checks before it builds: one root, and all leaves equally deep. */
  @Test
  void shouldLoadATreeOfTwoLevels() throws IOException, InterruptedException {
    load("tree", "--parents", "6");

    assertThat(query("SELECT count(*) FROM flashlloyd_centroids WHERE parent IS NULL"))
        .isEqualTo("1");
    String depths =
        "WITH RECURSIVE tree AS (SELECT id, 1 AS depth FROM flashlloyd_centroids WHERE parent IS"
            + " NULL UNION ALL SELECT c.id, depth + 1 FROM flashlloyd_centroids c JOIN tree ON"
            + " c.parent = tree.id) SELECT depth, count(*), min(id), max(id) FROM tree GROUP BY"
            + " depth ORDER BY depth";
    assertThat(query(depths).lines())
        .containsExactly("1|1|43|43", "2|6|37|42", "3|%d|0|%d".formatted(K, K - 1));
  }

  /**
   * pgvector's stream, in a table whose third column takes the same bytes where the extension is
   * not installed: {@code bytea} receives what {@code vector} would decode.
   */
  @Test
  void shouldCopyRowsIn() throws IOException, InterruptedException {
    Path exported = folder.resolve("copy");
    succeed(
        "export", "--quiet", "--model", "" + run, "--to", "pgvector", "--output", "" + exported);
    boolean extension =
        query("SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'").equals("1");
    if (extension) {
      server.psql(exported, "-q", "-f", "load.sql");
    } else {
      query("CREATE TABLE flashlloyd_items (id bigint, cluster integer, embedding bytea)");
      for (String copy : copies(exported)) {
        server.psql(exported, "-q", "-c", copy);
      }
    }
    assertThat(query("SELECT count(*), count(DISTINCT id), min(id), max(id) FROM flashlloyd_items"))
        .isEqualTo("2000|2000|0|1999");
    List<String> clusters =
        Tables.read(run.resolve("assignments"), "id").stream()
            .map(row -> row.getLong(0) + "|" + row.getInt(1))
            .toList();
    assertThat(query("SELECT id, cluster FROM flashlloyd_items ORDER BY id").lines())
        .containsExactlyElementsOf(clusters);
    if (!extension) {
      assertThat(
              query(
                  "SELECT DISTINCT length(embedding), encode(substr(embedding, 1, 4), 'hex')"
                      + " FROM flashlloyd_items"))
          .isEqualTo("100|00180000");
    }
  }

  /** Rows of a database are a table as any other. */
  @Test
  void shouldReadATableByJdbc() throws IOException, InterruptedException {
    query(
        "CREATE TABLE docs (doc bigint, emb real[]); INSERT INTO docs SELECT i, ARRAY[i % 3 * 50,"
            + " i / 1000.0] FROM generate_series(1, 90) i; DELETE FROM docs WHERE doc % 2 = 0");
    Path read = folder.resolve("jdbc");
    succeed(
        "fit",
        "--quiet",
        "--source",
        "jdbc",
        "--option",
        "url=" + server.url() + "&password=none",
        "--option",
        "dbtable=docs",
        "--column",
        "emb",
        "--id-column",
        "doc",
        "--k",
        "3",
        "--output",
        "" + read);
    List<String> found =
        Tables.read(read.resolve("assignments"), "id").stream()
            .map(row -> Long.toString(row.getLong(0)))
            .toList();
    assertThat(query("SELECT doc FROM docs ORDER BY doc").lines()).containsExactlyElementsOf(found);
    Path lists = folder.resolve("jdbc-lists");
    succeed("export", "--quiet", "--model", "" + read, "--to", "npy", "--output", "" + lists);
    assertThat(Files.readString(read.resolve("report.json")))
        .contains("password=***", "source jdbc")
        .doesNotContain("none");
  }

  private static List<String> copies(Path exported) throws IOException {
    try (Stream<String> lines = Files.lines(exported.resolve("load.sql"))) {
      return lines.filter(line -> line.startsWith("\\copy")).toList();
    }
  }

  private static void load(String name, String... more) throws IOException, InterruptedException {
    Path exported = folder.resolve(name);
    List<String> args = new ArrayList<>(List.of("export", "--quiet", "--model", run.toString()));
    args.addAll(List.of("--to", "vectorchord", "--output", exported.toString()));
    args.addAll(List.of(more));
    succeed(args.toArray(String[]::new));
    query("DROP TABLE IF EXISTS flashlloyd_centroids");
    server.psql(exported, "-q", "-f", "load.sql");
  }

  private static String query(String sql) throws IOException, InterruptedException {
    return server.psql(folder, "-q", "-c", sql).strip();
  }

  private static void succeed(String... args) {
    CommandRun done = CommandRun.of(args);
    assertThat(done.status()).as(done.err()).isZero();
  }
}
