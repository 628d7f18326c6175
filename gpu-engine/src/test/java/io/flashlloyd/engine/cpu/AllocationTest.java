package io.flashlloyd.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.TestRows;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Compiled, a pass makes no garbage for a row. If C2 cannot see through the vectors it boxes them,
 * thousands of bytes for a row, and the engine runs at half its speed or far less.
 */
class AllocationTest {
  private static final int ROWS = 20_000;
  private static final int BYTES_PER_ROW = 64;
  private static final double PATIENCE_SECONDS = 30;

  @Test
  void shouldBoxNoVectors() {
    Random random = new Random(9);
    for (ElementType type : ElementType.values()) {
      HostRows rows = TestRows.random(type, ROWS, 40, random);
      RowStatistics statistics = new RowStatistics(40);
      statistics.add(rows);
      Centroids centroids = CpuEngineTest.chosenRows(rows, 200, random);
      PassPlan plan = PassPlan.lloyd(centroids, null, SumScale.of(statistics));
      try (CpuEngine engine = new CpuEngine(1)) {
        long bytes = pass(engine, plan, rows);
        long start = System.nanoTime();
        while (bytes > ROWS * BYTES_PER_ROW
            && (System.nanoTime() - start) * 1e-9 < PATIENCE_SECONDS) {
          bytes = pass(engine, plan, rows);
        }
        assertThat(bytes / ROWS).as("bytes for a row, %s", type).isLessThan(BYTES_PER_ROW);
      }
    }
  }

  /** Bytes that the engine's thread allocated in one pass. */
  private static long pass(CpuEngine engine, PassPlan plan, HostRows rows) {
    long before = allocated();
    try (Pass pass = engine.begin(plan)) {
      pass.feed(0, rows, null);
      pass.finish();
    }
    return allocated() - before;
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("cpu-engine-")) {
        sum += threads.getThreadAllocatedBytes(thread.getId());
      }
    }
    return sum;
  }
}
