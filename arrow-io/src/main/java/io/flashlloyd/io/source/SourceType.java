package io.flashlloyd.io.source;

import io.flashlloyd.io.ElementType;
import java.util.Locale;

/** The type of a coordinate as a file stores it, little-endian. */
public enum SourceType {
  FLOAT64(8, ElementType.FLOAT32),
  FLOAT32(4, ElementType.FLOAT32),
  FLOAT16(2, ElementType.FLOAT16),
  /** The upper half of a float32. */
  BFLOAT16(2, ElementType.FLOAT32),
  UINT8(1, ElementType.UINT8),
  INT8(1, ElementType.INT8);

  private final int bytes;
  private final ElementType elementType;

  SourceType(int bytes, ElementType elementType) {
    this.bytes = bytes;
    this.elementType = elementType;
  }

  /** Bytes of one coordinate in the file. */
  public int bytes() {
    return bytes;
  }

  /** As users see it, such as {@code float32}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it is clustered as: itself, but float64 is narrowed to float32 and bfloat16 widened. */
  public ElementType elementType() {
    return elementType;
  }
}
