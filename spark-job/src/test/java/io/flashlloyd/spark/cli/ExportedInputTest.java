package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code export} reads a run's input once more: it must be the one that was assigned. */
class ExportedInputTest {
  private final float[][] rows = VectorFiles.blobs(20, 3, 1);

  @TempDir private Path folder;

  @Test
  void shouldFindIdsThatChangedSince() throws IOException {
    Path input = folder.resolve("changing.parquet");
    List<Long> ids = new ArrayList<>(IntStream.range(0, 20).mapToObj(row -> (long) row).toList());
    Tables.identified(input, DataTypes.LongType, ids, rows);
    Path run = fit(input.toString(), "--id-column", "id");
    Collections.swap(ids, 3, 4);
    Files.delete(input);
    Files.deleteIfExists(input.resolveSibling(".changing.parquet.crc"));
    Tables.identified(input, DataTypes.LongType, ids, rows);

    Refusal.of(
        folder,
        export(run, "faiss-ivfflat"),
        "do not fit row 3 of the input: they name it 3, the input 4;",
        "--input");
  }

  @Test
  void shouldFindRowsWithoutIdsThatChangedSince() throws IOException {
    Path input = folder.resolve("reordered.fbin");
    VectorFiles.fbin(input, rows);
    Path run = fit(input.toString());
    float[] third = rows[3];
    rows[3] = rows[4];
    rows[4] = third;
    VectorFiles.fbin(input, rows);

    Refusal.of(
        folder,
        export(run, "npy"),
        "do not fit row 3 of the input: its distance from centroid ",
        "--input");
  }

  @Test
  void shouldExportRowsThatAreMadeUp() throws IOException {
    Path run = fit("synthetic:rows=300,dim=4,clusters=5,seed=1");

    CommandRun export = CommandRun.of(export(run, "fbin"));

    assertThat(export.status()).as(export.err()).isZero();
    assertThat(folder.resolve("exported/vectors.fbin")).hasSize(8 + 300 * 4 * Float.BYTES);
  }

  private Path fit(String input, String... more) {
    Path run = folder.resolve("run");
    List<String> args = new ArrayList<>(List.of("fit", "--quiet", "--k", "4", "--input", input));
    args.addAll(List.of("--output", run.toString()));
    args.addAll(List.of(more));
    CommandRun fit = CommandRun.of(args);
    assertThat(fit.status()).as(fit.err()).isZero();
    return run;
  }

  private List<String> export(Path run, String format) {
    return List.of(
        "export",
        "--quiet",
        "--model",
        run.toString(),
        "--to",
        format,
        "--output",
        folder.resolve("exported").toString());
  }
}
