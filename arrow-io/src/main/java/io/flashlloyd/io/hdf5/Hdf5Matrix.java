package io.flashlloyd.io.hdf5;

import io.flashlloyd.io.source.SourceType;
import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.dataset.DatasetBase;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A data set of two sides that holds coordinates: rows x dimension. */
record Hdf5Matrix(DatasetBase data, SourceType source, long rows, long dimension) {
  /** The most that a byte of what jHDF can unpack becomes: deflate's. */
  private static final long MOST_INFLATION = 1032;

  /** Rows that are taken in one go where the file has no chunks, in bytes. */
  private static final int WINDOW = 1 << 20;

  static Optional<Hdf5Matrix> of(Dataset data) {
    long[] sides = data.getDimensionsAsLong();
    if (sides.length != 2 || data.isVariableLength() || !(data instanceof DatasetBase base)) {
      return Optional.empty();
    }
    return Hdf5Types.source(data.getDataType())
        .map(source -> new Hdf5Matrix(base, source, sides[0], sides[1]));
  }

  /** Position of the first row where rows lie one after another as they are, or 0. */
  long position() {
    return data instanceof ContiguousDataset whole && !data.isEmpty()
        ? data.getHdfFile().getUserBlockSize() + whole.getDataAddress()
        : 0;
  }

  /** Whether what is stored can be as much as the data set's sides say. */
  boolean fits(long fileLength) {
    long most = Long.MAX_VALUE / Math.max(1, dimension * source.bytes());
    if (rows < 0 || dimension < 1 || dimension > Integer.MAX_VALUE || rows > most) {
      return false;
    }
    long bytes = rows * dimension * source.bytes();
    long at = position();
    if (at > 0) {
      return at <= fileLength && bytes <= fileLength - at;
    }
    return bytes / MOST_INFLATION <= Math.min(data.getStorageInBytes(), fileLength);
  }

  /** Rows that lie together in chunks, so that they are unpacked together. */
  int rowsTogether() {
    long rowBytes = dimension * source.bytes();
    long together =
        data instanceof ChunkedDataset chunked
            ? chunked.getChunkDimensions()[0]
            : Math.max(1, WINDOW / rowBytes);
    if (together < 1 || together > Integer.MAX_VALUE / rowBytes) {
      throw new IllegalArgumentException(
          "a chunk has %d rows of %d bytes".formatted(together, rowBytes));
    }
    return (int) together;
  }

  /** Some rows' coordinates, little-endian. */
  ByteBuffer read(long first, int count) {
    return data.getSliceDataBuffer(new long[] {first, 0}, new int[] {count, (int) dimension});
  }
}
