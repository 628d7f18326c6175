package io.flashlloyd.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.spark.LocalSpark;
import io.flashlloyd.spark.report.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Input that changes between pass 0 and a pass of an executor that has not read it before. */
class ChangedInputTest {
  private static final int ROWS = 500;
  private static final int DIMENSION = 6;
  private static final int HEADER = 8;
  private static final int ROW = DIMENSION * Float.BYTES;

  @TempDir private Path folder;

  @Test
  void shouldRefuseAChangedRowOnAnotherExecutor() throws IOException {
    Path file = vectors();
    try (VectorData data = open(file)) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[HEADER + ROWS / 2 * ROW] ^= 1; // one bit of a fraction: no statistics tell it
      Files.write(file, bytes);
      forget(data);

      assertThatThrownBy(data::fingerprint)
          .hasStackTraceContaining("500 rows, checksum")
          .hasStackTraceContaining("(expected 500, checksum")
          .hasStackTraceContaining("the input changed meanwhile");
    }
  }

  @Test
  void shouldTakeTheSameRowsInAnotherOrderOnAnotherExecutor() throws IOException {
    Path file = vectors();
    try (VectorData data = open(file)) {
      Fingerprint before = data.fingerprint();
      byte[] bytes = Files.readAllBytes(file);
      byte[] row = new byte[ROW];
      System.arraycopy(bytes, HEADER, row, 0, ROW);
      System.arraycopy(bytes, HEADER + ROW, bytes, HEADER, ROW);
      System.arraycopy(row, 0, bytes, HEADER + ROW, ROW);
      Files.write(file, bytes);

      assertThat(data.fingerprint()).as("what this process has kept").isEqualTo(before);
      forget(data);
      assertThat(data.fingerprint()).as("read by another").isEqualTo(before);
    }
  }

  /** After this the process knows of the data as little as a new executor does. */
  private static void forget(VectorData data) {
    data.reduce("forget", new DropTask(data.name()), (a, b) -> a);
  }

  private static VectorData open(Path file) throws IOException {
    Configuration hadoop = new Configuration();
    VectorDataset dataset = VectorDataset.open(InputSpec.of(file.toString()), hadoop);
    return VectorData.open(
        LocalSpark.context(),
        new FileSource(dataset, hadoop),
        LocalSpark.ENGINE,
        1,
        Progress.silent());
  }

  private Path vectors() throws IOException {
    float[] values = new float[ROWS * DIMENSION];
    Random random = new Random(8);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Path file = folder.resolve("v.fbin");
    CentroidFiles.write(
        VectorFormat.FBIN, file.toString(), values, ROWS, DIMENSION, new Configuration());
    Files.deleteIfExists(folder.resolve(".v.fbin.crc")); // Hadoop's own checksums of local files
    assertThat(Files.size(file)).isEqualTo(HEADER + (long) ROWS * ROW);
    return file;
  }
}
