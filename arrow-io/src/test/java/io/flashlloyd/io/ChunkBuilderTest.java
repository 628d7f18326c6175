package io.flashlloyd.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Test;

class ChunkBuilderTest {
  @Test
  void shouldCutRowsIntoChunksThatKeepTheBound() throws Exception {
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      int rows = random.nextInt(3000);
      int dimension = 1 + random.nextInt(600);
      long chunkBytes = 1L + random.nextInt(3 << 20);
      long first = random.nextInt(100);
      float[] values = Vectors.random(random, rows * dimension);
      int seen = 0;
      try (BufferAllocator allocator = ChunkAllocator.root(1L << 30);
          ChunkBuilder builder = new ChunkBuilder(allocator, dimension, chunkBytes, first)) {
        for (int row = 0; row < rows; row++) {
          float[] vector = Arrays.copyOfRange(values, row * dimension, (row + 1) * dimension);
          if (row % 2 == 0) {
            builder.add(vector);
          } else {
            double[] wide = new double[dimension];
            for (int t = 0; t < dimension; t++) {
              wide[t] = vector[t];
            }
            builder.add(wide);
          }
          seen += check(builder.takeIfFull(), first + seen, values, seen, chunkBytes, seed);
        }
        seen += check(builder.finish(), first + seen, values, seen, chunkBytes, seed);
        assertThat(builder.finish()).as("seed %d", seed).isNull();
        assertThat(builder.nextRow()).as("seed %d", seed).isEqualTo(first + rows);
      }
      assertThat(seen).as("seed %d", seed).isEqualTo(rows);
    }
  }

  private static int check(
      VectorChunk chunk, long firstRow, float[] values, int row, long chunkBytes, long seed) {
    if (chunk == null) {
      return 0;
    }
    try (chunk) {
      assertThat(chunk.firstRow()).as("seed %d", seed).isEqualTo(firstRow);
      assertThat(chunk.rows() == 1 || chunk.bytes() <= chunkBytes).as("seed %d", seed).isTrue();
      int count = chunk.rows() * chunk.dimension();
      float[] read = new float[count];
      chunk.values().asFloatBuffer().get(read);
      int at = row * chunk.dimension();
      Vectors.assertSameBits(read, Arrays.copyOfRange(values, at, at + count), "seed " + seed);
      return chunk.rows();
    }
  }

  @Test
  void shouldRefuseRowsThatCannotBeClustered() throws Exception {
    try (BufferAllocator allocator = ChunkAllocator.root(1L << 20);
        ChunkBuilder builder = new ChunkBuilder(allocator, 2, 1000, 5, "column features")) {
      builder.add(new float[] {1, 2});
      assertThatThrownBy(() -> builder.add(new float[] {1, Float.NaN}))
          .isInstanceOf(VectorInputException.class)
          .hasMessage(
              "column features, row 6, column 1: the value is NaN (expected a finite float32);"
                  + " drop or repair the row");
      assertThatThrownBy(() -> builder.add(new double[] {1e39, 0}))
          .isInstanceOf(VectorInputException.class)
          .hasMessageContaining("column features, row 6, column 0: the value is 1.0E39");
      assertThatThrownBy(() -> builder.add(new float[3]))
          .isInstanceOf(VectorInputException.class)
          .hasMessageContaining("row 6: the vector has 3 values (expected 2)");
      // A refused row leaves nothing behind, and what was not taken is freed by close().
      builder.add(new float[] {3, 4});
      assertThat(builder.nextRow()).isEqualTo(7);
    }
  }

  @Test
  void shouldInsistThatFullChunksAreTaken() throws Exception {
    try (BufferAllocator allocator = ChunkAllocator.root(1L << 20);
        ChunkBuilder builder = new ChunkBuilder(allocator, 2, 8, 0)) {
      builder.add(new float[] {1, 2});
      assertThatThrownBy(() -> builder.add(new float[] {3, 4}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Chunk of 1 rows is full: take it first");
    }
  }
}
