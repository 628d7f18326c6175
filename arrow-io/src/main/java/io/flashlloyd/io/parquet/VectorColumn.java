package io.flashlloyd.io.parquet;

import io.flashlloyd.io.source.SourceType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * A column that holds vectors: a list of float or double in any of Parquet's shapes (three levels,
 * two levels, bare repeated field), or MLlib's VectorUDT struct.
 *
 * @param leaves what to read: the list's leaf, or VectorUDT's type, size, indices and values
 * @param listDefinition of each leaf, the definition level from which a list has elements
 */
record VectorColumn(
    String name, SourceType source, List<ColumnDescriptor> leaves, List<Integer> listDefinition) {
  private static final List<String> ML_FIELDS = List.of("type", "size", "indices", "values");

  boolean isMlVector() {
    return leaves.size() == ML_FIELDS.size();
  }

  /** The leaf whose values are the coordinates. */
  ColumnDescriptor valuesLeaf() {
    return leaves.get(leaves.size() - 1);
  }

  /** VectorUDT's size, which dense vectors leave null. */
  ColumnDescriptor sizeLeaf() {
    return leaves.get(ML_FIELDS.indexOf("size"));
  }

  /** Opens the column in one row group. */
  VectorDecoder open(String uri, PageReadStore pages) throws IOException {
    if (!isMlVector()) {
      return new ListDecoder(uri, source, list(0, pages));
    }
    return new MlVectorDecoder(
        uri,
        new NumberCursor(leaves.get(0), pages.getPageReader(leaves.get(0))),
        new NumberCursor(leaves.get(1), pages.getPageReader(leaves.get(1))),
        list(2, pages),
        list(3, pages));
  }

  private ListCursor list(int leaf, PageReadStore pages) throws IOException {
    ColumnDescriptor column = leaves.get(leaf);
    return new ListCursor(column, listDefinition.get(leaf), pages.getPageReader(column));
  }

  /** The vector column that a top-level field is, if it is one. */
  static Optional<VectorColumn> of(MessageType schema, Type field) {
    Optional<List<String>> list = listPath(field, List.of());
    if (list.isPresent()) {
      ColumnDescriptor leaf = schema.getColumnDescription(list.get().toArray(String[]::new));
      PrimitiveTypeName type = leaf.getPrimitiveType().getPrimitiveTypeName();
      if (type != PrimitiveTypeName.FLOAT && type != PrimitiveTypeName.DOUBLE) {
        return Optional.empty();
      }
      SourceType source = type == PrimitiveTypeName.FLOAT ? SourceType.FLOAT32 : SourceType.FLOAT64;
      return Optional.of(
          new VectorColumn(
              field.getName(), source, List.of(leaf), List.of(listDefinition(schema, leaf))));
    }
    return mlVector(schema, field);
  }

  private static Optional<VectorColumn> mlVector(MessageType schema, Type field) {
    if (field.isPrimitive() || field.isRepetition(Type.Repetition.REPEATED)) {
      return Optional.empty();
    }
    GroupType group = field.asGroupType();
    if (!group.getFields().stream().map(Type::getName).toList().equals(ML_FIELDS)) {
      return Optional.empty();
    }
    List<ColumnDescriptor> leaves = new ArrayList<>();
    List<Integer> definitions = new ArrayList<>();
    List<PrimitiveTypeName> types =
        List.of(
            PrimitiveTypeName.INT32,
            PrimitiveTypeName.INT32,
            PrimitiveTypeName.INT32,
            PrimitiveTypeName.DOUBLE);
    for (int i = 0; i < ML_FIELDS.size(); i++) {
      Type child = group.getType(i);
      Optional<List<String>> path =
          i < 2
              ? Optional.of(List.of(field.getName(), child.getName()))
              : listPath(child, List.of(field.getName()));
      if (path.isEmpty() || !(i >= 2 || child.isPrimitive())) {
        return Optional.empty();
      }
      ColumnDescriptor leaf = schema.getColumnDescription(path.get().toArray(String[]::new));
      if (leaf.getPrimitiveType().getPrimitiveTypeName() != types.get(i)) {
        return Optional.empty();
      }
      leaves.add(leaf);
      definitions.add(i < 2 ? 0 : listDefinition(schema, leaf));
    }
    return Optional.of(
        new VectorColumn(
            field.getName(), SourceType.FLOAT64, List.copyOf(leaves), List.copyOf(definitions)));
  }

  /** Path to the primitive of a list: repeated p; g { repeated p }; g { repeated r { p } }. */
  private static Optional<List<String>> listPath(Type field, List<String> parents) {
    List<String> path = new ArrayList<>(parents);
    path.add(field.getName());
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
    path.add(repeated.getName());
    if (repeated.isPrimitive()) {
      return Optional.of(path);
    }
    if (repeated.asGroupType().getFieldCount() != 1) {
      return Optional.empty();
    }
    Type element = repeated.asGroupType().getType(0);
    path.add(element.getName());
    return element.isPrimitive() && !element.isRepetition(Type.Repetition.REPEATED)
        ? Optional.of(path)
        : Optional.empty();
  }

  private static int listDefinition(MessageType schema, ColumnDescriptor leaf) {
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
