package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.OddCheck;
import io.flashlloyd.engine.OddData;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.engine.reference.ReferenceEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No row changes the centroid or the cost of a cluster that it is not in, on a GPU either. */
class OddRowsIT implements NeedsGpu {
  private static final long SEED = Long.getLong("flashlloyd.test.seed", System.nanoTime());

  /** Data sets; 10,000 for a release. */
  private static final int SETS = Integer.getInteger("flashlloyd.test.sets", 300);

  private static final CudaOptions OPTIONS = CudaOptions.device(0).withTierBytes(1L << 28);

  @Test
  void shouldLeaveOtherClustersAlone() {
    OddCheck.Result all = new OddCheck.Result(0, 0, "");
    try (LloydEngine gpu = CudaEngine.open(OPTIONS);
        LloydEngine reference = new ReferenceEngine()) {
      for (long set = 0; set < SETS; set++) {
        all = all.plus(OddCheck.of(gpu, reference, OddData.of(SEED + set)));
      }
    }
    System.out.printf(
        "%d data sets from seed %d: %d of %d clusters beyond tolerance%n",
        SETS, SEED, all.beyond(), all.clusters());
    assertThat(all.beyond()).as(all.first()).isZero();
  }

  /** Three chunks, the second with values from where limbs wrap to where they take nothing. */
  @Test
  void shouldSumApartWhatChunksHoldThatStayOnTheDevice() {
    for (boolean weighted : new boolean[] {false, true}) {
      TestData data =
          TestData.of(RowKind.NOISE, ElementType.FLOAT32, 6000, 40, 90, 3, weighted, SEED);
      HostRows second = data.chunks().get(1);
      for (int i = 0; i < 60; i++) {
        second
            .values()
            .putFloat(4 * (i * 997), Math.scalb(i % 2 == 0 ? 1.5f : -1, 20 + i * 107 / 59));
      }
      RowStatistics statistics = new RowStatistics(second.dimension());
      data.chunks().forEach(statistics::add);
      SumScale scale = SumScale.of(statistics);
      assertThat(scale.hasOdd()).isTrue();
      PassPlan plan = PassPlan.lloyd(data.centroids(), null, scale);
      try (LloydEngine gpu = CudaEngine.open(OPTIONS);
          LloydEngine reference = new ReferenceEngine()) {
        PartialSums expected = data.feedTo(reference, plan, null);
        compare(data.feedTo(gpu, plan, null), expected, "fed, " + data);
        List<Integer> resident = new ArrayList<>();
        try (Pass pass = gpu.begin(plan)) {
          for (int chunk = 0; chunk < 3; chunk++) {
            if (pass.feedResident(chunk, null).isPresent()) {
              resident.add(chunk);
            } else {
              var unused = pass.feed(chunk, data.chunks().get(chunk), null);
            }
          }
          compare(pass.finish(), expected, "kept, " + data);
        }
        List<Integer> without = withoutOdd(data, scale);
        assertThat(resident).as("chunks without odd values, %s", data).isEqualTo(without);
        assertThat(weighted || without.equals(List.of(0, 2))).as("%s", data).isTrue();
      }
    }
  }

  /** Large weights leave the limbs so few bits that small values are odd in the others, too. */
  private static List<Integer> withoutOdd(TestData data, SumScale scale) {
    List<Integer> without = new ArrayList<>();
    for (int chunk = 0; chunk < data.chunks().size(); chunk++) {
      HostRows rows = data.chunks().get(chunk);
      int odd = 0;
      for (int i = 0; i < rows.rows() * rows.dimension(); i++) {
        int row = i / rows.dimension();
        int t = i % rows.dimension();
        odd += rows.weight(row) > 0 && scale.odd(t, rows.get(row, t)) ? 1 : 0;
      }
      if (odd == 0) {
        without.add(chunk);
      }
    }
    return without;
  }

  private static void compare(PartialSums actual, PartialSums expected, String what) {
    assertThat(actual.counts()).as("counts, %s", what).isEqualTo(expected.counts());
    assertThat(actual.low()).as("sums, %s", what).isEqualTo(expected.low());
    assertThat(actual.high()).as("high sums, %s", what).isEqualTo(expected.high());
    assertThat(actual.odd()).as("odd sums, %s", what).isEqualTo(expected.odd());
    assertThat(actual.cost()).as("cost, %s", what).isEqualTo(expected.cost());
  }
}
