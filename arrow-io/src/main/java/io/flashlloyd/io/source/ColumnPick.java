package io.flashlloyd.io.source;

import io.flashlloyd.io.VectorInputException;
import java.util.Collection;
import java.util.List;

/** Which column holds the vectors, by the user's word or because there is only one answer. */
public final class ColumnPick {
  private static final List<String> USUAL = List.of("features", "vector", "embedding");

  private ColumnPick() {}

  /**
   * Picks the vector column.
   *
   * @param asked the user's choice, or null
   * @param candidates names of the columns that can hold vectors
   * @param all every column with its type, as {@code name: type}, for errors
   * @param names every column's name
   */
  public static String vector(
      String uri,
      String asked,
      Collection<String> candidates,
      Collection<String> names,
      Collection<String> all)
      throws VectorInputException {
    if (asked != null) {
      if (!names.contains(asked)) {
        throw missing(uri, asked, all);
      }
      if (!candidates.contains(asked)) {
        throw VectorInputException.inFile(
            uri,
            "column '%s' does not hold vectors (expected lists of floats, not one of %s);"
                    .formatted(asked, all)
                + " name another column");
      }
      return asked;
    }
    if (candidates.size() == 1) {
      return candidates.iterator().next();
    }
    if (candidates.isEmpty()) {
      throw VectorInputException.inFile(
          uri, "no column holds vectors (expected a list of floats); its columns are " + all);
    }
    List<String> usual = USUAL.stream().filter(candidates::contains).toList();
    if (usual.size() == 1) {
      return usual.get(0);
    }
    throw VectorInputException.inFile(
        uri,
        "columns %s all hold vectors (expected one); name one with --column".formatted(candidates));
  }

  /** A column that is not there. */
  public static VectorInputException missing(String uri, String asked, Collection<String> all) {
    return VectorInputException.inFile(
        uri, "has no column '%s' (expected one of %s)".formatted(asked, all));
  }

  /** An id column of a type that cannot name rows. */
  public static VectorInputException wrongIdType(String uri, String asked, String type) {
    return VectorInputException.inFile(
        uri,
        "id column '%s' is %s (expected integers of at most 64 bits, or strings);"
                .formatted(asked, type)
            + " name another column, or none for row numbers");
  }

  /** An id that is null. */
  public static VectorInputException nullId(String uri, long row, String column) {
    return VectorInputException.inRow(
        uri, row, "id column '%s' is null (expected a value); fill it".formatted(column));
  }
}
