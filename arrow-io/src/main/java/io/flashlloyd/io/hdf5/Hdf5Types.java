package io.flashlloyd.io.hdf5;

import io.flashlloyd.io.source.SourceType;
import io.jhdf.api.Dataset;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.stream.Collectors;

/** HDF5's types of numbers in our words. */
final class Hdf5Types {
  private Hdf5Types() {}

  /** The type of coordinates, if a data set's elements are some, little-endian. */
  static Optional<SourceType> source(DataType type) {
    if (type instanceof FloatingPoint real && real.getByteOrder() == ByteOrder.LITTLE_ENDIAN) {
      int mantissa = real.getMantissaSize();
      return switch (real.getSize()) {
        case 8 -> mantissa == 52 ? Optional.of(SourceType.FLOAT64) : Optional.empty();
        case 4 -> mantissa == 23 ? Optional.of(SourceType.FLOAT32) : Optional.empty();
        case 2 ->
            mantissa == 10
                ? Optional.of(SourceType.FLOAT16)
                : mantissa == 7 ? Optional.of(SourceType.BFLOAT16) : Optional.empty();
        default -> Optional.empty();
      };
    }
    return type instanceof FixedPoint whole && whole.getSize() == 1
        ? Optional.of(whole.isSigned() ? SourceType.INT8 : SourceType.UINT8)
        : Optional.empty();
  }

  /** A data set's type for people. */
  static String describe(Dataset data) {
    DataType type = data.getDataType();
    int bits = type.getSize() * Byte.SIZE;
    if (type instanceof FloatingPoint real) {
      String order = real.getByteOrder() == ByteOrder.BIG_ENDIAN ? " (big-endian)" : "";
      return source(type).map(SourceType::label).orElse("float" + bits) + order;
    }
    if (type instanceof FixedPoint whole) {
      String order =
          whole.getSize() > 1 && whole.getByteOrder() == ByteOrder.BIG_ENDIAN
              ? " (big-endian)"
              : "";
      return (whole.isSigned() ? "int" : "uint") + bits + order;
    }
    return type.getClass().getSimpleName();
  }

  /** How a data set's chunks are packed, or null where they are not. */
  static String filters(Dataset data) {
    String names =
        data.getFilters().stream()
            .map(filter -> filter.getName())
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? null : names;
  }
}
