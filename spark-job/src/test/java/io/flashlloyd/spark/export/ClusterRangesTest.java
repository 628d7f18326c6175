package io.flashlloyd.spark.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Ranges cover all clusters once, and hold no more than they should unless one list does. */
class ClusterRangesTest {
  private static final long ROW = 1 << 20;
  private static final long MOST_ROWS = 64;

  @Test
  void shouldCoverAllClustersInOrder() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      long[] sizes = random.longs(1 + random.nextInt(60), 0, 90).toArray();
      ClusterRanges ranges = ClusterRanges.of(sizes, ROW);

      assertThat(ranges.starts()[0]).isZero();
      assertThat(ranges.starts()[ranges.count()]).isEqualTo(sizes.length);
      for (int r = 0; r < ranges.count(); r++) {
        int first = ranges.starts()[r];
        int end = ranges.starts()[r + 1];
        assertThat(first).as("seed %d", seed).isLessThan(end);
        long rows = 0;
        for (int c = first; c < end; c++) {
          rows += sizes[c];
          assertThat(ranges.of(c)).isEqualTo(r);
        }
        assertThat(
                rows <= MOST_ROWS || end == first + 1 || sizes[first] == 0 || sizes[first] == rows)
            .as("seed %d, range %d", seed, r)
            .isTrue();
      }
    }
  }

  @Test
  void shouldMakeRangesLargerRatherThanTooMany() {
    long[] sizes = new long[100_000];
    java.util.Arrays.fill(sizes, MOST_ROWS);
    assertThat(ClusterRanges.of(sizes, ROW).count()).isBetween(3000, 4200);
  }
}
