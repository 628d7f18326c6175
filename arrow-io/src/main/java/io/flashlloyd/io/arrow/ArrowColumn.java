package io.flashlloyd.io.arrow;

import io.flashlloyd.io.source.SourceType;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A column that holds vectors.
 *
 * @param path index among the schema's fields, then among each struct's
 * @param listSize of a FixedSizeList, or 0
 * @param offsetBytes of a List's (4) or LargeList's (8) offsets, or 0
 */
record ArrowColumn(List<Integer> path, SourceType source, int listSize, int offsetBytes) {

  boolean fixedSize() {
    return offsetBytes == 0;
  }

  /** Buffers before the child's: validity, and a list's offsets. */
  int childBuffer(RecordBatchHeader.Slot slot) {
    return slot.buffer() + (fixedSize() ? 1 : 2);
  }

  /** The vector column that a field is, if it is one. */
  static Optional<ArrowColumn> of(List<Integer> path, Field field, boolean bfloat16) {
    if (field.getDictionary() != null || field.getChildren().size() != 1) {
      return Optional.empty();
    }
    Field child = field.getChildren().get(0);
    Optional<SourceType> source =
        child.getDictionary() == null ? source(child.getType(), bfloat16) : Optional.empty();
    if (source.isEmpty()) {
      return Optional.empty();
    }
    ArrowType type = field.getType();
    if (type instanceof ArrowType.FixedSizeList fixed) {
      return Optional.of(new ArrowColumn(path, source.get(), fixed.getListSize(), 0));
    }
    if (type instanceof ArrowType.List) {
      return Optional.of(new ArrowColumn(path, source.get(), 0, Integer.BYTES));
    }
    if (type instanceof ArrowType.LargeList) {
      return Optional.of(new ArrowColumn(path, source.get(), 0, Long.BYTES));
    }
    return Optional.empty();
  }

  private static Optional<SourceType> source(ArrowType type, boolean bfloat16) {
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
    boolean twoBytes =
        type instanceof ArrowType.FixedSizeBinary raw && raw.getByteWidth() == Short.BYTES;
    return twoBytes && bfloat16 ? Optional.of(SourceType.BFLOAT16) : Optional.empty();
  }
}
