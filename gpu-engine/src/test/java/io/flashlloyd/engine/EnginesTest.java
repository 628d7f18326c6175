package io.flashlloyd.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.engine.cuda.CudaEngine;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnginesTest {
  @Test
  void shouldOpenByName() {
    try (LloydEngine cpu = Engines.open("CPU", 1);
        LloydEngine reference = Engines.open("reference", 1)) {
      assertThat(cpu.description()).startsWith("cpu: 1 thread, ");
      assertThat(reference.description()).startsWith("reference: ");
    }
  }

  @Test
  void shouldRefuseAnUnknownName() {
    assertThatThrownBy(() -> Engines.open("tpu", 1))
        .hasMessage("Engine \"tpu\" is unknown (expected auto, cpu, gpu or reference)");
  }

  @Test
  void shouldTakeTheGpuWhereThereIsOneAndSayWhyNotElsewhere() {
    Optional<String> obstacle = CudaEngine.unavailable(0);
    try (LloydEngine auto = Engines.open("auto", 2)) {
      assertThat(auto.description())
          .startsWith(obstacle.isPresent() ? "cpu: 2 threads, " : "gpu: ")
          .contains(obstacle.map(reason -> "(auto: " + reason + ")").orElse(""));
    }
    if (obstacle.isPresent()) {
      assertThatThrownBy(() -> Engines.open("gpu", 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Engine gpu cannot run here: " + obstacle.get() + "; choose auto or cpu");
    }
  }
}
