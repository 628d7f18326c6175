package io.flashlloyd.io.parquet;

import io.flashlloyd.io.IdType;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * A column that holds ids. What no int64 holds for sure (uint64, decimals) is text, by the schema
 * alone and never by the values, so that all files of a kind agree.
 */
record IdColumn(ColumnDescriptor leaf, IdType type) {
  /** The id column that the field at a path is, if it is one. */
  static Optional<IdColumn> of(MessageType schema, List<String> path) {
    String[] names = path.toArray(String[]::new);
    Type field = schema.getType(names);
    if (!field.isPrimitive() || schema.getMaxRepetitionLevel(names) > 0) {
      return Optional.empty();
    }
    return type(field.asPrimitiveType())
        .map(type -> new IdColumn(schema.getColumnDescription(names), type));
  }

  private static Optional<IdType> type(PrimitiveType field) {
    LogicalTypeAnnotation meaning = field.getLogicalTypeAnnotation();
    if (meaning instanceof DecimalLogicalTypeAnnotation) {
      return Optional.of(IdType.STRING);
    }
    boolean integer = meaning == null || meaning instanceof IntLogicalTypeAnnotation;
    boolean unsigned = meaning instanceof IntLogicalTypeAnnotation kind && !kind.isSigned();
    return switch (field.getPrimitiveTypeName()) {
      case INT32 ->
          integer
              ? Optional.of(isUnsigned32(field) ? IdType.INT64 : IdType.INT32)
              : Optional.empty();
      case INT64 ->
          integer ? Optional.of(unsigned ? IdType.STRING : IdType.INT64) : Optional.empty();
      case BINARY ->
          meaning instanceof StringLogicalTypeAnnotation
                  || meaning instanceof EnumLogicalTypeAnnotation
              ? Optional.of(IdType.STRING)
              : Optional.empty();
      case FIXED_LEN_BYTE_ARRAY ->
          meaning instanceof UUIDLogicalTypeAnnotation
              ? Optional.of(IdType.STRING)
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** The column's name. */
  String name() {
    return String.join(".", leaf.getPath());
  }

  /** Opens a column of numbers in one row group. */
  NumberCursor numbers(RowGroup pages) throws IOException {
    return new NumberCursor(leaf, pages.pages(leaf));
  }

  /** An id as a number; an unsigned one of 32 bits arrives as a negative int. */
  long number(long stored) {
    return isUnsigned32(leaf.getPrimitiveType()) ? stored & 0xffffffffL : stored;
  }

  /** Opens a column of {@link IdType#STRING} in one row group. */
  TextCursor texts(RowGroup pages) throws IOException {
    ColumnPages reader = pages.pages(leaf);
    PrimitiveTypeName stored = leaf.getPrimitiveType().getPrimitiveTypeName();
    if (stored != PrimitiveTypeName.INT32 && stored != PrimitiveTypeName.INT64) {
      return new BinaryCursor(leaf, reader, textOfBytes());
    }
    NumberCursor numbers = new NumberCursor(leaf, reader);
    LongFunction<String> text = textOfNumber();
    return () -> numbers.next() ? text.apply(numbers.value()) : null;
  }

  private LongFunction<String> textOfNumber() {
    return leaf.getPrimitiveType().getLogicalTypeAnnotation()
            instanceof DecimalLogicalTypeAnnotation decimal
        ? unscaled -> BigDecimal.valueOf(unscaled, decimal.getScale()).toPlainString()
        : Long::toUnsignedString;
  }

  private Function<Binary, String> textOfBytes() {
    LogicalTypeAnnotation meaning = leaf.getPrimitiveType().getLogicalTypeAnnotation();
    if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
      return bytes ->
          new BigDecimal(new BigInteger(bytes.getBytes()), decimal.getScale()).toPlainString();
    }
    if (meaning instanceof UUIDLogicalTypeAnnotation) {
      return bytes -> {
        ByteBuffer halves = bytes.toByteBuffer();
        return new UUID(halves.getLong(), halves.getLong()).toString();
      };
    }
    return Binary::toStringUsingUTF8;
  }

  private static boolean isUnsigned32(PrimitiveType field) {
    return field.getPrimitiveTypeName() == PrimitiveTypeName.INT32
        && field.getLogicalTypeAnnotation() instanceof IntLogicalTypeAnnotation kind
        && !kind.isSigned()
        && kind.getBitWidth() == Integer.SIZE;
  }
}
