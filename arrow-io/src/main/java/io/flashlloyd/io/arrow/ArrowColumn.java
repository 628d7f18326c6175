package io.flashlloyd.io.arrow;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.ColumnChoice;
import io.flashlloyd.io.source.ColumnPick;
import io.flashlloyd.io.source.SourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A column that holds vectors.
 *
 * @param index among the schema's fields
 * @param listSize of a FixedSizeList, or 0
 * @param offsetBytes of a List's (4) or LargeList's (8) offsets, or 0
 */
record ArrowColumn(int index, SourceType source, int listSize, int offsetBytes) {

  boolean fixedSize() {
    return offsetBytes == 0;
  }

  /** Buffers before the child's: validity, and a list's offsets. */
  int childBuffer(RecordBatchHeader.Slot slot) {
    return slot.buffer() + (fixedSize() ? 1 : 2);
  }

  static ArrowColumn pick(String uri, Schema schema, ColumnChoice choice)
      throws VectorInputException {
    List<Field> fields = schema.getFields();
    List<String> names = names(schema);
    List<String> candidates = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      if (of(i, fields.get(i)).isPresent()) {
        candidates.add(fields.get(i).getName());
      }
    }
    String name = ColumnPick.vector(uri, choice.column(), candidates, names, describe(schema));
    int index = names.indexOf(name);
    return of(index, fields.get(index)).orElseThrow();
  }

  static List<String> names(Schema schema) {
    return schema.getFields().stream().map(Field::getName).toList();
  }

  /** Every column with its type, for errors. */
  static List<String> describe(Schema schema) {
    return schema.getFields().stream().map(Field::toString).toList();
  }

  private static Optional<ArrowColumn> of(int index, Field field) {
    if (field.getDictionary() != null || field.getChildren().size() != 1) {
      return Optional.empty();
    }
    Field child = field.getChildren().get(0);
    Optional<SourceType> source =
        child.getDictionary() == null ? source(child.getType()) : Optional.empty();
    if (source.isEmpty()) {
      return Optional.empty();
    }
    ArrowType type = field.getType();
    if (type instanceof ArrowType.FixedSizeList fixed) {
      return Optional.of(new ArrowColumn(index, source.get(), fixed.getListSize(), 0));
    }
    if (type instanceof ArrowType.List) {
      return Optional.of(new ArrowColumn(index, source.get(), 0, Integer.BYTES));
    }
    if (type instanceof ArrowType.LargeList) {
      return Optional.of(new ArrowColumn(index, source.get(), 0, Long.BYTES));
    }
    return Optional.empty();
  }

  private static Optional<SourceType> source(ArrowType type) {
    if (type instanceof ArrowType.FloatingPoint floating) {
      return Optional.of(
          switch (floating.getPrecision()) {
            case HALF -> SourceType.FLOAT16;
            case SINGLE -> SourceType.FLOAT32;
            case DOUBLE -> SourceType.FLOAT64;
          });
    }
    if (type instanceof ArrowType.Int integer && integer.getBitWidth() == Byte.SIZE) {
      return Optional.of(integer.getIsSigned() ? SourceType.INT8 : SourceType.UINT8);
    }
    return Optional.empty();
  }
}
