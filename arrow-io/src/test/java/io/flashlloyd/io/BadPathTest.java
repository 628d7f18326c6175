package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.io.source.SourceType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inputs that are not there, not vectors, or do not fit each other; and the order of others. */
class BadPathTest {
  @TempDir Path folder;

  @Test
  void shouldNameWhatIsNotThere() {
    assertThat(Vectors.refusedAtOpen(folder.resolve("none.npy")))
        .hasMessageContaining("none.npy: does not exist");
    assertThat(Vectors.refusedAtOpen(folder.resolve("*.npy")))
        .hasMessageContaining("*.npy: does not exist (no file, folder or glob match)");
    assertThat(Vectors.refusedAtOpen(InputSpec.of("nosuch://host/file.npy")))
        .hasMessageContaining("nosuch://host/file.npy: its file system cannot be reached");
  }

  @Test
  void shouldSayThatS3IsCalledS3a() {
    assertThat(Vectors.refusedAtOpen(InputSpec.of("s3://bucket/v.npy")))
        .hasMessageContaining("s3:// is no file system of Hadoop's (")
        .hasMessageContaining("write s3a://BUCKET/KEY");
  }

  @Test
  void shouldSayThatCredentialsAreMissing() {
    Configuration hadoop = new Configuration();
    hadoop.set(
        "fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
    hadoop.set("fs.s3a.endpoint.region", "us-east-1");

    assertThatThrownBy(() -> VectorDataset.open(InputSpec.of("s3a://bucket/v.npy"), hadoop))
        .isInstanceOf(VectorInputException.class)
        .hasMessageStartingWith("s3a://bucket/")
        .hasMessageContaining(": no credentials for S3 are found; set AWS_ACCESS_KEY_ID and");
  }

  @Test
  void shouldSayHowARelativeNameWithAColonIsWritten() {
    assertThat(Vectors.refusedAtOpen(InputSpec.of("a:b.npy")))
        .hasMessageContaining("'a:b.npy' is not a path (Relative path in absolute URI)")
        .hasMessageContaining("with ./ before a name that has a colon");
  }

  @Test
  void shouldRefuseFoldersWithoutFiles() throws Exception {
    Files.createDirectories(folder.resolve("_temporary"));
    Files.write(folder.resolve("_SUCCESS"), new byte[0]);
    assertThat(Vectors.refusedAtOpen(folder)).hasMessageContaining("holds no files");
  }

  @Test
  void shouldRefuseUnknownFormats() throws Exception {
    Path file = folder.resolve("notes.txt");
    Files.writeString(file, "neither vectors nor anything like them");
    assertThat(Vectors.refusedAtOpen(file))
        .hasMessageContaining("notes.txt: neither its extension nor its first bytes tell")
        .hasMessageContaining("parquet, arrow, npy, npz, fvecs, bvecs, fbin, u8bin, i8bin, hdf5");
    assertThatThrownBy(() -> VectorFormat.parse("csv"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Format 'csv' is unknown (expected auto, parquet, arrow, npy, npz, fvecs, bvecs, fbin,"
                + " u8bin, i8bin, hdf5)");
  }

  @Test
  void shouldTellAFormatByItsFirstBytes() throws Exception {
    Path file = folder.resolve("part-0");
    FlatTestFile.NPY_U1.write(file, new byte[] {1, 2, 3, 4}, 2, 2);
    assertThat(Vectors.read(InputSpec.of(file.toString()))).containsExactly(1, 2, 3, 4);
  }

  @Test
  void shouldRefuseFilesOfDifferentDimension() throws Exception {
    FlatTestFile.NPY_U1.write(folder.resolve("a.npy"), new byte[6], 2, 3);
    FlatTestFile.NPY_U1.write(folder.resolve("b.npy"), new byte[6], 3, 2);
    assertThat(Vectors.refusedAtOpen(folder))
        .hasMessageContaining("b.npy: its vectors have dimension 2 (expected 3, as in ")
        .hasMessageContaining("a.npy");
  }

  @Test
  void shouldRefuseColumnsOfFormatsThatHaveNone() throws Exception {
    Path file = folder.resolve("a.npy");
    FlatTestFile.NPY_U1.write(file, new byte[6], 2, 3);
    String uri = file.toString();
    assertThat(Vectors.refusedAtOpen(new InputSpec(List.of(uri), null, "v", null, 10)))
        .hasMessageContaining("has no columns (expected one called 'v')");
    assertThat(Vectors.refusedAtOpen(new InputSpec(List.of(uri), null, null, "id", 10)))
        .hasMessageContaining("has no columns (expected one called 'id')");
  }

  @Test
  void shouldNumberRowsInArgumentThenPathOrder() throws Exception {
    Files.createDirectories(folder.resolve("b/inner"));
    Files.createDirectories(folder.resolve("b/_skipped"));
    one("a.npy", 1);
    one("b/z.npy", 2);
    one("b/inner/y.npy", 3);
    one("b/.hidden.npy", 9);
    one("b/_skipped/x.npy", 9);
    Files.write(folder.resolve("b/_SUCCESS"), new byte[0]);
    one("c1.npy", 4);
    one("c2.npy", 5);
    InputSpec spec =
        InputSpec.of(
            folder.resolve("c?.npy").toString(),
            folder.resolve("b").toString(),
            folder.resolve("a.npy").toString());
    assertThat(Vectors.read(spec)).containsExactly(4, 5, 3, 2, 1);
  }

  @Test
  void shouldReportAFileThatShrankAfterItWasListed() throws Exception {
    Path file = folder.resolve("a.fbin");
    FlatTestFile.FBIN.write(file, new byte[4 * 100], 10, 10);
    VectorDataset dataset = VectorDataset.open(InputSpec.of(file.toString()), HADOOP);
    Files.write(file, new byte[50]);
    assertThatThrownBy(() -> Vectors.read(dataset, HADOOP))
        .isInstanceOf(VectorInputException.class)
        .hasMessageContaining("a.fbin: ends within rows 0 to 9; it has become shorter");
  }

  @Test
  void shouldAddressRowsBeyondTwoGigaElements() throws Exception {
    // Sparse on disk: only the last row is written.
    long rows = (1L << 31) / 1000 + 5;
    SourceType type = SourceType.UINT8;
    Path file = folder.resolve("large.u8bin");
    try (var out = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      out.write(FlatTestFile.ints((int) rows, 1000));
      out.setLength(8 + rows * 1000 * type.bytes());
      out.seek(8 + rows * 1000 - 1);
      out.write(77);
    }
    VectorDataset dataset = VectorDataset.open(InputSpec.of(file.toString()), HADOOP);
    VectorSplit last = dataset.splits().get(dataset.splits().size() - 1);
    try (var allocator = ChunkAllocator.root(Long.MAX_VALUE);
        ChunkReader reader = VectorReaders.open(dataset, last, HADOOP, allocator);
        VectorChunk chunk = reader.next()) {
      assertThat(chunk.firstRow() + chunk.rows()).isEqualTo(rows);
      assertThat(chunk.values().get(chunk.rows() * 1000 - 1)).isEqualTo((byte) 77);
    }
  }

  private void one(String name, int value) throws Exception {
    FlatTestFile.NPY_U1.write(folder.resolve(name), new byte[] {(byte) value}, 1, 1);
  }
}
