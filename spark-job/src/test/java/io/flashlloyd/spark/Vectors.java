package io.flashlloyd.spark;

import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.spark.data.FileSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;

/** Rows made up for a test: [n x dimension] float32, with the seed that made them. */
public record Vectors(List<float[]> rows, int dimension, long seed) {
  /**
   * Random rows of random magnitude, some of them duplicates, some with coordinates that tie.
   *
   * @param n at least 1
   */
  public static Vectors random(int n, int dimension, long seed) {
    Random random = new Random(seed);
    float scale = (float) Math.pow(2, random.nextInt(60) - 30);
    boolean integers = random.nextInt(3) == 0;
    float[][] rows = new float[n][dimension];
    for (int row = 0; row < n; row++) {
      if (row > 0 && random.nextInt(4) == 0) {
        rows[row] = rows[random.nextInt(row)].clone();
        continue;
      }
      for (int t = 0; t < dimension; t++) {
        double value = integers ? random.nextInt(7) - 3 : random.nextGaussian();
        rows[row][t] = (float) (value * scale);
      }
    }
    return new Vectors(Arrays.asList(rows), dimension, seed);
  }

  /** The same rows in another order. */
  public Vectors shuffled() {
    List<float[]> copy = new java.util.ArrayList<>(rows);
    Collections.shuffle(copy, new Random(seed + 1));
    return new Vectors(copy, dimension, seed);
  }

  /** Writes an .fbin file and opens it in chunks of about {@code chunkRows} rows. */
  public FileSource file(Path folder, int chunkRows) {
    try {
      Path file = Files.createTempFile(folder, "vectors", ".fbin");
      ByteBuffer bytes =
          ByteBuffer.allocate(8 + rows.size() * dimension * 4).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putInt(rows.size()).putInt(dimension);
      for (float[] row : rows) {
        for (float value : row) {
          bytes.putFloat(value);
        }
      }
      Files.write(file, bytes.array());
      InputSpec spec =
          new InputSpec(
              List.of(file.toString()), VectorFormat.FBIN, null, null, 4L * chunkRows * dimension);
      Configuration hadoop = new Configuration();
      return new FileSource(VectorDataset.open(spec, hadoop), hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
