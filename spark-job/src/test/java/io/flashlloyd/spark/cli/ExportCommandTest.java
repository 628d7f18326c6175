package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flashlloyd.spark.LocalSpark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code export}: every format against the run's own assignments and the input's rows. */
class ExportCommandTest {
  private static final int ROWS = 900;
  private static final int DIMENSION = 7;
  private static final int K = 13;
  private static final float[][] VECTORS = VectorFiles.blobs(ROWS, DIMENSION, 11);

  @TempDir private static Path folder;

  /** Three files without ids. */
  private static Path numbered;

  /** The same rows with ids 1000 - row, and named "r" + row. */
  private static Path withLongs;

  private static Path withTexts;

  @BeforeAll
  static void fit() throws IOException {
    Path files = Files.createDirectory(folder.resolve("files"));
    Path longs = Files.createDirectory(folder.resolve("longs"));
    Path texts = Files.createDirectory(folder.resolve("texts"));
    int[] cuts = {0, 250, 251, ROWS};
    for (int part = 0; part < 3; part++) {
      int from = cuts[part];
      int to = cuts[part + 1];
      float[][] rows = java.util.Arrays.copyOfRange(VECTORS, from, to);
      VectorFiles.npy(files.resolve(part + ".npy"), rows);
      List<Long> numbers = IntStream.range(from, to).mapToObj(row -> 1000L - row).toList();
      List<String> names = IntStream.range(from, to).mapToObj(row -> "r" + row).toList();
      Tables.identified(longs.resolve(part + ".parquet"), DataTypes.LongType, numbers, rows);
      Tables.identified(texts.resolve(part + ".parquet"), DataTypes.StringType, names, rows);
    }
    numbered = fit("numbered", files);
    withLongs = fit("with-longs", longs, "--column", "vector", "--id-column", "id");
    withTexts = fit("with-texts", texts, "--column", "vector", "--id-column", "id");
  }

  private static Path fit(String name, Path input, String... more) {
    Path run = folder.resolve(name);
    List<String> args = new ArrayList<>(List.of("fit", "--quiet", "--input", input.toString()));
    args.addAll(List.of("--k", "" + K, "--max-iter", "3", "--output", run.toString()));
    args.addAll(List.of(more));
    succeed(args);
    return run;
  }

  @Test
  void shouldWriteFaissListsInTheOrderOfRows() throws IOException {
    ByteBuffer index = bytes(export(withLongs, "faiss-ivfflat").resolve("index.faiss"));

    assertThat(index.getInt(0)).as("IwFl").isEqualTo(0x6c467749);
    assertThat(index.getInt(4)).isEqualTo(DIMENSION);
    assertThat(index.getLong(8)).isEqualTo(ROWS);
    int lists = index.capacity() - ROWS * (DIMENSION * Float.BYTES + Long.BYTES);
    index.position(lists);
    for (List<Integer> list : lists(withLongs, row -> 1000 - (int) row.getLong(0))) {
      for (int row : list) {
        assertThat(vector(index)).isEqualTo(VECTORS[row]);
      }
      for (int row : list) {
        assertThat(index.getLong()).isEqualTo(1000L - row);
      }
    }
    assertThat(index.hasRemaining()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"npy,128,0", "fvecs,0,4", "fbin,8,0"})
  void shouldWriteFlatFilesInTheOrderOfLists(String format, int head, int beforeRow)
      throws IOException {
    Path exported = export(numbered, format);

    assertThat(names(exported))
        .containsExactlyInAnyOrder(
            "centroids." + format,
            "vectors." + format,
            "ids.npy",
            "offsets.npy",
            "export.json",
            "_committed");
    ByteBuffer vectors = bytes(exported.resolve("vectors." + format)).position(head);
    ByteBuffer ids = bytes(exported.resolve("ids.npy")).position(128);
    ByteBuffer offsets = bytes(exported.resolve("offsets.npy")).position(128);
    long offset = 0;
    for (List<Integer> list : lists(numbered, row -> (int) row.getLong(0))) {
      assertThat(offsets.getLong()).isEqualTo(offset);
      for (int row : list) {
        vectors.position(vectors.position() + beforeRow);
        assertThat(vector(vectors)).isEqualTo(VECTORS[row]);
        assertThat(ids.getLong()).isEqualTo(row);
      }
      offset += list.size();
    }
    assertThat(offsets.getLong()).isEqualTo(ROWS);
    assertThat(vectors.remaining() + ids.remaining() + offsets.remaining()).isZero();
  }

  @Test
  void shouldWriteDiskAnnShardsByRowNumber() throws IOException {
    Path exported = export(withLongs, "diskann");

    List<List<Integer>> lists = lists(withLongs, row -> 1000 - (int) row.getLong(0));
    for (int c = 0; c < K; c++) {
      String name = "diskann_subshard-" + c;
      ByteBuffer vectors = bytes(exported.resolve(name + ".bin"));
      ByteBuffer ids = bytes(exported.resolve(name + "_ids_uint32.bin"));
      int size = lists.get(c).size();
      assertThat(List.of(vectors.getInt(), vectors.getInt(), ids.getInt(), ids.getInt()))
          .containsExactly(size, DIMENSION, size, 1);
      for (int row : lists.get(c)) {
        assertThat(vector(vectors)).isEqualTo(VECTORS[row]);
        assertThat(ids.getInt()).isEqualTo(row);
      }
      assertThat(vectors.remaining() + ids.remaining()).isZero();
    }
    assertThat(bytes(exported.resolve("diskann_centroids.bin")).getInt()).isEqualTo(K);
    assertThat(Tables.read(exported.resolve("ids"), "row"))
        .hasSize(ROWS)
        .allMatch(row -> row.getLong(1) == 1000 - row.getLong(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"longs", "texts"})
  void shouldWriteParquetListsEachInOneFile(String ids) throws IOException {
    Path run = ids.equals("longs") ? withLongs : withTexts;
    Path exported = export(run, "parquet");

    List<Row> rows =
        LocalSpark.session()
            .read()
            .parquet(exported.resolve("lists").toString())
            .selectExpr("cluster", "id", "vector", "input_file_name() as file")
            .collectAsList();
    Map<Integer, String> fileOf = new TreeMap<>();
    List<Integer> order = new ArrayList<>();
    for (Row row : rows) {
      Object id = row.get(1);
      int number =
          id instanceof Long number64
              ? (int) (1000 - number64)
              : Integer.parseInt(((String) id).substring(1));
      order.add(number);
      assertThat(row.getList(2).toArray()).isEqualTo(Tables.boxed(VECTORS[number]));
      assertThat(fileOf.putIfAbsent(row.getInt(0), row.getString(3))).isIn(null, row.getString(3));
    }
    List<Integer> expected = new ArrayList<>();
    lists(run, row -> number(row.get(0))).forEach(expected::addAll);
    assertThat(order).isEqualTo(expected);
    assertThat(Tables.read(exported.resolve("centroids.parquet"), "cluster")).hasSize(K);
  }

  @Test
  void shouldWriteCopyStreamsThatDecode() throws IOException {
    Path exported = export(withTexts, "pgvector");

    Map<String, Integer> clusters = new TreeMap<>();
    Tables.read(withTexts.resolve("assignments"), "id")
        .forEach(row -> clusters.put(row.getString(0), row.getInt(1)));
    int number = 0;
    for (int part = 0; part < 3; part++) {
      for (CopyStream.Item item :
          CopyStream.decode(exported.resolve("part-%06d.copy".formatted(part)))) {
        String id = new String(item.id(), StandardCharsets.UTF_8);
        assertThat(id).isEqualTo("r" + number);
        assertThat(item.cluster()).isEqualTo(clusters.get(id));
        assertThat(item.vector()).isEqualTo(VECTORS[number]);
        number++;
      }
    }
    assertThat(number).isEqualTo(ROWS);
    assertThat(exported.resolve("load.sql"))
        .content()
        .contains(
            "id text NOT NULL",
            "embedding vector(7)",
            "\\copy flashlloyd_items (id, cluster, embedding) FROM 'part-000002.copy' WITH"
                + " (FORMAT binary)");
  }

  @Test
  void shouldNameRowsByNumberWhereAStoreTakesNoTexts() throws IOException {
    Path exported = export(withTexts, "npy");

    ByteBuffer ids = bytes(exported.resolve("ids.npy")).position(128);
    for (List<Integer> list : lists(withTexts, row -> number(row.get(0)))) {
      for (int row : list) {
        assertThat(ids.getLong()).isEqualTo(row);
      }
    }
    assertThat(Tables.read(exported.resolve("ids"), "row"))
        .hasSize(ROWS)
        .allMatch(row -> row.getString(1).equals("r" + row.getLong(0)));
    assertThat(report(exported).path("ids").asText()).isEqualTo("row");
  }

  @Test
  void shouldAssignOtherRowsFirst() throws IOException {
    Path other = folder.resolve("other.fbin");
    VectorFiles.fbin(other, java.util.Arrays.copyOfRange(VECTORS, 100, 300));
    Path exported = folder.resolve("of-others");
    export(numbered, "fbin", exported, "--input", other.toString());

    ByteBuffer ids = bytes(exported.resolve("ids.npy")).position(128);
    for (List<Integer> list : lists(numbered, row -> (int) row.getLong(0))) {
      for (int row : list) {
        if (row >= 100 && row < 300) {
          assertThat(ids.getLong()).isEqualTo(row - 100);
        }
      }
    }
    assertThat(names(exported)).doesNotContain(".assigned");
    assertThat(report(exported).path("rows").asLong()).isEqualTo(200);
  }

  @Test
  void shouldExportTheRowsOfAnAssignment() throws IOException {
    Path assigned = folder.resolve("assigned");
    String input = folder.resolve("files").toString();
    succeed(
        List.of(
            "assign",
            "--quiet",
            "--model",
            numbered.toString(),
            "--input",
            input,
            "--output",
            assigned.toString()));
    assertThat(export(assigned, "fbin").resolve("vectors.fbin"))
        .hasSameBinaryContentAs(export(numbered, "fbin").resolve("vectors.fbin"));
  }

  @Test
  void shouldWriteLanceCentroids() throws IOException {
    Path exported = export(numbered, "lance");

    assertThat(exported.resolve("centroids.npy"))
        .hasSameBinaryContentAs(numbered.resolve("centroids.npy"));
    CommandRun inspect = CommandRun.of("inspect", exported.resolve("centroids.arrow").toString());
    assertThat(inspect.out()).contains("format     arrow", "rows       13", "dimension  7");
  }

  @Test
  void shouldWriteATwoLevelVectorChordTable() throws IOException {
    Path exported = folder.resolve("chord");
    export(numbered, "vectorchord", exported, "--parents", "3");

    assertThat(names(exported))
        .containsExactlyInAnyOrder("_committed", "centroids.csv", "load.sql", "export.json");
    List<String> lines = Files.readAllLines(exported.resolve("centroids.csv"));
    assertThat(lines).hasSize(K + 3 + 1);
    assertThat(lines.get(K + 3)).startsWith("16,,\"{");
    assertThat(lines.subList(0, K)).allMatch(line -> line.matches("\\d+,1[345],\"\\{.*"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--to hnsw                          | --to: Format 'hnsw' is unknown (expected faiss-flat,",
        "--to npy --parents 3               | --parents is 3 (expected with --to vectorchord only)",
        "--to faiss-flat --input x.npy      | --input is [x.npy] (expected nothing, as --to faiss",
        "--to npy --id-column id            | --id-column is id (expected with --input only;",
        "--to vectorchord --parents 13      | --parents is 13 (expected fewer than the model's 13",
      })
  void shouldRefuse(String options, String message) {
    List<String> args = new ArrayList<>(List.of("export", "--quiet"));
    args.addAll(List.of(options.split(" +", -1)));
    args.addAll(List.of("--model", numbered.toString()));
    args.addAll(List.of("--output", folder.resolve("refused").toString()));
    CommandRun run = CommandRun.of(args);

    assertThat(run.status()).isNotZero();
    assertThat(run.err()).contains(message.strip());
    assertThat(folder.resolve("refused")).doesNotExist();
  }

  private static Path export(Path run, String format) {
    Path output = folder.resolve(run.getFileName() + "-" + format);
    export(run, format, output, "--overwrite");
    return output;
  }

  private static void export(Path run, String format, Path output, String... more) {
    List<String> args = new ArrayList<>(List.of("export", "--quiet", "--model", run.toString()));
    args.addAll(List.of("--to", format, "--output", output.toString()));
    args.addAll(List.of(more));
    succeed(args);
  }

  private static void succeed(List<String> args) {
    CommandRun done = CommandRun.of(args);
    assertThat(done.status()).as(done.err()).isZero();
  }

  /** Row numbers of each list, ascending, from the run's assignments. */
  private static List<List<Integer>> lists(Path run, java.util.function.ToIntFunction<Row> number) {
    List<List<Integer>> lists = new ArrayList<>();
    IntStream.range(0, K).forEach(c -> lists.add(new ArrayList<>()));
    Tables.read(run.resolve("assignments"), "id")
        .forEach(row -> lists.get(row.getInt(1)).add(number.applyAsInt(row)));
    lists.forEach(java.util.Collections::sort);
    return lists;
  }

  private static int number(Object id) {
    return id instanceof Long number
        ? (int) (1000 - number)
        : Integer.parseInt(((String) id).substring(1));
  }

  private static float[] vector(ByteBuffer from) {
    float[] vector = new float[DIMENSION];
    for (int t = 0; t < DIMENSION; t++) {
      vector[t] = from.getFloat();
    }
    return vector;
  }

  private static ByteBuffer bytes(Path file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static List<String> names(Path exported) {
    return List.of(exported.toFile().list((dir, name) -> !name.endsWith(".crc")));
  }

  private static JsonNode report(Path exported) throws IOException {
    return new ObjectMapper().readTree(exported.resolve("export.json").toFile());
  }
}
