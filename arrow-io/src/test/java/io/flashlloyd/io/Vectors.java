package io.flashlloyd.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flashlloyd.io.source.SourceType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.hadoop.conf.Configuration;

/** Reading whole inputs in tests, with every chunk checked and every byte given back. */
final class Vectors {
  static final Configuration HADOOP = new Configuration();

  private Vectors() {}

  /** All values, as float32. */
  static float[] read(InputSpec spec) throws IOException {
    VectorDataset dataset = VectorDataset.open(spec, HADOOP);
    return read(dataset, HADOOP);
  }

  static float[] read(VectorDataset dataset, Configuration hadoop) throws IOException {
    int dimension = dataset.dimension();
    float[] values = new float[Math.toIntExact(dataset.rows() * dimension)];
    long chunkBytes = dataset.spec().chunkBytes();
    long nextRow = 0;
    // close() throws when a chunk was leaked.
    try (BufferAllocator root = ChunkAllocator.root(Long.MAX_VALUE);
        BufferAllocator allocator = ChunkAllocator.child(root, 1L << 30, "test")) {
      for (VectorSplit split : dataset.splits()) {
        assertThat(split.firstRow()).isEqualTo(nextRow);
        long end = nextRow + split.rows();
        try (ChunkReader reader = VectorReaders.open(dataset, split, hadoop, allocator)) {
          for (VectorChunk next = reader.next(); next != null; next = reader.next()) {
            try (VectorChunk chunk = next) {
              assertThat(chunk.firstRow()).isEqualTo(nextRow);
              assertThat(chunk.type()).isEqualTo(dataset.type());
              assertThat(chunk.dimension()).isEqualTo(dimension);
              assertThat(chunk.rows() == 1 || chunk.bytes() <= chunkBytes).isTrue();
              copy(chunk, values);
              nextRow += chunk.rows();
            }
          }
        }
        assertThat(nextRow).isEqualTo(end);
      }
    }
    assertThat(nextRow).isEqualTo(dataset.rows());
    return values;
  }

  /** One file, in which elements of two bytes without a type are bfloat16. */
  static InputSpec spec(Path file, long chunkBytes) {
    return new InputSpec(List.of(file.toString()), null, null, null, true, chunkBytes);
  }

  /** Reads a file that has to be refused, at open or in the middle, and checks the message. */
  static void assertRefused(Path file, long chunkBytes, String... messages) {
    InputSpec spec = spec(file, chunkBytes);
    VectorInputException error = catchThrowableOfType(VectorInputException.class, () -> read(spec));
    assertThat(error).as("%s is refused", file).isNotNull();
    assertThat(error).hasMessageContaining(file.getFileName().toString());
    for (String message : messages) {
      assertThat(error).hasMessageContaining(message);
    }
  }

  /** The error of an input that has to be refused before any of it is read. */
  static VectorInputException refusedAtOpen(Path file) {
    return refusedAtOpen(spec(file, InputSpec.DEFAULT_CHUNK_BYTES));
  }

  static VectorInputException refusedAtOpen(InputSpec spec) {
    VectorInputException error =
        catchThrowableOfType(VectorInputException.class, () -> VectorDataset.open(spec, HADOOP));
    assertThat(error).as("%s is refused", spec.uris()).isNotNull();
    return error;
  }

  /** Compares bits, so that zeros of both signs differ, and names the first value that does. */
  static void assertSameBits(float[] actual, float[] expected, String description) {
    assertThat(actual).as(description).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      if (Float.floatToRawIntBits(actual[i]) != Float.floatToRawIntBits(expected[i])) {
        assertThat(actual[i]).as("%s, value %d", description, i).isEqualTo(expected[i]);
      }
    }
  }

  /** All ids, read a few at a time. */
  static Ids ids(VectorDataset dataset, Configuration hadoop) throws IOException {
    List<Long> numbers = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    try (BufferAllocator allocator = ChunkAllocator.root(Long.MAX_VALUE)) {
      for (VectorSplit split : dataset.splits()) {
        long rows = 0;
        try (IdReader reader = VectorReaders.openIds(dataset, split, hadoop, allocator)) {
          for (Ids ids = reader.next(77); ids != null; ids = reader.next(77)) {
            assertThat(ids.rows()).isBetween(1, 77);
            rows += ids.rows();
            for (int i = 0; i < ids.rows(); i++) {
              if (ids.type() == IdType.STRING) {
                texts.add(ids.text(i));
              } else {
                numbers.add(ids.number(i));
              }
            }
          }
        }
        assertThat(rows).isEqualTo(split.rows());
      }
    }
    return dataset.idType() == IdType.STRING
        ? Ids.ofTexts(texts.toArray(String[]::new))
        : Ids.ofNumbers(dataset.idType(), numbers.stream().mapToLong(Long::longValue).toArray());
  }

  private static void copy(VectorChunk chunk, float[] values) {
    ByteBuffer from = chunk.values();
    assertThat(from.isDirect()).isTrue();
    int at = (int) chunk.firstRow() * chunk.dimension();
    for (int i = 0; i < chunk.rows() * chunk.dimension(); i++) {
      values[at + i] = chunk.type().get(from, i);
    }
  }

  /** Values of all magnitudes, zeros of both signs included. */
  static float[] random(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (random.nextInt(8)) {
            case 0 -> 0f;
            case 1 -> -0f;
            case 2 -> (float) random.nextGaussian() * 1e-40f;
            case 3 -> (float) random.nextGaussian() * 1e37f;
            default -> (float) random.nextGaussian();
          };
    }
    return values;
  }

  /** Random values that the type holds exactly. */
  static float[] random(SourceType type, Random random, int count) {
    float[] values = random(random, count);
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (type) {
            case FLOAT16 -> Float16.toFloat((short) (random.nextInt(0x10000) & ~0x4000));
            case BFLOAT16 -> Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & 0xffff_0000);
            case UINT8 -> random.nextInt(256);
            case INT8 -> random.nextInt(256) - 128;
            case FLOAT32, FLOAT64 -> values[i];
          };
    }
    return values;
  }

  /** As the type is stored. */
  static byte[] encode(SourceType type, float... values) {
    byte[] bytes = new byte[values.length * type.bytes()];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (type) {
        case FLOAT64 -> out.putDouble(value);
        case FLOAT32 -> out.putFloat(value);
        case FLOAT16 -> out.putShort(half(value));
        case BFLOAT16 -> out.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        case UINT8, INT8 -> out.put((byte) (int) value);
      }
    }
    return bytes;
  }

  /** The binary16 that widens to {@code value}, found by search: there are only 65,536. */
  private static short half(float value) {
    if (!Float.isFinite(value)) {
      return (short) (Float.isNaN(value) ? 0x7e00 : value > 0 ? 0x7c00 : 0xfc00);
    }
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
