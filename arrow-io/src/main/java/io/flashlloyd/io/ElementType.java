package io.flashlloyd.io;

import java.nio.ByteBuffer;
import java.util.Locale;

/** The type of a chunk's coordinates: the data's own, little-endian. */
public enum ElementType {
  FLOAT32(4) {
    @Override
    public float get(ByteBuffer values, int index) {
      return values.getFloat(index * Float.BYTES);
    }
  },
  FLOAT16(2) {
    @Override
    public float get(ByteBuffer values, int index) {
      return Float16.toFloat(values.getShort(index * Short.BYTES));
    }
  },
  UINT8(1) {
    @Override
    public float get(ByteBuffer values, int index) {
      return values.get(index) & 0xff;
    }
  },
  INT8(1) {
    @Override
    public float get(ByteBuffer values, int index) {
      return values.get(index);
    }
  };

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one coordinate. */
  public int bytes() {
    return bytes;
  }

  /** As users see and give it, such as {@code float32}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Coordinate {@code index} (counted in elements) of a little-endian buffer, as float32. */
  public abstract float get(ByteBuffer values, int index);
}
