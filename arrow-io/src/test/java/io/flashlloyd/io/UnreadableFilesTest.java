package io.flashlloyd.io;

import static io.flashlloyd.io.FormatFilesTest.FOLDER;
import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole files that are not read are named for what they are, and never called corrupt. */
class UnreadableFilesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"npy", "npz", "parquet", "arrow", "fvecs", "fbin", "h5", "fvecs.gz"})
  void shouldNameGitLfsPointers(String extension) throws Exception {
    Path file = folder.resolve("v." + extension);
    Files.writeString(
        file, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614\nsize 1234567\n");
    refused(file, null, null, "is a Git LFS pointer of 78 bytes (expected the file itself)");
  }

  @Test
  void shouldNameCompressionAndEncryptionOfParquet() {
    refused(
        FOLDER.resolve("duckdb-brotli.parquet"),
        "i8",
        null,
        "column 'i8' is compressed with BROTLI (expected one of UNCOMPRESSED, SNAPPY, GZIP, LZ4,");
    refused(FOLDER.resolve("duckdb-encrypted.parquet"), null, null, "is encrypted, which is not");
  }

  @Test
  void shouldNameWideHeadersAndTypelessElements() {
    refused(
        FOLDER.resolve("wide-header.fbin"),
        null,
        null,
        "its header holds rows and dimension (60 x 6) in 64 bits each (expected 32,");
    refused(FOLDER.resolve("bfloat16.npy"), null, null, "'|V2', two bytes of no type");
    refused(
        FOLDER.resolve("hyparquet.parquet"),
        "bf16",
        null,
        "column 'bf16' does not hold vectors (expected lists of floats or bytes, not"
            + " list<FIXED_LEN_BYTE_ARRAY(2)>)");
  }

  @Test
  void shouldPassOverWhatHuggingFaceKeepsBesideTheData() throws Exception {
    Path saved = Files.createDirectories(folder.resolve("data set/train"));
    Path stream = FOLDER.resolve("polars-stream.arrow");
    Files.copy(stream, saved.resolve("data-00000-of-00002.arrow"));
    Files.copy(stream, saved.resolve("data-00001-of-00002.arrow"));
    Files.copy(stream, saved.resolve("cache-1f00aa.arrow"));
    Files.writeString(saved.resolve("dataset_info.json"), "{}");
    Files.writeString(saved.resolve("state.json"), "{}");
    Files.writeString(saved.resolveSibling("dataset_dict.json"), "{}");
    Files.writeString(saved.resolveSibling("0.0.0_builder.lock"), "");
    InputSpec spec =
        new InputSpec(
            List.of(folder.toString()), null, "f32", "text", InputSpec.DEFAULT_CHUNK_BYTES);
    VectorDataset dataset = VectorDataset.open(spec, HADOOP);
    assertThat(dataset.files()).hasSize(2);
    assertThat(dataset.rows()).isEqualTo(120);
    assertThat(dataset.inputFiles().skipped().values().stream().mapToInt(i -> i).sum())
        .isEqualTo(5);
  }

  private static void refused(Path file, String column, String ids, String message) {
    InputSpec spec =
        new InputSpec(List.of(file.toString()), null, column, ids, InputSpec.DEFAULT_CHUNK_BYTES);
    assertThat(Vectors.refusedAtOpen(spec))
        .hasMessageContaining(file.getFileName().toString())
        .hasMessageContaining(message)
        .message()
        .doesNotContain("corrupt")
        .doesNotContain("truncated");
  }
}
