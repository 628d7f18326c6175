package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class DeviceMemoryIT {
  private static final long MORE_THAN_ANY_CARD = 1L << 50;

  @Test
  void shouldDropWhatIsKeptAndThenNameWhatIsMissing() {
    String reason = CudaEngine.unavailable(0).orElse(null);
    Assumptions.assumeTrue(reason == null, () -> "skipped: " + reason);
    try (DeviceContext context = DeviceContext.open(0)) {
      AtomicInteger asked = new AtomicInteger();
      DeviceMemory memory = new DeviceMemory(context, () -> asked.incrementAndGet() < 3);
      assertThatThrownBy(() -> memory.allocate(MORE_THAN_ANY_CARD))
          .isInstanceOf(CudaException.class)
          .hasMessageStartingWith(
              "cuMemAlloc failed with CUDA_ERROR_OUT_OF_MEMORY: 1125899906842624 bytes asked for")
          .hasMessageContaining(context.name())
          .hasMessageContaining("feed smaller chunks");
      assertThat(asked).hasValue(3);
    }
  }

  @Test
  void shouldBeTooSmallForAnyoneOnceClosed() {
    String reason = CudaEngine.unavailable(0).orElse(null);
    Assumptions.assumeTrue(reason == null, () -> "skipped: " + reason);
    try (DeviceContext context = DeviceContext.open(0)) {
      DeviceBuffer buffer = new DeviceBuffer(512);
      assertThat(buffer.bytes()).as("on %s", context.name()).isEqualTo(512);
      buffer.close();
      assertThat(buffer.bytes()).isZero();
    }
  }
}
