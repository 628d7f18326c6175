package io.flashlloyd.spark.run;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The few rows of each cluster that are nearest to its centroid: by distance, those of one distance
 * by id (numbers, or texts by their UTF-8 bytes), which is an order of the rows themselves, so that
 * any merging gives the same. One thread at a time.
 */
final class NearestRows implements Serializable {
  static final int ROWS = 8;

  private static final long serialVersionUID = 1L;

  private final int first;
  private final int[] counts;
  private final float[] distances;
  private long[] numbers;
  private String[] texts;

  /** Of clusters {@code first} to {@code end} (exclusive), without rows. */
  NearestRows(int first, int end) {
    this(first, new int[end - first], new float[(end - first) * ROWS]);
  }

  private NearestRows(int first, int[] counts, float[] distances) {
    this.first = first;
    this.counts = counts;
    this.distances = distances;
  }

  /** Takes row {@code i} of {@code ids} where it is near enough. */
  void offer(int cluster, float distance, Ids ids, int i) {
    int c = cluster - first;
    if (distance <= limit(cluster)) {
      if (ids.type() == IdType.STRING) {
        insert(c, distance, 0, ids.text(i));
      } else {
        insert(c, distance, ids.number(i), null);
      }
    }
  }

  /** Rows at a larger distance are not taken any more. */
  float limit(int cluster) {
    int c = cluster - first;
    return counts[c] < ROWS ? Float.POSITIVE_INFINITY : distances[c * ROWS + ROWS - 1];
  }

  private void insert(int c, float distance, long number, String text) {
    if (text == null && numbers == null) {
      numbers = new long[distances.length];
    } else if (text != null && texts == null) {
      texts = new String[distances.length];
    }
    int begin = c * ROWS;
    int at = begin + counts[c];
    while (at > begin && before(distance, number, text, at - 1)) {
      at--;
    }
    if (at == begin + ROWS) {
      return;
    }
    int moved = Math.min(counts[c], ROWS - 1) - (at - begin);
    System.arraycopy(distances, at, distances, at + 1, moved);
    distances[at] = distance;
    if (text == null) {
      System.arraycopy(numbers, at, numbers, at + 1, moved);
      numbers[at] = number;
    } else {
      System.arraycopy(texts, at, texts, at + 1, moved);
      texts[at] = text;
    }
    counts[c] = Math.min(ROWS, counts[c] + 1);
  }

  private boolean before(float distance, long number, String text, int at) {
    if (distance != distances[at]) {
      return distance < distances[at];
    }
    return text == null
        ? number < numbers[at]
        : Arrays.compareUnsigned(
                text.getBytes(StandardCharsets.UTF_8), texts[at].getBytes(StandardCharsets.UTF_8))
            < 0;
  }

  /** Those of clusters {@code from} to {@code end} (exclusive). */
  NearestRows slice(int from, int end) {
    int a = from - first;
    int b = end - first;
    NearestRows part =
        new NearestRows(
            from,
            Arrays.copyOfRange(counts, a, b),
            Arrays.copyOfRange(distances, a * ROWS, b * ROWS));
    part.numbers = numbers == null ? null : Arrays.copyOfRange(numbers, a * ROWS, b * ROWS);
    part.texts = texts == null ? null : Arrays.copyOfRange(texts, a * ROWS, b * ROWS);
    return part;
  }

  /** Adds those of some of the clusters. */
  void merge(NearestRows other) {
    for (int c = 0; c < other.counts.length; c++) {
      for (int i = c * ROWS; i < c * ROWS + other.counts[c]; i++) {
        insert(
            c + other.first - first,
            other.distances[i],
            other.numbers == null ? 0 : other.numbers[i],
            other.texts == null ? null : other.texts[i]);
      }
    }
  }

  /** The ids of a cluster's nearest rows, the nearest first. */
  List<String> ids(int cluster) {
    int begin = (cluster - first) * ROWS;
    return IntStream.range(begin, begin + counts[cluster - first])
        .mapToObj(i -> texts == null ? Long.toString(numbers[i]) : texts[i])
        .toList();
  }
}
