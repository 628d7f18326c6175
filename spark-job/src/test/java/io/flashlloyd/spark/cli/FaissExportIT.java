package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flashlloyd.engine.exact.UnitVector;
import io.flashlloyd.spark.LocalSpark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exported indexes in FAISS itself (Debian's {@code python3-faiss}): the same bytes as an index
 * that FAISS fills with our assignments, and nothing lost in a search.
 */
class FaissExportIT {
  private static final String PYTHON = "/usr/bin/python3";
  private static final Path WORDS =
      Path.of("samples/words-100d/words.parquet").toAbsolutePath().normalize();

  @TempDir private Path folder;

  @BeforeAll
  static void faissIsThere() throws IOException, InterruptedException {
    boolean there =
        Files.isExecutable(Path.of(PYTHON))
            && new ProcessBuilder(PYTHON, "-c", "import faiss, numpy")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor()
                == 0;
    assumeTrue(there, PYTHON + " has no faiss: apt-get install python3-faiss");
  }

  /** Real vectors; more than half of the lists are filled. */
  @Test
  void shouldEqualFaissOnWords() throws IOException, InterruptedException {
    Path run = folder.resolve("run");
    succeed("fit", "--quiet", "--input", "" + WORDS, "--k", "64", "--output", "" + run);
    float[][] vectors =
        LocalSpark.session().read().parquet(WORDS.toString()).coalesce(1).collectAsList().stream()
            .map(FaissExportIT::vector)
            .toArray(float[][]::new);

    assertThat(vectors).hasDimensions(6000, 100);
    assertThat(check(run, vectors, "l2")).contains("recall@10 1.0", "64 lists, 0 empty");
  }

  private static float[] vector(Row row) {
    List<Float> values = row.getList(row.fieldIndex("vector"));
    float[] vector = new float[values.size()];
    for (int t = 0; t < vector.length; t++) {
      vector[t] = values.get(t);
    }
    return vector;
  }

  /** Centroids far from all rows: most lists stay empty, so that sizes are written sparse. */
  @Test
  void shouldEqualFaissWhereListsAreEmpty() throws IOException, InterruptedException {
    float[][] rows = VectorFiles.blobs(500, 5, 3);
    float[][] centroids = new float[9][5];
    for (int c = 0; c < centroids.length; c++) {
      java.util.Arrays.fill(centroids[c], 1e6f * c);
      if (c % 4 == 3) {
        centroids[c] = rows[c];
      }
    }
    String input = VectorFiles.fbin(folder.resolve("v.fbin"), rows);
    String init = VectorFiles.fbin(folder.resolve("c.fbin"), centroids);
    Path run = folder.resolve("run");
    succeed(
        "fit",
        "--quiet",
        "--input",
        input,
        "--init",
        init,
        "--max-iter",
        "0",
        "--output",
        "" + run);

    assertThat(check(run, rows, "l2")).contains("recall@10 1.0", "9 lists, 6 empty");
  }

  /** Cosine: rows of length 1, found by inner product. */
  @Test
  void shouldEqualFaissByInnerProduct() throws IOException, InterruptedException {
    float[][] rows = VectorFiles.blobs(700, 16, 9);
    String input = VectorFiles.fbin(folder.resolve("v.fbin"), rows);
    Path run = folder.resolve("run");
    succeed(
        "fit",
        "--quiet",
        "--input",
        input,
        "--k",
        "12",
        "--distance",
        "cosine",
        "--output",
        "" + run);
    for (float[] row : rows) {
      assertThat(UnitVector.scale(row)).isTrue();
    }

    assertThat(check(run, rows, "ip")).contains("recall@10 1.0", "12 lists");
  }

  private String check(Path run, float[][] rows, String metric)
      throws IOException, InterruptedException {
    Path index = folder.resolve("index");
    Path flat = folder.resolve("flat");
    succeed(
        "export", "--quiet", "--model", "" + run, "--to", "faiss-ivfflat", "--output", "" + index);
    succeed("export", "--quiet", "--model", "" + run, "--to", "faiss-flat", "--output", "" + flat);
    Files.copy(
        flat.resolve("centroids.faiss"),
        index.resolve("centroids.faiss"),
        StandardCopyOption.REPLACE_EXISTING);
    int dimension = rows[0].length;
    byte[] vectorBytes = new byte[rows.length * dimension * Float.BYTES];
    byte[] clusterBytes = new byte[rows.length * Long.BYTES];
    byte[] idBytes = new byte[rows.length * Long.BYTES];
    ByteBuffer vectors = littleEndian(vectorBytes);
    for (float[] row : rows) {
      for (float value : row) {
        vectors.putFloat(value);
      }
    }
    ByteBuffer clusters = littleEndian(clusterBytes);
    ByteBuffer ids = littleEndian(idBytes);
    for (Row row : Tables.read(run.resolve("assignments"), "id")) {
      ids.putLong(row.getLong(0));
      clusters.putLong(row.getInt(1));
    }
    Files.write(index.resolve("vectors.f32"), vectorBytes);
    Files.write(index.resolve("assignments.i64"), clusterBytes);
    Files.write(index.resolve("ids.i64"), idBytes);
    return python(index.toString(), "" + rows.length, "" + dimension, metric);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private String python(String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PYTHON, "src/test/python/check_faiss.py"));
    command.addAll(List.of(args));
    Path log = folder.resolve("python.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    return Files.readString(log);
  }

  private static void succeed(String... args) {
    CommandRun done = CommandRun.of(args);
    assertThat(done.status()).as(done.err()).isZero();
  }
}
