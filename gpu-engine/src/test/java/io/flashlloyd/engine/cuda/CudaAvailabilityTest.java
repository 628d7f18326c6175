package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Holds on machines with and without a GPU: no machine has a device of this number. */
class CudaAvailabilityTest {
  private static final int NO_SUCH_DEVICE = 4096;

  @Test
  void shouldSayWhyADeviceCannotBeUsedAndThrowJustThat() {
    String reason = CudaEngine.unavailable(NO_SUCH_DEVICE).orElseThrow();
    assertThat(reason).containsAnyOf("CUDA driver", "CUDA devices").doesNotContain("\n");
    assertThatThrownBy(() -> CudaEngine.open(CudaOptions.device(NO_SUCH_DEVICE)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(reason);
  }
}
