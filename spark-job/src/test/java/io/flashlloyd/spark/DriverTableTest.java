package io.flashlloyd.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.many.MemberFit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are too large for one task. */
class DriverTableTest {
  @TempDir private Path folder;

  @Test
  void shouldWriteASliceForEachOfSoManyBytes() throws IOException {
    String path = folder.resolve("table").toString();
    DriverTable.write(
        LocalSpark.session(),
        path,
        new StructType().add("square", DataTypes.IntegerType),
        new int[] {0, 1, 4, 9, 16, 25, 36, 49, 64, 81},
        10,
        3 * DriverTable.SLICE_BYTES + 1,
        (squares, index) -> RowFactory.create(squares[index]));

    assertThat(files(Path.of(path))).hasSize(4);
    assertThat(
            LocalSpark.session()
                .read()
                .parquet(path)
                .orderBy("_metadata.file_name", "_metadata.row_index")
                .toJavaRDD()
                .map(row -> row.getInt(0))
                .collect())
        .containsExactly(0, 1, 4, 9, 16, 25, 36, 49, 64, 81);
  }

  /** Files in the schema of Parquet and with the properties that MLlib's have. */
  @Test
  void shouldWriteModelsAsMllibDoes() throws IOException {
    FlashKMeansModel model = new FlashKMeansModel("small", random(3, 4, 5));
    Path ours = folder.resolve("ours");
    Path theirs = folder.resolve("theirs");
    model.write().session(LocalSpark.session()).save(ours.toString());
    model.toMLlib().write().session(LocalSpark.session()).save(theirs.toString());

    assertThat(footer(ours).getSchema()).isEqualTo(footer(theirs).getSchema());
    assertThat(footer(ours).getKeyValueMetaData()).isEqualTo(footer(theirs).getKeyValueMetaData());
    assertThat(LocalSpark.session().read().text(ours.resolve("metadata").toString()).count())
        .isOne();
    for (String name : List.of("metadata/_SUCCESS", "data/_SUCCESS")) {
      assertThat(ours.resolve(name)).exists();
      assertThat(theirs.resolve(name)).exists();
    }
  }

  private static FileMetaData footer(Path model) throws IOException {
    Path file = files(model.resolve("data")).get(0);
    InputFile input =
        HadoopInputFile.fromPath(
            new org.apache.hadoop.fs.Path(file.toUri()), new Configuration(false));
    try (ParquetFileReader reader = ParquetFileReader.open(input)) {
      return reader.getFileMetaData();
    }
  }

  @Test
  void shouldSaveALargeModelInSlicesThatMllibOpens() throws IOException {
    int k = 2500; // 40 MB as float64
    FlashKMeansModel model = new FlashKMeansModel("large", random(k, 2000, 5));
    Path ours = folder.resolve("ours");
    model.write().session(LocalSpark.session()).save(ours.toString());
    assertThat(files(ours.resolve("data"))).hasSize(2);
    assertThat(FlashKMeansModel.load(ours.toString()).centroids()).isEqualTo(model.centroids());

    // MLlib asks for a model of its own class, and then for these columns.
    Path theirs = folder.resolve("theirs");
    new FlashKMeansModel("small", random(2, 2, 6)).toMLlib().save(theirs.toString());
    LocalSpark.session()
        .read()
        .parquet(ours.resolve("data").toString())
        .write()
        .mode("overwrite")
        .parquet(theirs.resolve("data").toString());
    KMeansModel opened = KMeansModel.load(theirs.toString());
    assertThat(opened.clusterCenters()).isEqualTo(model.clusterCenters());
  }

  @Test
  void shouldSaveTheFitsOfALargeCodebookInTheirOrder() throws IOException {
    List<MemberFit> fits = new ArrayList<>();
    for (int part = 0; part < 12; part++) {
      Centroids centroids = random(256, 3000 + part % 2, part); // 3 MB
      fits.add(new MemberFit("" + part, 9, centroids, part, 1, true, new long[256]));
    }
    String path = folder.resolve("fits").toString();
    FlashProductQuantizer params = new FlashProductQuantizer();
    new MemberFitTable.Writer(params, fits).session(LocalSpark.session()).save(path);
    assertThat(files(Path.of(path, "data"))).hasSize(2);

    List<MemberFit> found = new ArrayList<>();
    MLReader<FlashProductQuantizer> reader =
        new MemberFitTable.Reader<>(
            FlashProductQuantizer.class,
            (uid, read) -> {
              found.addAll(read);
              return params;
            });
    reader.load(path);

    assertThat(found).extracting(MemberFit::member).containsExactlyElementsOf(names(fits));
    for (int part = 0; part < fits.size(); part++) {
      assertThat(found.get(part).centroids()).isEqualTo(fits.get(part).centroids());
    }
  }

  private static List<String> names(List<MemberFit> fits) {
    return fits.stream().map(MemberFit::member).toList();
  }

  private static Centroids random(int k, int dimension, int seed) {
    float[] values = new float[k * dimension];
    Random random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return new Centroids(values, k, dimension);
  }

  private static List<Path> files(Path table) throws IOException {
    try (Stream<Path> files = Files.list(table)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }
}
