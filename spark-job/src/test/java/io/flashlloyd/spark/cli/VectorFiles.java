package io.flashlloyd.spark.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Flat vector files, byte for byte as their formats say, with every liberty that a test needs. */
final class VectorFiles {
  private VectorFiles() {}

  /** Gaussian rows about a few well separated means. */
  static float[][] blobs(int rows, int dimension, long seed) {
    Random random = new Random(seed);
    float[][] values = new float[rows][dimension];
    for (int row = 0; row < rows; row++) {
      for (int t = 0; t < dimension; t++) {
        values[row][t] = (float) random.nextGaussian() + 20f * ((row % 5 + t) % 5);
      }
    }
    return values;
  }

  /** An .fbin file. */
  static String fbin(Path file, float[]... rows) throws IOException {
    return fbin(file, rows.length, rows[0].length, rows);
  }

  /** An .fbin file whose header says what it wants. */
  static String fbin(Path file, int saysRows, int saysDimension, float[]... rows)
      throws IOException {
    ByteBuffer bytes = buffer(8 + 4 * values(rows)).putInt(saysRows).putInt(saysDimension);
    for (float[] row : rows) {
      put(bytes, row);
    }
    return write(file, bytes);
  }

  /** A .u8bin or .i8bin file whose header says what it wants. */
  static String bytesBin(Path file, int saysRows, int saysDimension, byte[] values)
      throws IOException {
    ByteBuffer bytes = buffer(8 + values.length).putInt(saysRows).putInt(saysDimension);
    return write(file, bytes.put(values));
  }

  /** An .fvecs file; rows may differ in length, as the format lets them. */
  static String fvecs(Path file, float[]... rows) throws IOException {
    ByteBuffer bytes = buffer(4 * rows.length + 4 * values(rows));
    for (float[] row : rows) {
      put(bytes.putInt(row.length), row);
    }
    return write(file, bytes);
  }

  /** A .bvecs file. */
  static String bvecs(Path file, byte[]... rows) throws IOException {
    int size = 0;
    for (byte[] row : rows) {
      size += 4 + row.length;
    }
    ByteBuffer bytes = buffer(size);
    for (byte[] row : rows) {
      bytes.putInt(row.length).put(row);
    }
    return write(file, bytes);
  }

  /** A float32 .npy file. */
  static String npy(Path file, float[]... rows) throws IOException {
    return npy(file, "<f4", "(%d, %d)".formatted(rows.length, rows[0].length), rows);
  }

  /** A .npy file whose header says what it wants; the values are float32. */
  static String npy(Path file, String descr, String shape, float[]... rows) throws IOException {
    String dict = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr, shape);
    byte[] header =
        (dict + " ".repeat(117 - dict.length()) + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = buffer(10 + header.length + 4 * values(rows));
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    bytes.putShort((short) header.length).put(header);
    for (float[] row : rows) {
      put(bytes, row);
    }
    return write(file, bytes);
  }

  /** Cuts a file, as a copy that was broken off. */
  static String truncate(String file, int missingBytes) throws IOException {
    Path path = Path.of(file);
    byte[] whole = Files.readAllBytes(path);
    Files.write(path, java.util.Arrays.copyOf(whole, whole.length - missingBytes));
    return file;
  }

  /** Overwrites a stretch of a file with 0xff. */
  static String damage(String file, int from, int count) throws IOException {
    Path path = Path.of(file);
    byte[] whole = Files.readAllBytes(path);
    java.util.Arrays.fill(whole, from, from + count, (byte) 0xff);
    Files.write(path, whole);
    return file;
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void put(ByteBuffer bytes, float[] row) {
    for (float value : row) {
      bytes.putFloat(value);
    }
  }

  private static int values(float[][] rows) {
    int values = 0;
    for (float[] row : rows) {
      values += row.length;
    }
    return values;
  }

  private static String write(Path file, ByteBuffer bytes) throws IOException {
    byte[] written = new byte[bytes.position()];
    bytes.get(0, written);
    Files.write(file, written);
    return file.toString();
  }
}
