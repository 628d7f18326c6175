package io.flashlloyd.engine;

import java.nio.ByteBuffer;

/** The stored type of a row's coordinates. Every value of every type is exactly a float32. */
public enum ElementType {
  FLOAT32(4) {
    @Override
    public float get(ByteBuffer values, int index) {
      return values.getFloat(index * 4);
    }
  },
  FLOAT16(2) {
    @Override
    public float get(ByteBuffer values, int index) {
      return Float16.toFloat(values.getShort(index * 2));
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

  /** Coordinate {@code index} (counted in elements) of a little-endian buffer, as float32. */
  public abstract float get(ByteBuffer values, int index);
}
