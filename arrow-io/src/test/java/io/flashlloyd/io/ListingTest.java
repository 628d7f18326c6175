package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.io.ArrowTestFile.ListKind;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.io.source.SourceType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No row is left out or read twice in silence, whatever files are called. */
class ListingTest {
  @TempDir Path folder;

  @Test
  void shouldNameALinkThatLeadsNowhere() throws Exception {
    one("a.npy", 1);
    Files.createSymbolicLink(folder.resolve("b.npy"), Path.of("nowhere.npy"));
    for (String input : List.of("", "b.npy", "*.npy", "[ab].npy")) {
      assertThat(Vectors.refusedAtOpen(folder.resolve(input)))
          .hasMessageContaining("b.npy: is a link to 'nowhere.npy' that leads nowhere")
          .hasMessageContaining("restore what it names, or remove it");
    }
    assertThat(read("a*")).containsExactly(1);
  }

  @Test
  void shouldNameALinkThatLeadsToItself() throws Exception {
    one("a.npy", 1);
    Files.createSymbolicLink(folder.resolve("b.npy"), Path.of("b.npy"));
    assertThat(Vectors.refusedAtOpen(folder))
        .hasMessageContaining("b.npy: is a link to 'b.npy' that leads nowhere (Too many levels");
  }

  @Test
  void shouldNameAFolderThatIsInItself() throws Exception {
    one("d/z.npy", 1);
    Files.createSymbolicLink(folder.resolve("d/a"), Path.of("../d"));
    assertThat(Vectors.refusedAtOpen(folder.resolve("d")))
        .hasMessageContaining("d/a: is the same folder as file:" + folder.resolve("d"))
        .hasMessageContaining("its rows would be read twice");
  }

  @Test
  void shouldNotReadAFileTwiceByWayOfALink() throws Exception {
    one("cache/blobs/6f2a", 1);
    Files.createDirectories(folder.resolve("cache/snapshots/main"));
    Files.createSymbolicLink(
        folder.resolve("cache/snapshots/main/a.npy"), Path.of("../../blobs/6f2a"));
    assertThat(Vectors.refusedAtOpen(folder.resolve("cache")))
        .hasMessageContaining("snapshots/main/a.npy: is the same file as file:")
        .hasMessageContaining("blobs/6f2a");
    // Through links alone is not twice, and two arguments are two.
    assertThat(read("cache/snapshots")).containsExactly(1);
    assertThat(
            Vectors.read(
                InputSpec.of(
                    folder.resolve("cache/snapshots").toString(),
                    folder.resolve("cache/blobs").toString())))
        .containsExactly(1, 1);
  }

  @Test
  void shouldReadPartitionsAndCountWhatARulePassesOver() throws Exception {
    one("d/_lang=en/a.npy", 1);
    one("d/_lang=de/b.npy", 2);
    one("d/_old/c.npy", 9);
    one("d/.hidden.npy", 9);
    one("d/part-0.npy._COPYING_", 9);
    Files.write(folder.resolve("d/_SUCCESS"), new byte[0]);
    Files.write(folder.resolve("d/empty.fvecs"), new byte[0]);
    VectorDataset dataset =
        VectorDataset.open(InputSpec.of(folder.resolve("d").toString()), HADOOP);
    assertThat(Vectors.read(dataset, HADOOP)).containsExactly(2, 1);
    assertThat(dataset.inputFiles())
        .isEqualTo(
            new InputFiles(
                3,
                1,
                Map.of(
                    "name starts with .", 1,
                    "name starts with _", 2,
                    "name ends in ._COPYING_, still being copied", 1)));
  }

  /** Their files hold rows that were deleted or rewritten. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "_delta_log/00000000000000000000.json",
        ".hoodie/hoodie.properties",
        "metadata/v1.metadata.json",
        "metadata/00001-6f2a.metadata.json",
        "metadata/00001-6f2a.gz.metadata.json"
      })
  void shouldRefuseTheFilesOfATable(String sign) throws Exception {
    one("warehouse/t/data/day=1/a.npy", 1);
    one("warehouse/other/b.npy", 2);
    Files.createDirectories(folder.resolve("warehouse/t").resolve(sign).getParent());
    Files.write(folder.resolve("warehouse/t").resolve(sign), new byte[0]);
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("warehouse/t/data"));
    for (String input :
        List.of(
            "warehouse",
            "warehouse/t",
            "warehouse/*",
            "warehouse/t/data",
            "warehouse/t/data/day=1/a.npy",
            "warehouse/t/data/day=*/*.npy",
            "link",
            "link/day=1/a.npy")) {
      assertThat(Vectors.refusedAtOpen(folder.resolve(input)))
          .as(input)
          .hasMessageContaining(folder.resolve("warehouse/t").toString())
          .hasMessageMatching(".* an? (Delta|Hudi|Iceberg) table.*rows that were deleted.*")
          .hasMessageContaining("--table CATALOG.DB.NAME");
    }
    assertThat(read("warehouse/other")).containsExactly(2);
  }

  @Test
  void shouldReadBesideNotesThatAreNoTables() throws Exception {
    one("d/a.npy", 1);
    one("d/metadata/b.npy", 2);
    assertThat(read("d")).containsExactly(1, 2);
    assertThat(read("d/metadata")).containsExactly(2);
  }

  @Test
  void shouldTakeHiddenNamesWhereAGlobSaysSo() throws Exception {
    one("_a1.npy", 1);
    one("_a2.npy", 2);
    one("b.npy", 3);
    assertThat(read("_a*")).containsExactly(1, 2);
    assertThat(read("*")).containsExactly(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run[1]", "日本", "{1}", "{a,b}", "a*", "?", "a:b", "a b", " a", "50%", "%20", "é", "a\\b",
        "#1", "a&b", "'q'", "-x", "~", "$HOME", "=", "a+b", "[", "a]"
      })
  void shouldTakeNamesAsTheyAre(String name) throws Exception {
    one(name + "/" + name + ".npy", 1);
    // What a glob reader would take the name for.
    one("run1/run1.npy", 9);
    one("1/1.npy", 9);
    one("x/ab.npy", 9);
    assertThat(read(name)).as("folder").containsExactly(1);
    assertThat(read(name + "/" + name + ".npy")).as("file").containsExactly(1);
    assertThat(read(name + "/*.npy")).as("glob below").containsExactly(1);
    assertThat(Vectors.read(InputSpec.of("file:" + folder.resolve(name)))).containsExactly(1);
    assertThat(CentroidFiles.read(folder.resolve(name).toString(), HADOOP).k()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:b", "[1]"})
  void shouldReadColumnFilesOfAnyName(String name) throws Exception {
    List<Double[]> rows = List.of(new Double[] {1.0, 2.0}, new Double[] {3.0, 4.0});
    Path parquet = Files.createDirectories(folder.resolve("p")).resolve(name + ".parquet");
    Path plain = folder.resolve("plain.parquet");
    ParquetTestFile.LIST_OF_FLOAT.write(plain, rows, new Random(1));
    Files.move(plain, parquet);
    Path arrow = Files.createDirectories(folder.resolve("a")).resolve(name + ".arrow");
    new ArrowTestFile(ListKind.FIXED, SourceType.FLOAT32)
        .write(arrow, rows, 2, CodecType.NO_COMPRESSION, new Random(1));
    assertThat(read("p")).containsExactly(1, 2, 3, 4);
    assertThat(read("a")).containsExactly(1, 2, 3, 4);
  }

  @Test
  void shouldTakeTwoSlashesForOne() throws Exception {
    one("a.npy", 1);
    assertThat(Vectors.read(InputSpec.of("/" + folder.resolve("a.npy")))).containsExactly(1);
  }

  @Test
  void shouldSayThatTheWebIsNotRead() {
    assertThat(Vectors.refusedAtOpen(InputSpec.of("http://localhost/x.npy")))
        .hasMessage(
            "http://localhost/x.npy: the web is not read (expected a path, file:, hdfs: or s3a:);"
                + " download it first");
  }

  @Test
  void shouldRefuseFilesWhoseVectorsAreInDifferentColumns() throws Exception {
    List<Double[]> rows = List.of(new Double[] {1.0, 2.0}, new Double[] {3.0, 4.0});
    ParquetTestFile.LIST_OF_FLOAT.write(folder.resolve("a.parquet"), rows, new Random(1));
    assertThat(read("a.parquet")).containsExactly(1, 2, 3, 4);
    Files.copy(
        Path.of(getClass().getResource("/columns/my-vec.parquet").toURI()),
        folder.resolve("b.parquet"));
    assertThat(Vectors.refusedAtOpen(folder))
        .hasMessageContaining(
            "b.parquet: its vectors are in column 'my vec.x' (expected 'v', as in")
        .hasMessageContaining("a.parquet); name a column that all files have with --column");
  }

  private float[] read(String name) throws Exception {
    return Vectors.read(InputSpec.of(folder.resolve(name).toString()));
  }

  private void one(String name, int value) throws Exception {
    Files.createDirectories(folder.resolve(name).getParent());
    FlatTestFile.NPY_U1.write(folder.resolve(name), new byte[] {(byte) value}, 1, 1);
  }
}
