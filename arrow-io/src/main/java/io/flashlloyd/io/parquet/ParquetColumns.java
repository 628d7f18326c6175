package io.flashlloyd.io.parquet;

import io.flashlloyd.io.source.FileColumn;
import io.flashlloyd.io.source.FileColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** The columns of a Parquet schema. Structs that are no vectors themselves are opened. */
final class ParquetColumns {
  private final MessageType schema;
  private final boolean bfloat16;
  private final List<FileColumn<VectorColumn, IdColumn>> found = new ArrayList<>();

  private ParquetColumns(MessageType schema, boolean bfloat16) {
    this.schema = schema;
    this.bfloat16 = bfloat16;
  }

  static FileColumns<VectorColumn, IdColumn> of(String uri, MessageType schema, boolean bfloat16) {
    ParquetColumns columns = new ParquetColumns(schema, bfloat16);
    schema.getFields().forEach(field -> columns.add(field, List.of()));
    return new FileColumns<>(uri, List.copyOf(columns.found));
  }

  private void add(Type field, List<String> parents) {
    List<String> path = new ArrayList<>(parents);
    path.add(field.getName());
    Optional<VectorColumn> vectors = VectorColumn.of(schema, path, bfloat16);
    Optional<IdColumn> ids = IdColumn.of(schema, path);
    found.add(
        new FileColumn<>(
            String.join(".", path), !parents.isEmpty(), describe(field), vectors, ids));
    if (vectors.isEmpty() && isStruct(field)) {
      field.asGroupType().getFields().forEach(child -> add(child, path));
    }
  }

  private static boolean isStruct(Type field) {
    return !field.isPrimitive()
        && !field.isRepetition(Type.Repetition.REPEATED)
        && field.getLogicalTypeAnnotation() == null;
  }

  /** A type in Parquet's words, elements of lists and fields of structs included. */
  static String describe(Type field) {
    LogicalTypeAnnotation meaning = field.getLogicalTypeAnnotation();
    String type;
    if (field.isPrimitive()) {
      PrimitiveType primitive = field.asPrimitiveType();
      type = primitive.getPrimitiveTypeName().toString();
      if (primitive.getPrimitiveTypeName() == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY) {
        type += "(" + primitive.getTypeLength() + ")";
      }
      type = meaning == null ? type : type + " " + meaning;
    } else if (meaning instanceof ListLogicalTypeAnnotation) {
      return "list<" + describeElement(field.asGroupType()) + ">";
    } else {
      List<Type> children = field.asGroupType().getFields();
      type =
          (meaning == null ? "struct" : meaning.toString())
              + children.stream().map(child -> child.getName() + ": " + describe(child)).toList();
    }
    return field.isRepetition(Type.Repetition.REPEATED) ? "repeated " + type : type;
  }

  private static String describeElement(GroupType list) {
    Type repeated = list.getType(0);
    if (repeated.isPrimitive()) {
      return describe(repeated).replaceFirst("^repeated ", "");
    }
    List<Type> elements = repeated.asGroupType().getFields();
    return elements.size() == 1 ? describe(elements.get(0)) : describe(repeated);
  }
}
