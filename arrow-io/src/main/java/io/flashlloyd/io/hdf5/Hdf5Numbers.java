package io.flashlloyd.io.hdf5;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import io.jhdf.api.Dataset;
import io.jhdf.dataset.DatasetBase;
import io.jhdf.object.datatype.FixedPoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** A data set of one side that holds ids. Unsigned ones of 64 bits are text, as everywhere. */
record Hdf5Numbers(String name, DatasetBase data, IdType type, int bytes, boolean signed) {
  static Optional<Hdf5Numbers> of(String name, Dataset data) {
    boolean usable =
        data.getDimensionsAsLong().length == 1
            && data instanceof DatasetBase
            && data.getDataType() instanceof FixedPoint whole
            && (whole.getSize() == 1 || whole.getByteOrder() == ByteOrder.LITTLE_ENDIAN)
            && Integer.bitCount(whole.getSize()) == 1
            && whole.getSize() <= Long.BYTES;
    if (!usable) {
      return Optional.empty();
    }
    FixedPoint whole = (FixedPoint) data.getDataType();
    int bits = whole.getSize() * Byte.SIZE + (whole.isSigned() ? 0 : 1);
    IdType type =
        bits <= Integer.SIZE ? IdType.INT32 : bits <= Long.SIZE ? IdType.INT64 : IdType.STRING;
    return Optional.of(
        new Hdf5Numbers(name, (DatasetBase) data, type, whole.getSize(), whole.isSigned()));
  }

  long rows() {
    return data.getDimensionsAsLong()[0];
  }

  Ids read(long first, int count) {
    ByteBuffer values =
        data.getSliceDataBuffer(new long[] {first}, new int[] {count})
            .slice()
            .order(ByteOrder.LITTLE_ENDIAN);
    long[] numbers = new long[count];
    String[] texts = new String[type == IdType.STRING ? count : 0];
    for (int i = 0; i < count; i++) {
      numbers[i] =
          switch (bytes) {
            case 1 -> signed ? values.get(i) : values.get(i) & 0xff;
            case 2 -> signed ? values.getShort(i * 2) : values.getShort(i * 2) & 0xffff;
            case 4 -> signed ? values.getInt(i * 4) : values.getInt(i * 4) & 0xffffffffL;
            default -> values.getLong(i * 8);
          };
      if (type == IdType.STRING) {
        texts[i] = Long.toUnsignedString(numbers[i]);
      }
    }
    return type == IdType.STRING ? Ids.ofTexts(texts) : Ids.ofNumbers(type, numbers);
  }
}
