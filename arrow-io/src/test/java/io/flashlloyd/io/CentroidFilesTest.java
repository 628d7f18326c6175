package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CentroidFilesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"NPY", "FVECS", "FBIN", "PARQUET"})
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
      assertThat(read.values()).as("seed %d", seed).containsExactly(values);
      long chunkBytes = 4000L + random.nextInt(20_000);
      float[] chunked = Vectors.read(new InputSpec(List.of(uri), null, null, null, chunkBytes));
      assertThat(chunked).as("seed %d, %d-byte chunks", seed, chunkBytes).containsExactly(values);
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
}
