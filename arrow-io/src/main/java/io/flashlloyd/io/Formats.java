package io.flashlloyd.io;

import io.flashlloyd.io.arrow.ArrowFormat;
import io.flashlloyd.io.flat.BinFormat;
import io.flashlloyd.io.flat.NpyFormat;
import io.flashlloyd.io.flat.NpzFormat;
import io.flashlloyd.io.flat.VecsFormat;
import io.flashlloyd.io.hdf5.Hdf5Format;
import io.flashlloyd.io.parquet.ParquetFormat;
import io.flashlloyd.io.source.FileFormat;
import io.flashlloyd.io.source.SourceType;
import io.flashlloyd.io.synthetic.SyntheticFormat;

/** The one table from a format's name to the code that knows it. */
final class Formats {
  private Formats() {}

  static FileFormat of(VectorFormat format) {
    return switch (format) {
      case PARQUET -> new ParquetFormat();
      case ARROW -> new ArrowFormat();
      case NPY -> new NpyFormat();
      case NPZ -> new NpzFormat();
      case HDF5 -> new Hdf5Format();
      case FVECS -> new VecsFormat(VectorFormat.FVECS, SourceType.FLOAT32);
      case BVECS -> new VecsFormat(VectorFormat.BVECS, SourceType.UINT8);
      case FBIN -> new BinFormat(VectorFormat.FBIN, SourceType.FLOAT32);
      case U8BIN -> new BinFormat(VectorFormat.U8BIN, SourceType.UINT8);
      case I8BIN -> new BinFormat(VectorFormat.I8BIN, SourceType.INT8);
      case SYNTHETIC -> new SyntheticFormat();
    };
  }
}
