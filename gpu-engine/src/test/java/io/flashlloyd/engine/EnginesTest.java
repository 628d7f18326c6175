package io.flashlloyd.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EnginesTest {
  @Test
  void shouldOpenByName() {
    try (LloydEngine cpu = Engines.open("CPU", 1);
        LloydEngine reference = Engines.open("reference", 1);
        LloydEngine auto = Engines.open("auto", 2)) {
      assertThat(cpu.description()).startsWith("cpu: 1 threads, ");
      assertThat(reference.description()).startsWith("reference: ");
      assertThat(auto.description()).startsWith("cpu: 2 threads, ").contains("(auto: ");
    }
  }

  @Test
  void shouldSayWhatItCannotOpen() {
    assertThatThrownBy(() -> Engines.open("tpu", 1))
        .hasMessage("Engine \"tpu\" is unknown (expected auto, cpu, gpu or reference)");
    assertThatThrownBy(() -> Engines.open("gpu", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("this build has no GPU engine");
  }
}
