package io.flashlloyd.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.io.Ids;
import io.flashlloyd.spark.LocalSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows gathered by several tasks' threads, in memory and on disk, against all of them sorted. */
class ClusterGatherTest {
  private static final int K = 23;
  private static final int ROWS = 400_000;

  private record Item(int cluster, float distance, long number, String text) {}

  @BeforeAll
  static void start() {
    LocalSpark.session(); // has the local folders
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldFindPercentilesAndNearestRows(boolean texts) throws IOException {
    for (long seed = 1; seed <= 6; seed++) {
      Random random = new Random(seed);
      int k = texts ? 40 : K;
      ClusterSlices slices = new ClusterSlices(k, 1 + random.nextInt(k));
      List<Item> items = items(random, k, texts ? ROWS / 20 : ROWS, texts);
      ClusterDistances distances = ClusterDistances.none(0, k);
      NearestRows nearest = new NearestRows(0, k);
      long memory = seed == 1 ? ClusterGather.LEAST_MEMORY_BYTES : 200_000;
      try (ClusterGather a = new ClusterGather(slices, memory);
          ClusterGather b = new ClusterGather(slices, memory)) {
        boolean one = random.nextInt(3) == 0;
        IntStream.range(0, items.size() / 5000)
            .parallel()
            .forEach(
                i ->
                    add(
                        one || i % 3 == 0 ? a : b,
                        items.subList(5000 * i, 5000 * i + 5000),
                        texts));
        if (one) {
          slices.give(
              new AssignTask.Found(null, a),
              (index, slice) -> {
                distances.put(slice.distances());
                nearest.merge(slice.nearest());
              });
        }
        for (int index = 0; !one && index < slices.count(); index++) {
          List<ClusterSlices.Piece> pieces = new ArrayList<>();
          slices.cut(new AssignTask.Found(null, a), index).forEachRemaining(pieces::add);
          slices.cut(new AssignTask.Found(null, b), index).forEachRemaining(pieces::add);
          java.util.Collections.shuffle(pieces, random);
          ClusterSlices.Slice slice = slices.join(index, pieces.iterator());
          distances.put(slice.distances());
          nearest.merge(slice.nearest());
        }
      }
      for (int cluster = 0; cluster < k; cluster++) {
        check(cluster, items, distances, nearest, seed);
      }
    }
  }

  /** Few distances, so that ties are decided by ids; cluster 3 stays empty. */
  private static List<Item> items(Random random, int k, int rows, boolean texts) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      int cluster = random.nextInt(10) == 0 ? 5 : random.nextInt(k);
      float distance =
          random.nextInt(4) == 0 ? random.nextInt(40) : 3 + (float) random.nextGaussian() * 0.2f;
      String text = texts ? new String(Character.toChars(0xff00 + random.nextInt(0x400))) + i : "";
      items.add(new Item(cluster == 3 ? 4 : cluster, Math.abs(distance), i * 7919L % rows, text));
    }
    return items;
  }

  private static void add(ClusterGather gather, List<Item> items, boolean texts) {
    int[] clusters = items.stream().mapToInt(Item::cluster).toArray();
    float[] distances = new float[items.size() + 2];
    for (int i = 0; i < items.size(); i++) {
      distances[i + 2] = items.get(i).distance();
    }
    Ids ids =
        texts
            ? Ids.ofTexts(items.stream().map(Item::text).toArray(String[]::new))
            : Ids.ofNumbers(
                io.flashlloyd.io.IdType.INT64, items.stream().mapToLong(Item::number).toArray());
    try {
      gather.add(ids, IntBuffer.wrap(clusters), distances, 2);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void check(
      int cluster, List<Item> items, ClusterDistances found, NearestRows nearest, long seed) {
    Comparator<byte[]> bytes = Arrays::compareUnsigned;
    List<Item> own =
        items.stream()
            .filter(item -> item.cluster() == cluster)
            .sorted(
                Comparator.comparingDouble(Item::distance)
                    .thenComparing(item -> item.text().getBytes(StandardCharsets.UTF_8), bytes)
                    .thenComparingLong(Item::number))
            .toList();
    assertThat(nearest.ids(cluster))
        .as("cluster %d, seed %d", cluster, seed)
        .isEqualTo(
            own.stream()
                .limit(NearestRows.ROWS)
                .map(item -> item.text().isEmpty() ? "" + item.number() : item.text())
                .toList());
    if (own.isEmpty()) {
      assertThat(found.p50()[cluster]).isNaN();
      return;
    }
    assertThat(new float[] {found.p50()[cluster], found.p99()[cluster], found.max()[cluster]})
        .as("cluster %d, seed %d", cluster, seed)
        .containsExactly(
            percentile(own, 50), percentile(own, 99), own.get(own.size() - 1).distance());
  }

  /** The largest distance whose leading 20 bits are those of the row of this rank. */
  private static float percentile(List<Item> sorted, int percent) {
    int rank = (int) ((long) percent * sorted.size() + 99) / 100;
    int bin = Float.floatToRawIntBits(sorted.get(rank - 1).distance()) >>> 12;
    return (float)
        sorted.stream()
            .mapToDouble(Item::distance)
            .filter(d -> Float.floatToRawIntBits((float) d) >>> 12 == bin)
            .max()
            .orElseThrow();
  }
}
