package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flashlloyd.io.output.CentroidFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables of Delta and Iceberg, some of whose rows were deleted and rewritten. */
class TableInputIT {
  @TempDir private Path folder;
  private TableSession session;

  private enum Format {
    DELTA("delta", "%s"),
    ICEBERG("iceberg", "ice.db.%s");

    private final String source;
    private final String name;

    Format(String source, String name) {
      this.source = source;
      this.name = name;
    }

    String table(String table) {
      return name.formatted(table);
    }
  }

  @BeforeEach
  void start() {
    session = new TableSession(folder);
    session.spark().conf().set("spark.sql.sources.default", "delta");
  }

  @AfterEach
  void stop() {
    session.sql("DROP TABLE IF EXISTS t", "DROP TABLE IF EXISTS labels");
    session.close();
  }

  /** 600 rows, of which a third are deleted and a third rewritten; some still in their files. */
  private void create(Format format, String table) {
    String place =
        format == Format.DELTA ? " LOCATION '" + folder.resolve("delta") + "/" + table + "'" : "";
    String extra =
        format == Format.DELTA
            ? "'delta.enableDeletionVectors'='true'"
            : "'format-version'='2', 'write.delete.mode'='merge-on-read',"
                + " 'write.update.mode'='merge-on-read'";
    session.sql(
        ("CREATE TABLE %s (doc STRING, info STRUCT<v: ARRAY<FLOAT>>, other BIGINT)"
                + " USING %s%s TBLPROPERTIES (%s)")
            .formatted(table, format.source, place, extra),
        "INSERT INTO %s SELECT concat('d', id), named_struct('v', %s), id FROM range(600)"
            .formatted(table, vector("id % 7 * 20")),
        "DELETE FROM %s WHERE other %% 3 = 0".formatted(table),
        "UPDATE %s SET info = named_struct('v', %s) WHERE other %% 3 = 1"
            .formatted(table, vector("other % 5 * 30")));
  }

  /** Four values that depend on a row's number. */
  private static String vector(String center) {
    return "transform(sequence(0, 3), t -> cast(%s + t + (%s) / 1000 AS FLOAT))"
        .formatted(center, center.contains("other") ? "other" : "id");
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void shouldReadTheLiveRowsOfAVersionAndNoOthers(Format format) throws IOException {
    String table = format.table("t");
    create(format, table);
    Path files = format == Format.DELTA ? folder.resolve("delta/t") : folder.resolve("ice/db/t");
    assertThat(count(files)).as("files hold more rows than the table").isGreaterThan(400);
    CommandRun loose = command("fit", "loose", "--k", "5", "--input", files.toString());
    assertThat(loose.status()).isEqualTo(1);
    assertThat(loose.err()).contains(" table, whose files hold rows that were deleted or");

    String[] columns = {"--column", "info.v", "--id-column", "doc"};
    List<Row> live = session.spark().table(table).select("doc", "info.v").collectAsList();
    assertThat(live).hasSize(400);
    String plain = plain(live);
    succeed("fit", "expected", "--k", "5", "--input", plain, "--column", "v", "--id-column", "doc");
    succeed("fit", "run", more(columns, "--k", "5", "--table", table));
    assertSame("run", "expected", true);
    assertThat(names("run")).noneMatch(name -> name.startsWith(".flashlloyd"));

    JsonNode report = report("run");
    String version = report.at("/parameters/version").asText();
    assertThat(version).matches("\\d+");
    assertThat(report.at("/inputs/0").asText())
        .isEqualTo("table " + table + ", version " + version);

    succeed(
        "fit",
        "path",
        more(columns, "--k", "5", "--source", format.source, "--option", "path=" + files));
    assertSame("path", "expected", true);
    assertThat(report("path").at("/parameters/version").asText()).isEqualTo(version);
    succeed("fit", "sql", more(columns, "--k", "5", "--sql", "SELECT * FROM " + table));
    assertSame("sql", "expected", true);
    succeed("assign", "assigned", more(columns, "--model", at("expected"), "--table", table));
    assertSame("assigned", "expected", false);
    CommandRun drift =
        command(
            "drift", "drift", "--model", at("expected"), "--table", table, "--column", "info.v");
    assertThat(drift.status()).as(drift.err()).isZero();

    // The next day.
    session.sql(
        "DELETE FROM %s WHERE other = 2".formatted(table),
        "UPDATE %s SET info = named_struct('v', %s) WHERE other = 5"
            .formatted(table, vector("1000 + other")),
        "INSERT INTO %s SELECT concat('n', id), named_struct('v', %s), id + 1000 FROM range(3)"
            .formatted(table, vector("id % 7 * 20")));
    succeed(
        "reindex",
        "tuesday",
        more(columns, "--previous", at("run"), "--table", table, "--output-table", labels(format)));
    assertThat(report("tuesday").at("/parameters/version").asText()).isNotEqualTo(version);
    assertThat(report("tuesday").at("/rows").asInt()).isEqualTo(402);
    assertThat(ids(Tables.read(folder.resolve("tuesday/moves.parquet"), "id")))
        .contains("d2", "n0", "n1", "n2");
    assertLabels(format, "tuesday");

    // The run of the day before is exported as its table was then.
    succeed("export", "lists", "--model", at("run"), "--to", "parquet");
    List<Row> lists = Tables.read(folder.resolve("lists/lists"), "id");
    assertThat(ids(lists, "id"))
        .isEqualTo(live.stream().map(row -> row.getString(0)).sorted().toList());

    session.sql("DELETE FROM %s WHERE other > 300".formatted(table));
    succeed(
        "reindex",
        "wednesday",
        more(
            columns,
            "--force",
            "--previous",
            at("tuesday"),
            "--table",
            table,
            "--output-table",
            labels(format)));
    assertLabels(format, "wednesday");
  }

  private static String labels(Format format) {
    return format == Format.DELTA ? "labels" : "ice.db.labels";
  }

  private void assertLabels(Format format, String run) throws IOException {
    assertThat(session.spark().table(labels(format)).orderBy("id").collectAsList().toString())
        .isEqualTo(
            session
                .spark()
                .read()
                .parquet(folder.resolve(run).resolve("assignments").toString())
                .select("id", "cluster")
                .orderBy("id")
                .collectAsList()
                .toString());
  }

  @Test
  void shouldNameTheRowOfATableThatCannotBeClustered() {
    session.sql(
        "CREATE TABLE ice.db.bad AS SELECT id AS doc,"
            + " array(float(1), if(id = 41, float('NaN'), float(2))) v FROM range(100)");
    CommandRun fit =
        command("fit", "bad", "--k", "2", "--table", "ice.db.bad", "--id-column", "doc");
    assertThat(fit.status()).isEqualTo(1);
    assertThat(fit.err())
        .contains("table ice.db.bad, version ", ", doc 41, column 1: the value is NaN");
    assertThat(folder.resolve("bad")).doesNotExist();
  }

  @Test
  void shouldRefuseWhatNamesNoRows() {
    refused("--id-column is missing (expected a column that names rows", "--sql", "SELECT 1");
    refused("--input is given with a table (expected one", "--sql", "q", "--input", "v.npy");
    refused("--option is [a] (expected with --source only)", "--input", "v", "--option", "a=b");
    refused("table nowhere cannot be read (", "--table", "nowhere", "--id-column", "id");
    refused("source elsewhere cannot be read (", "--source", "elsewhere", "--id-column", "id");
    refused(
        "query SELECT 1 AS id: columns [] hold vectors (expected one)",
        "--sql",
        "SELECT 1 AS id",
        "--id-column",
        "id");
    refused(
        "--column emb does not exist (the DataFrame has: id, v)",
        "--sql",
        "SELECT 1 AS id, array(1.0) AS v",
        "--id-column",
        "id",
        "--column",
        "emb");
  }

  private void refused(String message, String... args) {
    CommandRun fit = command("fit", "refused", more(args, "--k", "2"));
    assertThat(fit.status()).isNotZero();
    assertThat(fit.err()).contains(message).doesNotContain("\tat ");
    assertThat(folder.resolve("refused")).doesNotExist();
  }

  private static String[] more(String[] some, String... others) {
    return Stream.concat(Arrays.stream(some), Arrays.stream(others)).toArray(String[]::new);
  }

  private String at(String run) {
    return folder.resolve(run).toString();
  }

  private CommandRun command(String command, String output, String... args) {
    List<String> all = new ArrayList<>(List.of(command, "--output", at(output), "--quiet"));
    all.addAll(List.of(args));
    return CommandRun.of(all);
  }

  private void succeed(String command, String output, String... args) {
    CommandRun run = command(command, output, args);
    assertThat(run.status()).as("%s: %s", output, run.err()).isZero();
  }

  /** A Parquet file of these rows. */
  private String plain(List<Row> rows) {
    String file = folder.resolve("plain").toString();
    session
        .spark()
        .createDataFrame(rows, rows.get(0).schema())
        .repartition(3)
        .write()
        .parquet(file);
    return file;
  }

  private void assertSame(String run, String expected, boolean model) throws IOException {
    if (model) {
      assertThat(CentroidFiles.read(at(run) + "/centroids.npy", new Configuration()).values())
          .isEqualTo(
              CentroidFiles.read(at(expected) + "/centroids.npy", new Configuration()).values());
    }
    assertThat(Tables.read(folder.resolve(run).resolve("assignments"), "id"))
        .isEqualTo(Tables.read(folder.resolve(expected).resolve("assignments"), "id"));
  }

  private static List<String> ids(List<Row> rows) {
    return ids(rows, "id");
  }

  private static List<String> ids(List<Row> rows, String column) {
    return rows.stream().map(row -> row.<String>getAs(column)).sorted().toList();
  }

  private JsonNode report(String run) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(run).resolve("report.json").toFile());
  }

  private List<String> names(String run) throws IOException {
    try (Stream<Path> names = Files.list(folder.resolve(run))) {
      return names.map(name -> name.getFileName().toString()).toList();
    }
  }

  /** Rows of all Parquet files that lie in a folder. */
  private long count(Path table) throws IOException {
    try (Stream<Path> files = Files.walk(table)) {
      String[] parquet =
          files
              .map(Path::toString)
              .filter(file -> file.endsWith(".parquet") && !file.contains("_delta_log"))
              .filter(file -> !file.contains("deletes"))
              .toArray(String[]::new);
      return session.spark().read().parquet(parquet).count();
    }
  }
}
