package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecideShapeTest {
  private static final int HOPPER_SHARED = 227 << 10;

  @ParameterizedTest
  @CsvSource({"256, 128, true", "512, 128, true", "1536, 768, true", "16384, 4096, false"})
  void shouldFitSharedMemoryWithoutBankConflicts(int rowBytes, int dimension, boolean fast) {
    DecideShape shape = DecideShape.of(rowBytes, dimension, fast, HOPPER_SHARED);
    assertThat(shape.sharedBytes()).isLessThanOrEqualTo(HOPPER_SHARED);
    assertThat(shape.rowStride()).isGreaterThanOrEqualTo(rowBytes);
    assertThat(shape.rowStride() / 16 % 2).isEqualTo(1);
    assertThat(shape.tileRows()).isBetween(1, DecideShape.THREADS);
  }

  @Test
  void shouldTakeFullTilesWhereFourCtasFit() {
    assertThat(DecideShape.of(256, 128, true, HOPPER_SHARED).tileRows()).isEqualTo(128);
  }

  @Test
  void shouldNameWhatDoesNotFit() {
    assertThatThrownBy(() -> DecideShape.of(1 << 20, 1 << 18, false, HOPPER_SHARED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Rows of 1048576 bytes do not fit the 232448 bytes");
  }
}
