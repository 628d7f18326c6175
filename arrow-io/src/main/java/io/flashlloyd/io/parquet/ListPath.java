package io.flashlloyd.io.parquet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * The leaf of a list in any of Parquet's shapes: repeated p; g { repeated p }; g { repeated r { p
 * } }.
 *
 * @param definition the definition level from which the list has elements
 */
record ListPath(ColumnDescriptor leaf, int definition) {
  /** The list of primitives that the field at a path is, if it is one. */
  static Optional<ListPath> of(MessageType schema, List<String> path) {
    return leaf(schema.getType(path.toArray(String[]::new)), path)
        .map(whole -> schema.getColumnDescription(whole.toArray(String[]::new)))
        .map(leaf -> new ListPath(leaf, definition(schema, leaf)));
  }

  private static Optional<List<String>> leaf(Type field, List<String> path) {
    if (field.isRepetition(Type.Repetition.REPEATED)) {
      return field.isPrimitive() ? Optional.of(path) : Optional.empty();
    }
    if (field.isPrimitive() || field.asGroupType().getFieldCount() != 1) {
      return Optional.empty();
    }
    Type repeated = field.asGroupType().getType(0);
    if (!repeated.isRepetition(Type.Repetition.REPEATED)) {
      return Optional.empty();
    }
    List<String> below = new ArrayList<>(path);
    below.add(repeated.getName());
    if (repeated.isPrimitive()) {
      return Optional.of(below);
    }
    if (repeated.asGroupType().getFieldCount() != 1) {
      return Optional.empty();
    }
    Type element = repeated.asGroupType().getType(0);
    below.add(element.getName());
    return element.isPrimitive() && !element.isRepetition(Type.Repetition.REPEATED)
        ? Optional.of(below)
        : Optional.empty();
  }

  private static int definition(MessageType schema, ColumnDescriptor leaf) {
    String[] path = leaf.getPath();
    for (int depth = 1; depth <= path.length; depth++) {
      String[] prefix = Arrays.copyOf(path, depth);
      if (schema.getType(prefix).isRepetition(Type.Repetition.REPEATED)) {
        return schema.getMaxDefinitionLevel(prefix);
      }
    }
    throw new IllegalArgumentException(leaf + " is not repeated");
  }
}
