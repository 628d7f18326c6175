package io.flashlloyd.io.parquet;

import io.flashlloyd.io.source.SourceType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * A column that holds vectors: a list of numbers, or MLlib's VectorUDT struct.
 *
 * @param lists what to read: the list, or VectorUDT's indices and values
 * @param numbers VectorUDT's type and size, or none
 */
record VectorColumn(SourceType source, List<ColumnDescriptor> numbers, List<ListPath> lists) {
  private static final List<String> ML_FIELDS = List.of("type", "size", "indices", "values");

  boolean isMlVector() {
    return !numbers.isEmpty();
  }

  /** Every leaf that is read. */
  List<ColumnDescriptor> leaves() {
    List<ColumnDescriptor> leaves = new ArrayList<>(numbers);
    lists.forEach(list -> leaves.add(list.leaf()));
    return leaves;
  }

  /** The leaf whose values are the coordinates. */
  ColumnDescriptor valuesLeaf() {
    return lists.get(lists.size() - 1).leaf();
  }

  /** VectorUDT's size, which dense vectors leave null. */
  ColumnDescriptor sizeLeaf() {
    return numbers.get(ML_FIELDS.indexOf("size"));
  }

  /** Opens the column in one row group. */
  VectorDecoder open(String uri, RowGroup pages) throws IOException {
    if (!isMlVector()) {
      return new ListDecoder(uri, source, list(0, source.bytes(), pages));
    }
    return new MlVectorDecoder(
        uri,
        number(0, pages),
        number(1, pages),
        list(0, Integer.BYTES, pages),
        list(1, Double.BYTES, pages));
  }

  private NumberCursor number(int index, RowGroup pages) throws IOException {
    return new NumberCursor(numbers.get(index), pages.pages(numbers.get(index)));
  }

  private ListCursor list(int index, int elementBytes, RowGroup pages) throws IOException {
    ListPath list = lists.get(index);
    return new ListCursor(list, elementBytes, pages.pages(list.leaf()));
  }

  /** The vector column that the field at a path is, if it is one. */
  static Optional<VectorColumn> of(MessageType schema, List<String> path, boolean bfloat16) {
    Optional<ListPath> list = ListPath.of(schema, path);
    return list.isPresent()
        ? source(list.get().leaf().getPrimitiveType(), bfloat16)
            .map(source -> new VectorColumn(source, List.of(), List.of(list.get())))
        : mlVector(schema, path);
  }

  /** The type of a list's elements, if they are coordinates. */
  private static Optional<SourceType> source(PrimitiveType type, boolean bfloat16) {
    LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
    return switch (type.getPrimitiveTypeName()) {
      case FLOAT -> Optional.of(SourceType.FLOAT32);
      case DOUBLE -> Optional.of(SourceType.FLOAT64);
      case INT32 ->
          meaning instanceof IntLogicalTypeAnnotation kind && kind.getBitWidth() == Byte.SIZE
              ? Optional.of(kind.isSigned() ? SourceType.INT8 : SourceType.UINT8)
              : Optional.empty();
      case FIXED_LEN_BYTE_ARRAY -> {
        boolean half = meaning instanceof Float16LogicalTypeAnnotation;
        boolean raw = meaning == null && type.getTypeLength() == Short.BYTES && bfloat16;
        yield half
            ? Optional.of(SourceType.FLOAT16)
            : raw ? Optional.of(SourceType.BFLOAT16) : Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private static Optional<VectorColumn> mlVector(MessageType schema, List<String> path) {
    Type field = schema.getType(path.toArray(String[]::new));
    if (field.isPrimitive()
        || field.isRepetition(Type.Repetition.REPEATED)
        || !field.asGroupType().getFields().stream()
            .map(Type::getName)
            .toList()
            .equals(ML_FIELDS)) {
      return Optional.empty();
    }
    List<ColumnDescriptor> numbers = new ArrayList<>();
    for (String name : ML_FIELDS.subList(0, 2)) {
      if (!isPlain(field.asGroupType().getType(name), PrimitiveTypeName.INT32)) {
        return Optional.empty();
      }
      numbers.add(schema.getColumnDescription(below(path, name).toArray(String[]::new)));
    }
    Optional<ListPath> indices = ListPath.of(schema, below(path, "indices"));
    Optional<ListPath> values = ListPath.of(schema, below(path, "values"));
    return indices.isPresent()
            && values.isPresent()
            && has(indices.get(), PrimitiveTypeName.INT32)
            && has(values.get(), PrimitiveTypeName.DOUBLE)
        ? Optional.of(
            new VectorColumn(
                SourceType.FLOAT64, List.copyOf(numbers), List.of(indices.get(), values.get())))
        : Optional.empty();
  }

  private static boolean isPlain(Type field, PrimitiveTypeName type) {
    return field.isPrimitive()
        && !field.isRepetition(Type.Repetition.REPEATED)
        && field.asPrimitiveType().getPrimitiveTypeName() == type;
  }

  private static boolean has(ListPath list, PrimitiveTypeName type) {
    return list.leaf().getPrimitiveType().getPrimitiveTypeName() == type;
  }

  private static List<String> below(List<String> path, String name) {
    List<String> below = new ArrayList<>(path);
    below.add(name);
    return below;
  }
}
