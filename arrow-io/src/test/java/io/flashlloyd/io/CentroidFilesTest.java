package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.io.output.ParquetSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CentroidFilesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"NPY", "FVECS", "FBIN", "PARQUET", "ARROW"})
  void shouldRoundTrip(VectorFormat format) throws Exception {
    for (int trial = 0; trial < 20; trial++) {
      long seed = format.name().hashCode() + (long) trial;
      Random random = new Random(seed);
      int k = 1 + random.nextInt(300);
      int dimension = 1 + random.nextInt(200);
      float[] values = Vectors.random(random, k * dimension);
      String uri = folder.resolve("c" + trial + "." + format.optionName()).toString();

      CentroidFiles.write(format, uri, values, k, dimension, HADOOP);
      CentroidMatrix read = CentroidFiles.read(uri, HADOOP);

      assertThat(read.k()).as("seed %d", seed).isEqualTo(k);
      assertThat(read.dimension()).as("seed %d", seed).isEqualTo(dimension);
      Vectors.assertSameBits(read.values(), values, "seed " + seed);
      long chunkBytes = 4000L + random.nextInt(20_000);
      float[] chunked = Vectors.read(new InputSpec(List.of(uri), null, null, null, chunkBytes));
      Vectors.assertSameBits(
          chunked, values, "seed %d, %d-byte chunks".formatted(seed, chunkBytes));
    }
  }

  @Test
  void shouldReplaceAnOlderFileAndLeaveNothingBeside() throws Exception {
    String uri = folder.resolve("c.npy").toString();
    CentroidFiles.write(VectorFormat.NPY, uri, new float[] {1, 2}, 1, 2, HADOOP);
    CentroidFiles.write(VectorFormat.NPY, uri, new float[] {3, 4, 5}, 3, 1, HADOOP);
    assertThat(CentroidFiles.read(uri, HADOOP).values()).containsExactly(3, 4, 5);
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("c.npy", ".c.npy.crc");
    }
  }

  @Test
  void shouldReadASavedSparkModelInTheOrderOfItsIndex() throws Exception {
    Files.createDirectories(folder.resolve("model/metadata"));
    Files.writeString(folder.resolve("model/metadata/part-00000"), "{}");
    Files.createDirectories(folder.resolve("model/data"));
    // Spark writes several files, in the order of its tasks.
    writeModelPart("part-00000", 2, 0);
    writeModelPart("part-00001", 3, 1);
    CentroidMatrix read = CentroidFiles.read(folder.resolve("model").toString(), HADOOP);
    assertThat(read.k()).isEqualTo(4);
    assertThat(read.values()).containsExactly(0, 0.5f, 1, 1.5f, 2, 2.5f, 3, 3.5f);

    writeModelPart("part-00002", 5);
    assertThatThrownBy(() -> CentroidFiles.read(folder.resolve("model").toString(), HADOOP))
        .isInstanceOf(VectorInputException.class)
        .hasMessageContaining("has 5 centroids, and one has index 5 (expected 0 to 4, each once)");
    writeModelPart("part-00003", 1, 7);
    assertThatThrownBy(() -> CentroidFiles.read(folder.resolve("model").toString(), HADOOP))
        .isInstanceOf(VectorInputException.class)
        .hasMessageContaining("two centroids have index 1 (expected each once)");
  }

  private void writeModelPart(String name, int... indices) throws Exception {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message spark_schema { required int32 clusterIdx; optional group clusterCenter {"
                + " required int32 type (INTEGER(8,true)); optional int32 size;"
                + " optional group indices (LIST) { repeated group list {"
                + " required int32 element; } }"
                + " optional group values (LIST) { repeated group list {"
                + " required double element; } } } }");
    Path file = folder.resolve("model/data/" + name + ".snappy.parquet");
    try (ParquetWriter<Integer> writer =
        ParquetSink.open(
            new org.apache.hadoop.fs.Path(file.toUri()),
            schema,
            CentroidFilesTest::emitCentroid,
            HADOOP)) {
      for (int index : indices) {
        writer.write(index);
      }
    }
  }

  private static void emitCentroid(Integer index, RecordConsumer out) {
    out.startField("clusterIdx", 0);
    out.addInteger(index);
    out.endField("clusterIdx", 0);
    out.startField("clusterCenter", 1);
    out.startGroup();
    out.startField("type", 0);
    out.addInteger(1);
    out.endField("type", 0);
    out.startField("values", 3);
    out.startGroup();
    out.startField("list", 0);
    for (double value : new double[] {index, index + 0.5}) {
      out.startGroup();
      out.startField("element", 0);
      out.addDouble(value);
      out.endField("element", 0);
      out.endGroup();
    }
    out.endField("list", 0);
    out.endGroup();
    out.endField("values", 3);
    out.endGroup();
    out.endField("clusterCenter", 1);
  }
}
