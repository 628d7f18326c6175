package io.flashlloyd.io.parquet;

import java.nio.ByteBuffer;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Numbers in any other encoding (byte stream split, delta): Parquet's own reader, one by one. */
final class EncodedValues implements PageValues {
  private final ValuesReader reader;
  private final PrimitiveTypeName type;

  EncodedValues(ValuesReader reader, PrimitiveTypeName type) {
    this.reader = reader;
    this.type = type;
  }

  @Override
  public void copy(ByteBuffer target, int at, int count) {
    for (int i = 0; i < count; i++) {
      switch (type) {
        case FLOAT -> target.putFloat(at + i * 4, reader.readFloat());
        case DOUBLE -> target.putDouble(at + i * 8, reader.readDouble());
        case INT32 -> target.putInt(at + i * 4, reader.readInteger());
        case INT64 -> target.putLong(at + i * 8, reader.readLong());
        case FIXED_LEN_BYTE_ARRAY -> {
          byte[] bytes = reader.readBytes().getBytesUnsafe();
          target.put(at + i * bytes.length, bytes);
        }
        default -> throw new IllegalArgumentException("Values of type " + type);
      }
    }
  }
}
