package io.flashlloyd.engine.cuda;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

/** Tests that are skipped, with the reason, where there is no GPU to be had. */
interface NeedsGpu {
  @BeforeEach
  default void skipWithoutGpu() {
    String reason = CudaEngine.unavailable(0).orElse(null);
    Assumptions.assumeTrue(reason == null, () -> "skipped: " + reason);
  }
}
