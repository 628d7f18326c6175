package io.flashlloyd.engine.bench;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Gaussian blobs of float32 rows: 1,000 centres of N(0, 1) coordinates, rows N(centre, 1). */
final class Blobs {
  private static final int CENTRES = 1000;
  private static final int CHUNK_BYTES = 64 << 20;
  private static final int HEADER = 128;

  private final int rows;
  private final int dimension;
  private final List<HostRows> chunks = new ArrayList<>();

  Blobs(int rows, int dimension, long seed) {
    this.rows = rows;
    this.dimension = dimension;
    Random random = new Random(seed);
    float[] centres = gaussians(CENTRES * dimension, random);
    // Noise is read from a long table at random places: as good here, and quick.
    float[] noise = gaussians(1 << 22, random);
    int perChunk = CHUNK_BYTES / (4 * dimension);
    for (int from = 0; from < rows; from += perChunk) {
      int count = Math.min(perChunk, rows - from);
      ByteBuffer buffer = direct(count * dimension * 4);
      for (int row = 0; row < count; row++) {
        int centre = random.nextInt(CENTRES) * dimension;
        int at = random.nextInt(noise.length - dimension);
        for (int t = 0; t < dimension; t++) {
          buffer.putFloat((row * dimension + t) * 4, centres[centre + t] + noise[at + t]);
        }
      }
      chunks.add(new HostRows(buffer, count, dimension, ElementType.FLOAT32));
    }
  }

  private static float[] gaussians(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The first k rows, [k x dimension]. */
  float[] firstRows(int k) {
    float[] values = new float[k * dimension];
    for (int i = 0; i < values.length; i++) {
      values[i] = chunks.get(0).get(i / dimension, i % dimension);
    }
    return values;
  }

  /** The rows as chunks of a type: float32 as they are, others rounded. */
  List<HostRows> as(ElementType type) {
    if (type == ElementType.FLOAT32) {
      return chunks;
    }
    List<HostRows> converted = new ArrayList<>();
    for (HostRows chunk : chunks) {
      int count = chunk.rows() * dimension;
      ByteBuffer buffer = direct(count * type.bytes());
      for (int i = 0; i < count; i++) {
        float value = chunk.values().getFloat(4 * i);
        switch (type) {
          case UINT8 -> buffer.put(i, (byte) Math.max(0, Math.min(255, 128 + 25 * value)));
          case INT8 -> buffer.put(i, (byte) Math.max(-128, Math.min(127, 25 * value)));
          case FLOAT16 -> buffer.putShort(2 * i, half(value));
          case FLOAT32 -> throw new IllegalStateException("Float32 is not converted");
        }
      }
      converted.add(new HostRows(buffer, chunk.rows(), dimension, type));
    }
    return converted;
  }

  /** Cuts a moderate value to binary16; below its normal numbers, to zero. */
  private static short half(float value) {
    int bits = Float.floatToRawIntBits(value);
    int exponent = (bits >>> 23 & 0xff) - 127 + 15;
    int magnitude = exponent <= 0 ? 0 : exponent << 10 | bits >>> 13 & 0x3ff;
    return (short) (bits >>> 16 & 0x8000 | magnitude);
  }

  /** Writes the float32 rows as a .npy file, for the peers. */
  void write(Path file) throws IOException {
    String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }";
    String padded = text.formatted(rows, dimension);
    padded += " ".repeat(HEADER - 11 - padded.length()) + "\n";
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1);
    header.put((byte) 0).putShort((short) (HEADER - 10));
    header.put(padded.getBytes(StandardCharsets.US_ASCII)).flip();
    Files.createDirectories(file.getParent());
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      write(out, header);
      for (HostRows chunk : chunks) {
        write(out, chunk.values().duplicate().clear());
      }
    }
  }

  private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
