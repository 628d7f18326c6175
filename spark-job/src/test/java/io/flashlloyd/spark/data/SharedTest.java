package io.flashlloyd.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.spark.LocalSpark;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedTest {
  private static final Object[] SEEN = new Object[1];

  @Test
  void shouldBeTheValueItselfForTasksOfTheSameProcess() {
    float[] value = {1, 2, 3};
    try (Shared<float[]> shared = Shared.broadcast(LocalSpark.context(), value)) {
      LocalSpark.context().parallelize(List.of(1), 1).foreach(one -> SEEN[0] = shared.value());
      assertThat(SEEN[0]).isSameAs(value);
    }
  }
}
