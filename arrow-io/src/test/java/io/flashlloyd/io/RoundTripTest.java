package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.io.ArrowTestFile.ListKind;
import io.flashlloyd.io.source.SourceType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
      float[] values = values(format.type, rows * dimension, random);
      Path path = folder.resolve(trial + "." + format.extension);
      format.write(path, encode(format.type, values), rows, dimension);
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
      float[] values = values(SourceType.FLOAT32, rows * dimension, random);
      Path path = folder.resolve(trial + ".parquet");
      shape.write(path, rows(values, dimension), random);
      check(path, SourceType.FLOAT32, values, dimension, seed, random);
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
      float[] values = values(type, rows * dimension, random);
      ListKind list = lists[trial % lists.length];
      Path path = folder.resolve(trial + ".arrow");
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
    InputSpec spec = new InputSpec(List.of(path.toString()), null, null, null, chunkBytes);
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

  /** Random values that the type holds exactly. */
  private static float[] values(SourceType type, int count, Random random) {
    float[] values = Vectors.random(random, count);
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (type) {
            case FLOAT16 -> Float16.toFloat((short) (random.nextInt(0x10000) & ~0x4000));
            case UINT8 -> random.nextInt(256);
            case INT8 -> random.nextInt(256) - 128;
            default -> values[i];
          };
    }
    return values;
  }

  private static byte[] encode(SourceType type, float[] values) {
    byte[] bytes = new byte[values.length * type.bytes()];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (type) {
        case FLOAT64 -> out.putDouble(value);
        case FLOAT32 -> out.putFloat(value);
        case FLOAT16 -> out.putShort(half(value));
        case UINT8, INT8 -> out.put((byte) (int) value);
      }
    }
    return bytes;
  }

  /** The binary16 that widens to {@code value}, found by search: there are only 65,536. */
  private static short half(float value) {
    int magnitude = 0;
    for (int bit = 0x4000; bit > 0; bit >>= 1) {
      int candidate = magnitude | bit;
      if (candidate < 0x7c00 && Float16.toFloat((short) candidate) <= Math.abs(value)) {
        magnitude = candidate;
      }
    }
    int sign = Float.floatToRawIntBits(value) < 0 ? 0x8000 : 0;
    return (short) (sign | magnitude);
  }
}
