package io.flashlloyd.spark.report.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.spark.InLocale;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurveTest {
  /** A page in a driver for whose locale nobody cares. */
  @Test
  void shouldBeTheSameSvgInEveryLocale() {
    String expected = Curve.of("cost", List.of(), iteration -> 0);

    assertThat(InLocale.arabic(() -> Curve.of("cost", List.of(), iteration -> 0)))
        .isEqualTo(expected)
        .contains("width=\"368\"", "viewBox=\"-4 -4 368 128\"");
  }
}
