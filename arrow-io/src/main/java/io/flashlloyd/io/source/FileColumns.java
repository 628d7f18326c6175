package io.flashlloyd.io.source;

import io.flashlloyd.io.VectorInputException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The columns of a file, fields of structs included, and which of them holds the vectors and the
 * ids: by the user's word, or because there is only one answer.
 *
 * @param all in the schema's order, top-level columns before what is in them
 */
public record FileColumns<V, I>(String uri, List<FileColumn<V, I>> all) {
  private static final List<String> USUAL = List.of("features", "vector", "embedding");

  /**
   * The column of vectors.
   *
   * @param asked the user's choice, or null
   */
  public FileColumn<V, I> vectors(String asked) throws VectorInputException {
    if (asked != null) {
      FileColumn<V, I> column = named(asked);
      if (column.vectors().isEmpty()) {
        throw VectorInputException.inFile(
            uri,
            ("column '%s' does not hold vectors (expected lists of floats or bytes, not %s); name"
                    + " another of %s")
                .formatted(asked, column.type(), top()));
      }
      return column;
    }
    List<FileColumn<V, I>> candidates = all.stream().filter(c -> c.vectors().isPresent()).toList();
    if (candidates.isEmpty()) {
      throw VectorInputException.inFile(
          uri,
          "no column holds vectors (expected a list of floats or bytes); its columns are " + top());
    }
    List<FileColumn<V, I>> best = best(candidates, FileColumn::nested, FileColumn::name);
    if (best.size() > 1) {
      throw VectorInputException.inFile(
          uri,
          "columns %s all hold vectors (expected one); name one with --column"
              .formatted(best.stream().map(FileColumn::name).toList()));
    }
    return best.get(0);
  }

  /**
   * Columns of vectors that may be meant where none is named: one, if there is an answer. A
   * struct's field is taken by itself only where no whole column will do.
   */
  public static <T> List<T> best(List<T> vectors, Predicate<T> nested, Function<T, String> name) {
    List<T> whole = vectors.stream().filter(nested.negate()).toList();
    List<T> candidates = whole.isEmpty() ? vectors : whole;
    List<T> usual = candidates.stream().filter(c -> USUAL.contains(name.apply(c))).toList();
    return usual.size() == 1 ? usual : candidates;
  }

  /** How to read the column of ids that the user named. */
  public I ids(String asked) throws VectorInputException {
    FileColumn<V, I> column = named(asked);
    return column
        .ids()
        .orElseThrow(
            () ->
                VectorInputException.inFile(
                    uri,
                    ("id column '%s' is %s (expected integers, decimals, UUIDs or strings); name"
                            + " another column, or none for row numbers")
                        .formatted(asked, column.type())));
  }

  /** The column of that name: a whole one before a struct's field. */
  public FileColumn<V, I> named(String asked) throws VectorInputException {
    Optional<FileColumn<V, I>> whole =
        all.stream().filter(c -> !c.nested() && c.name().equals(asked)).findFirst();
    return whole
        .or(() -> all.stream().filter(c -> c.name().equals(asked)).findFirst())
        .orElseThrow(
            () ->
                VectorInputException.inFile(
                    uri, "has no column '%s' (expected one of %s)".formatted(asked, top())));
  }

  /** Those that could hold vectors or ids. */
  public List<FileColumn<V, I>> usable() {
    return all.stream().filter(c -> c.vectors().isPresent() || c.ids().isPresent()).toList();
  }

  /** Names of the top-level columns. */
  public List<String> names() {
    return top().stream().map(FileColumn::name).toList();
  }

  private List<FileColumn<V, I>> top() {
    return all.stream().filter(column -> !column.nested()).toList();
  }

  /** An id that is null. */
  public static VectorInputException nullId(String uri, long row, String column) {
    return VectorInputException.inRow(
        uri, row, "id column '%s' is null (expected a value); fill it".formatted(column));
  }
}
