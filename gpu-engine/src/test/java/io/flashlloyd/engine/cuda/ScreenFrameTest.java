package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import org.junit.jupiter.api.Test;

class ScreenFrameTest {
  private static final float[] VALUES = {0, 3, 0, 0, 5, 0};

  @Test
  void shouldFindACentroidAtItsOrigin() {
    Centroids centroids = new Centroids(VALUES, 3, 2);

    assertThat(frame(1, 0, 0).hasOriginAmong(centroids)).isTrue();
    assertThat(frame(2, 10, 0).hasOriginAmong(centroids)).as("scaled, shifted").isTrue();
    assertThat(frame(2, 5, 0).hasOriginAmong(centroids)).isFalse();
    assertThat(frame(1, 0, 3).hasOriginAmong(centroids)).as("the first").isTrue();
  }

  @Test
  void shouldNotTakeNearlyForAt() {
    Centroids centroids = new Centroids(new float[] {Float.MIN_VALUE, 0}, 1, 2);

    assertThat(frame(1, 0, 0).hasOriginAmong(centroids)).isFalse();
  }

  private static ScreenFrame frame(float scale, float... shift) {
    return new ScreenFrame(scale, shift, 2, ElementType.FLOAT32);
  }
}
