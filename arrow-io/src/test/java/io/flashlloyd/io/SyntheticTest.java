package io.flashlloyd.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class SyntheticTest {
  private static final Configuration HADOOP = new Configuration();

  @Test
  void shouldMakeTheSameRowsWhateverTheChunking() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (String dtype : List.of("f32", "f16", "u8", "i8")) {
      int dimension = 1 + random.nextInt(70);
      int rows = 1 + random.nextInt(2000);
      String uri =
          "synthetic:rows=%d,dim=%d,clusters=7,dtype=%s,seed=%d"
              .formatted(rows, dimension, dtype, seed);
      List<float[]> whole = read(uri, 1 << 30);

      assertThat(whole).as(uri).hasSize(rows).allMatch(row -> row.length == dimension);
      assertThat(read(uri, 500 + random.nextInt(5000)))
          .as(uri)
          .usingElementComparator(Arrays::compare)
          .isEqualTo(whole);
      assertThat(read(uri.replace("seed=", "seed=1"), 1 << 30).get(rows / 2))
          .as("another seed")
          .isNotEqualTo(whole.get(rows / 2));
    }
  }

  @Test
  void shouldRoundTheSameRowsToEachType() throws IOException {
    String uri = "synthetic:rows=2000,dim=33,clusters=5,dtype=%s,seed=9";
    List<float[]> exact = read(uri.formatted("f32"), 1 << 20);
    List<float[]> half = read(uri.formatted("f16"), 1 << 20);
    List<float[]> bytes = read(uri.formatted("u8"), 1 << 20);
    for (int row = 0; row < exact.size(); row++) {
      for (int t = 0; t < 33; t++) {
        float value = exact.get(row)[t];
        // 11 bits of a float16, or 2^-24 where it is subnormal.
        float tolerance = Math.max(Math.abs(value) * 0x1p-11f, 0x1p-25f);
        assertThat(half.get(row)[t]).isCloseTo(value, within(tolerance));
        float expected = Math.max(0, Math.min(255, Math.round(value * 20) + 128));
        assertThat(bytes.get(row)[t]).isCloseTo(expected, within(1f));
      }
    }
  }

  /** 4 blobs in 256 dimensions: rows of one are near each other, those of two are not. */
  @Test
  void shouldScatterRowsAboutAsManyCentresAsAsked() throws IOException {
    List<float[]> rows = read("synthetic:rows=400,dim=256,clusters=4,seed=3", 1 << 20);
    List<float[]> seen = new ArrayList<>();
    for (float[] row : rows) {
      // Noise has variance 1 a coordinate: about 512 between two rows of a blob, 1024 across.
      if (seen.stream().noneMatch(other -> squared(row, other) < 740)) {
        seen.add(row);
      }
    }
    assertThat(seen).hasSize(4);
    double mean =
        rows.stream()
            .mapToDouble(row -> squared(row, new float[256]) / 256)
            .average()
            .orElseThrow();
    assertThat(mean).as("variance: centres 1, noise 1").isBetween(1.5, 2.5);
  }

  @Test
  void shouldTakeRowsByAnyWholeNumber() throws IOException {
    VectorDataset dataset =
        VectorDataset.open(InputSpec.of("synthetic:rows=1e9,dim=128,dtype=f16"), HADOOP);

    assertThat(dataset.rows()).isEqualTo(1_000_000_000L);
    assertThat(dataset.type()).isEqualTo(ElementType.FLOAT16);
    assertThat(dataset.splits()).hasSizeBetween(3800, 3900);
    assertThat(dataset.storedFiles()).isEmpty();
  }

  @Test
  void shouldRefuseWhatItDoesNotUnderstand() {
    refused("synthetic:dim=3", "rows is missing");
    refused("synthetic:rows=1.5,dim=3", "rows is '1.5', which is no whole number");
    refused("synthetic:rows=10,dim=0", "dim is 0, which is not from 1");
    refused("synthetic:rows=10,dim=3,dtype=f64", "dtype 'f64' is unknown");
    refused("synthetic:rows=10,dim=3,k=4", "'k' is unknown");
    refused("synthetic:rows=10,rows=11,dim=3", "'rows=11' is no setting, or a second one");
    refused("synthetic:rows=10,dim=3,seed=x", "seed is 'x', which is no whole number");
  }

  private static void refused(String uri, String problem) {
    assertThatThrownBy(() -> VectorDataset.open(InputSpec.of(uri), HADOOP))
        .isInstanceOf(VectorInputException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining("expected synthetic:rows=N,dim=D");
  }

  private static double squared(float[] a, float[] b) {
    double sum = 0;
    for (int t = 0; t < a.length; t++) {
      sum += (a[t] - b[t]) * (a[t] - b[t]);
    }
    return sum;
  }

  private static List<float[]> read(String uri, long chunkBytes) throws IOException {
    InputSpec spec = new InputSpec(List.of(uri), null, null, null, chunkBytes);
    VectorDataset dataset = VectorDataset.open(spec, HADOOP);
    List<float[]> rows = new ArrayList<>();
    try (BufferAllocator allocator = ChunkAllocator.root(Long.MAX_VALUE)) {
      for (VectorSplit split : dataset.splits()) {
        try (ChunkReader reader = VectorReaders.open(dataset, split, HADOOP, allocator)) {
          for (VectorChunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
            try (VectorChunk open = chunk) {
              for (int row = 0; row < open.rows(); row++) {
                float[] values = new float[open.dimension()];
                for (int t = 0; t < values.length; t++) {
                  values[t] = open.type().get(open.values(), row * values.length + t);
                }
                rows.add(values);
              }
            }
          }
        }
      }
    }
    return rows;
  }
}
