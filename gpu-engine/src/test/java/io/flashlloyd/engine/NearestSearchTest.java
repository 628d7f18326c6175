package io.flashlloyd.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.cpu.ScreenedSearch;
import io.flashlloyd.engine.exact.CanonicalDistance;
import java.lang.ref.WeakReference;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Searches for single rows give the assignment of the contract, whichever way they take. */
class NearestSearchTest {
  @Test
  void shouldFindTheNearestOfAll() {
    for (int round = 0; round < 60; round++) {
      long seed = System.nanoTime();
      Random random = new Random(seed);
      Centroids centroids = centroids(random, 1 + random.nextInt(300), 1 + random.nextInt(90));
      NearestSearch plain = new PlainSearch(centroids);
      NearestSearch screened = new ScreenedSearch(centroids);
      NearestSearch chosen = Engines.search(centroids);
      for (int i = 0; i < 40; i++) {
        float[] row = row(random, centroids);
        int expected = nearest(row, centroids);
        String label = "seed %d row %d of %s".formatted(seed, i, centroids);
        assertThat(plain.nearest(row)).as(label).isEqualTo(expected);
        assertThat(screened.nearest(row)).as(label).isEqualTo(expected);
        assertThat(chosen.nearest(row)).as(label).isEqualTo(expected);
      }
    }
  }

  @Test
  void shouldServeSeveralThreads() {
    Random random = new Random(2);
    Centroids centroids = centroids(random, 200, 33);
    float[][] rows =
        IntStream.range(0, 400).mapToObj(i -> row(random, centroids)).toArray(float[][]::new);
    NearestSearch search = new ScreenedSearch(centroids);

    int[] found = IntStream.range(0, 400).parallel().map(i -> search.nearest(rows[i])).toArray();

    assertThat(found)
        .isEqualTo(IntStream.range(0, 400).map(i -> nearest(rows[i], centroids)).toArray());
  }

  @Test
  void shouldGoWhereNobodyHoldsItThoughThreadsThatUsedItLive() throws InterruptedException {
    WeakReference<NearestSearch> search = used();
    for (int round = 0; round < 100 && search.get() != null; round++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(search.get()).isNull();
  }

  private static WeakReference<NearestSearch> used() {
    Random random = new Random(3);
    Centroids centroids = centroids(random, 16, 20);
    NearestSearch search = new ScreenedSearch(centroids);
    search.nearest(row(random, centroids));
    return new WeakReference<>(search);
  }

  /** Some twice, some far away. */
  private static Centroids centroids(Random random, int k, int dimension) {
    float[] values = new float[k * dimension];
    float scale = Math.scalb(1f, random.nextInt(40) - 20);
    for (int cluster = 0; cluster < k; cluster++) {
      int from = cluster * dimension;
      if (cluster > 0 && random.nextInt(5) == 0) {
        int twin = random.nextInt(cluster) * dimension;
        System.arraycopy(values, twin, values, from, dimension);
        continue;
      }
      float reach = random.nextInt(50) == 0 ? scale * 1e6f : scale;
      for (int t = 0; t < dimension; t++) {
        values[from + t] = reach * (float) random.nextGaussian();
      }
    }
    return new Centroids(values, k, dimension);
  }

  /** A centroid, the middle of two, which ties, or anything. */
  private static float[] row(Random random, Centroids centroids) {
    int a = random.nextInt(centroids.k());
    int b = random.nextInt(3) == 0 ? a : random.nextInt(centroids.k());
    float noise = random.nextInt(3) == 0 ? (float) random.nextGaussian() : 0;
    float[] row = new float[centroids.dimension()];
    for (int t = 0; t < row.length; t++) {
      row[t] = (centroids.get(a, t) + centroids.get(b, t)) / 2 * (1 + noise * random.nextFloat());
    }
    return row;
  }

  private static int nearest(float[] row, Centroids centroids) {
    int best = 0;
    double bestDistance = Double.POSITIVE_INFINITY;
    for (int cluster = 0; cluster < centroids.k(); cluster++) {
      int at = cluster * row.length;
      double distance = CanonicalDistance.squared(row, 0, centroids.values(), at, row.length);
      if (distance < bestDistance) {
        best = cluster;
        bestDistance = distance;
      }
    }
    return best;
  }
}
