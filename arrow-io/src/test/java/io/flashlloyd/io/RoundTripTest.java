package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.io.ArrowTestFile.ListKind;
import io.flashlloyd.io.source.SourceType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random values in random shapes and chunk sizes come out of every format as they went in. */
class RoundTripTest {
  private static final int TRIALS = 12;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void shouldReadFlatFiles(FlatTestFile format) throws Exception {
    for (int trial = 0; trial < TRIALS; trial++) {
      long seed = format.name().hashCode() + (long) trial;
      Random random = new Random(seed);
      int rows = 1 + random.nextInt(600);
      int dimension = 1 + random.nextInt(trial == 0 ? 1 : 300);
      float[] values = Vectors.random(format.type, random, rows * dimension);
      Path path = folder.resolve(trial + "." + format.extension);
      format.write(path, Vectors.encode(format.type, values), rows, dimension);
      check(path, format.type, values, dimension, seed, random);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldReadParquet(ParquetTestFile shape) throws Exception {
    for (int trial = 0; trial < TRIALS; trial++) {
      long seed = shape.name().hashCode() + (long) trial;
      Random random = new Random(seed);
      int rows = 1 + random.nextInt(900);
      int dimension = 1 + random.nextInt(trial == 0 ? 1 : 100);
      float[] values = Vectors.random(shape.type, random, rows * dimension);
      Path path = folder.resolve(trial + ".parquet");
      shape.write(path, rows(values, dimension), random);
      check(path, shape.type, values, dimension, seed, random);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldReadArrow(SourceType type) throws Exception {
    ListKind[] lists = {ListKind.FIXED, ListKind.LIST, ListKind.LARGE};
    CodecType[] codecs = {CodecType.NO_COMPRESSION, CodecType.LZ4_FRAME, CodecType.ZSTD};
    for (int trial = 0; trial < TRIALS; trial++) {
      long seed = type.name().hashCode() + (long) trial;
      Random random = new Random(seed);
      CodecType codec = codecs[trial / 4];
      // The Java LZ4 compressor takes seconds for what pyarrow's files test at length.
      int rows = 1 + random.nextInt(codec == CodecType.LZ4_FRAME ? 40 : 600);
      int dimension = 1 + random.nextInt(trial == 0 ? 1 : 200);
      float[] values = Vectors.random(type, random, rows * dimension);
      ListKind list = lists[trial % lists.length];
      Path path = folder.resolve(trial + (random.nextBoolean() ? ".arrow" : ".arrows"));
      new ArrowTestFile(list, type).write(path, rows(values, dimension), dimension, codec, random);
      check(path, type, values, dimension, seed, random);
    }
  }

  private static void check(
      Path path, SourceType type, float[] values, int dimension, long seed, Random random)
      throws Exception {
    long chunkBytes = 1L + random.nextInt(1 + random.nextInt(values.length * 8));
    // Bounds the number of splits, each of which opens the file again.
    chunkBytes = Math.max(chunkBytes, values.length);
    InputSpec spec = Vectors.spec(path, chunkBytes);
    VectorDataset dataset = VectorDataset.open(spec, HADOOP);
    assertThat(dataset.type()).as("seed %d", seed).isEqualTo(type.elementType());
    assertThat(dataset.dimension()).as("seed %d", seed).isEqualTo(dimension);
    Vectors.assertSameBits(
        Vectors.read(dataset, HADOOP),
        values,
        "seed %d, dimension %d, %d-byte chunks".formatted(seed, dimension, chunkBytes));
  }

  private static List<Double[]> rows(float[] values, int dimension) {
    List<Double[]> rows = new ArrayList<>();
    for (int at = 0; at < values.length; at += dimension) {
      Double[] row = new Double[dimension];
      for (int t = 0; t < dimension; t++) {
        row[t] = (double) values[at + t];
      }
      rows.add(row);
    }
    return rows;
  }
}
