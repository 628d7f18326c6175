package io.flashlloyd.io.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.io.VectorInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnPickTest {
  @Test
  void shouldTakeTheOnlyColumnOrTheUsualName() throws Exception {
    assertThat(pick(null, List.of("x"))).isEqualTo("x");
    assertThat(pick(null, List.of("x", "embedding", "y"))).isEqualTo("embedding");
    assertThat(pick("y", List.of("x", "embedding", "y"))).isEqualTo("y");
  }

  @Test
  void shouldNotGuessAmongSeveral() {
    for (List<String> names : List.of(List.of("x", "y"), List.of("vector", "features", "x"))) {
      assertThatThrownBy(() -> pick(null, names))
          .isInstanceOf(VectorInputException.class)
          .hasMessage(
              "f.parquet: columns %s all hold vectors (expected one); name one with --column"
                  .formatted(names));
    }
    assertThatThrownBy(() -> pick(null, List.of()))
        .isInstanceOf(VectorInputException.class)
        .hasMessageContaining("no column holds vectors (expected a list of floats)");
  }

  private static String pick(String asked, List<String> candidates) throws VectorInputException {
    return ColumnPick.vector("f.parquet", asked, candidates, candidates, candidates);
  }
}
