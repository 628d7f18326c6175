package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.PassPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What an engine took of the device is there again when it is closed. Nobody else may use it. */
@Isolated("the device's free memory is what it looks at")
class MemoryGivenBackIT implements NeedsGpu {
  private final long seed = Long.getLong("flashlloyd.test.seed", System.nanoTime());

  @Test
  void shouldGiveAllMemoryBack() {
    CudaOptions options = CudaOptions.device(0).withTierBytes(64 << 20);
    try (CudaEngine watcher = CudaEngine.open(CudaOptions.device(0).withTierBytes(0))) {
      // The driver keeps some memory of its own from the first context on.
      try (CudaEngine engine = CudaEngine.open(options)) {
        assertThat(engine.description()).contains("compute capability");
      }
      long before = watcher.freeMemory();
      for (int i = 0; i < 3; i++) {
        try (CudaEngine engine = CudaEngine.open(options)) {
          TestData data =
              TestData.of(RowKind.NOISE, ElementType.UINT8, 5000, 77, 90, 3, false, seed + i);
          data.feedTo(engine, PassPlan.lloyd(data.centroids(), null, data.scale()), null);
          assertThat(engine.residentBytes()).isPositive();
        }
      }
      assertThat(watcher.freeMemory()).isEqualTo(before);
    }
  }
}
