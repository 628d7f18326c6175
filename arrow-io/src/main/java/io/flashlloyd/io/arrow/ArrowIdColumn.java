package io.flashlloyd.io.arrow;

import io.flashlloyd.io.IdType;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A column that holds ids. What no int64 holds for sure (uint64, decimals) is text, by the schema
 * alone and never by the values, so that all files of a kind agree.
 *
 * @param path index among the schema's fields, then among each struct's
 */
record ArrowIdColumn(String name, List<Integer> path, Field field, IdType type) {
  private static final String EXTENSION = "ARROW:extension:name";
  private static final int UUID_BYTES = 16;

  /** The id column that a field is, if it is one; a dictionary's type is that of its values. */
  static Optional<ArrowIdColumn> of(String name, List<Integer> path, Field field) {
    return type(field).map(type -> new ArrowIdColumn(name, path, field, type));
  }

  private static Optional<IdType> type(Field field) {
    ArrowType type = field.getType();
    if (type instanceof ArrowType.Int integer) {
      int bits = integer.getBitWidth() + (integer.getIsSigned() ? 0 : 1);
      return Optional.of(
          bits <= Integer.SIZE ? IdType.INT32 : bits <= Long.SIZE ? IdType.INT64 : IdType.STRING);
    }
    boolean text =
        type instanceof ArrowType.Utf8
            || type instanceof ArrowType.LargeUtf8
            || type instanceof ArrowType.Utf8View
            || type instanceof ArrowType.Decimal
            || isUuid(field);
    return text ? Optional.of(IdType.STRING) : Optional.empty();
  }

  private static boolean isUuid(Field field) {
    return field.getType() instanceof ArrowType.FixedSizeBinary bytes
        && bytes.getByteWidth() == UUID_BYTES
        && "arrow.uuid".equals(field.getMetadata().get(EXTENSION));
  }
}
