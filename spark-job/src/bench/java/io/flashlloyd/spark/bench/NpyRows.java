package io.flashlloyd.spark.bench;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;

/** The float32 rows of a version 1 .npy file, as MLlib vectors. */
final class NpyRows implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Pattern SHAPE = Pattern.compile("'shape': \\((\\d+), (\\d+)\\)");

  private final String file;
  private final int start;
  private final int rows;
  private final int dimension;

  NpyRows(String file) {
    this.file = file;
    ByteBuffer head = read(0, 128);
    this.start = 10 + head.getShort(8);
    String text = StandardCharsets.US_ASCII.decode(head).toString();
    Matcher shape = SHAPE.matcher(text);
    if (!text.contains("'<f4'") || !shape.find()) {
      throw new IllegalArgumentException(file + " is no matrix of float32: " + text);
    }
    this.rows = Integer.parseInt(shape.group(1));
    this.dimension = Integer.parseInt(shape.group(2));
  }

  private ByteBuffer read(long position, int bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel in = FileChannel.open(Path.of(file))) {
      int got = 0;
      while (got >= 0 && buffer.hasRemaining()) {
        got = in.read(buffer, position + buffer.position());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
    return buffer.flip();
  }

  /** One of {@code parts} parts of about the same size. */
  Vector[] part(int part, int parts) {
    int from = (int) ((long) rows * part / parts);
    int count = (int) ((long) rows * (part + 1) / parts) - from;
    int rowBytes = 4 * dimension;
    ByteBuffer values = read(start + (long) from * rowBytes, count * rowBytes);
    Vector[] vectors = new Vector[count];
    for (int row = 0; row < count; row++) {
      double[] vector = new double[dimension];
      for (int t = 0; t < dimension; t++) {
        vector[t] = values.getFloat(row * rowBytes + 4 * t);
      }
      vectors[row] = Vectors.dense(vector);
    }
    return vectors;
  }
}
