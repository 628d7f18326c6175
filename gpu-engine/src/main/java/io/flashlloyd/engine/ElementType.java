package io.flashlloyd.engine;

import java.nio.ByteBuffer;

/** The stored type of a row's coordinates. Every value of every type is exactly a float32. */
public enum ElementType {
  FLOAT32(4) {
    @Override
    public float get(ByteBuffer values, int index) {
      return values.getFloat(index * 4);
    }

    @Override
    void copy(ByteBuffer values, int first, float[] into, int count) {
      values.asFloatBuffer().get(first, into, 0, count);
    }
  },
  FLOAT16(2) {
    @Override
    public float get(ByteBuffer values, int index) {
      return Float16.toFloat(values.getShort(index * 2));
    }

    @Override
    void copy(ByteBuffer values, int first, float[] into, int count) {
      short[] halves = new short[count]; // loops over arrays are several times as fast as buffers'
      values.asShortBuffer().get(first, halves);
      for (int i = 0; i < count; i++) {
        into[i] = Float16.toFloat(halves[i]);
      }
    }
  },
  UINT8(1) {
    @Override
    public float get(ByteBuffer values, int index) {
      return values.get(index) & 0xff;
    }

    @Override
    void copy(ByteBuffer values, int first, float[] into, int count) {
      byte[] bytes = copied(values, first, count);
      for (int i = 0; i < count; i++) {
        into[i] = bytes[i] & 0xff;
      }
    }
  },
  INT8(1) {
    @Override
    public float get(ByteBuffer values, int index) {
      return values.get(index);
    }

    @Override
    void copy(ByteBuffer values, int first, float[] into, int count) {
      byte[] bytes = copied(values, first, count);
      for (int i = 0; i < count; i++) {
        into[i] = bytes[i];
      }
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

  /** Writes {@code count} coordinates from {@code first} on to the beginning of {@code into}. */
  abstract void copy(ByteBuffer values, int first, float[] into, int count);

  private static byte[] copied(ByteBuffer values, int first, int count) {
    byte[] bytes = new byte[count];
    values.get(first, bytes);
    return bytes;
  }
}
