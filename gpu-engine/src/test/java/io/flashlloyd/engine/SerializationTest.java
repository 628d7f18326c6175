package io.flashlloyd.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What travels between processes arrives as it was; arrays here span several blocks. */
class SerializationTest {
  private static final int K = 700;
  private static final int DIMENSION = 33;

  @Test
  void shouldBringCentroidsAndSumsOver() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (float outlier : List.of(1f, 1e30f)) {
      SumScale scale = scale(outlier);
      Centroids centroids = centroids(random);
      assertThat(copy(centroids)).isEqualTo(centroids);
      for (PassPlan plan :
          List.of(PassPlan.lloyd(centroids, null, scale), PassPlan.assign(centroids, scale))) {
        PartialSums sums = PartialSums.zeros(plan);
        for (long[] array : new long[][] {sums.counts(), sums.low(), sums.high(), sums.cost()}) {
          for (int i = 0; array != null && i < array.length; i++) {
            array[i] = random.nextLong();
          }
        }
        sums.addRows(12, 5);

        assertThat(copy(sums)).as("seed %d", seed).usingRecursiveComparison().isEqualTo(sums);
        assertThat((Object) copy(plan)).isInstanceOf(PassPlan.class);
      }
    }
  }

  private static Centroids centroids(Random random) {
    float[] values = new float[K * DIMENSION];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Centroids(values, K, DIMENSION);
  }

  /** Wide where there is an outlier. */
  private static SumScale scale(float outlier) {
    ByteBuffer values = ByteBuffer.allocateDirect(3 * DIMENSION * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 3 * DIMENSION; i++) {
      values.putFloat(4 * i, i < DIMENSION ? outlier : 1e-9f * (i + 1));
    }
    RowStatistics statistics = new RowStatistics(DIMENSION);
    statistics.add(new HostRows(values, 3, DIMENSION, ElementType.FLOAT32));
    return SumScale.of(statistics);
  }

  @SuppressWarnings({"unchecked", "BanSerializableRead"}) // its own bytes
  private static <T> T copy(T value) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    }
  }
}
