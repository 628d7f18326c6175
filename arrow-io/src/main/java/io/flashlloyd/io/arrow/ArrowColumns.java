package io.flashlloyd.io.arrow;

import io.flashlloyd.io.source.FileColumn;
import io.flashlloyd.io.source.FileColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** The columns of an Arrow schema. Structs are opened. */
final class ArrowColumns {
  private final boolean bfloat16;
  private final List<FileColumn<ArrowColumn, ArrowIdColumn>> found = new ArrayList<>();

  private ArrowColumns(boolean bfloat16) {
    this.bfloat16 = bfloat16;
  }

  static FileColumns<ArrowColumn, ArrowIdColumn> of(String uri, Schema schema, boolean bfloat16) {
    ArrowColumns columns = new ArrowColumns(bfloat16);
    columns.addAll(schema.getFields(), "", List.of());
    return new FileColumns<>(uri, List.copyOf(columns.found));
  }

  private void addAll(List<Field> fields, String prefix, List<Integer> parents) {
    for (int i = 0; i < fields.size(); i++) {
      List<Integer> path = new ArrayList<>(parents);
      path.add(i);
      add(fields.get(i), prefix + fields.get(i).getName(), List.copyOf(path));
    }
  }

  private void add(Field field, String name, List<Integer> path) {
    Optional<ArrowColumn> vectors = ArrowColumn.of(path, field, bfloat16);
    Optional<ArrowIdColumn> ids = ArrowIdColumn.of(name, path, field);
    found.add(new FileColumn<>(name, path.size() > 1, describe(field), vectors, ids));
    if (field.getType() instanceof ArrowType.Struct && field.getDictionary() == null) {
      addAll(field.getChildren(), name + ".", path);
    }
  }

  /** A type in Arrow's words, without the field's name. */
  static String describe(Field field) {
    String named = field.toString();
    String prefix = field.getName() + ": ";
    return named.startsWith(prefix) ? named.substring(prefix.length()) : named;
  }
}
