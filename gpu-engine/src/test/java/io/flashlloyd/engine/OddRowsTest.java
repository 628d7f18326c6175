package io.flashlloyd.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.cpu.CpuEngine;
import io.flashlloyd.engine.reference.ReferenceEngine;
import org.junit.jupiter.api.Test;

/** No row changes the centroid or the cost of a cluster that it is not in, whatever it holds. */
class OddRowsTest {
  private static final long SEED = Long.getLong("flashlloyd.test.seed", System.nanoTime());

  /** Data sets; 10,000 for a release. */
  private static final int SETS = Integer.getInteger("flashlloyd.test.sets", 300);

  @Test
  void shouldLeaveOtherClustersAloneOnEveryEngine() {
    OddCheck.Result all = new OddCheck.Result(0, 0, "");
    int odd = 0;
    try (LloydEngine cpu = new CpuEngine(1);
        LloydEngine reference = new ReferenceEngine()) {
      for (long set = 0; set < SETS; set++) {
        OddData data = OddData.of(SEED + set);
        odd += data.plan().scale().hasOdd() ? 1 : 0;
        all = all.plus(OddCheck.of(cpu, reference, data));
      }
    }
    System.out.printf(
        "%d data sets from seed %d, %d with odd values: %d of %d clusters beyond tolerance%n",
        SETS, SEED, odd, all.beyond(), all.clusters());
    assertThat(all.beyond()).as(all.first()).isZero();
    assertThat(odd).as("data sets with odd values").isGreaterThan(SETS / 10);
  }
}
