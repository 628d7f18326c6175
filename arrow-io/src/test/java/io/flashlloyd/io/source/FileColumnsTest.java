package io.flashlloyd.io.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.io.VectorInputException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FileColumnsTest {
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
        .hasMessageContaining("no column holds vectors (expected a list of floats or bytes)");
  }

  @Test
  void shouldTakeAStructsFieldOnlyWhereNoColumnWillDo() throws Exception {
    FileColumn<String, String> field = column("s.v", true);
    FileColumn<String, String> whole = column("v", false);
    FileColumn<String, String> dotted = column("s.v", false);
    assertThat(new FileColumns<>("f", List.of(field, whole)).vectors(null)).isSameAs(whole);
    assertThat(new FileColumns<>("f", List.of(field)).vectors(null)).isSameAs(field);
    assertThat(new FileColumns<>("f", List.of(field, whole)).vectors("s.v")).isSameAs(field);
    assertThat(new FileColumns<>("f", List.of(field, dotted)).vectors("s.v")).isSameAs(dotted);
  }

  private static String pick(String asked, List<String> candidates) throws VectorInputException {
    List<FileColumn<String, String>> columns =
        candidates.stream().map(name -> column(name, false)).toList();
    return new FileColumns<>("f.parquet", columns).vectors(asked).name();
  }

  private static FileColumn<String, String> column(String name, boolean nested) {
    return new FileColumn<>(name, nested, "list<float>", Optional.of(name), Optional.empty());
  }
}
