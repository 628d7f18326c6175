package io.flashlloyd.io.flat;

import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.source.FileLayout;
import java.io.IOException;

/** NumPy's .npy, versions 1 to 3, in C order. */
public final class NpyFormat extends FlatFormat {
  @Override
  FileLayout inspect(FlatContent file, boolean bfloat16) throws IOException {
    return inspect(file, bfloat16, VectorFormat.NPY, null);
  }

  /** Of a file, or of an array in a .npz. */
  static FileLayout inspect(
      FlatContent content, boolean bfloat16, VectorFormat format, String column)
      throws IOException {
    NpyHeader header = NpyHeader.read(content, bfloat16);
    FlatHeader.check(content, header.bytes(), header.rows(), header.dimension(), header.source());
    int dimension = header.dimension().intValueExact();
    return content.layout(
        format,
        header.source(),
        header.rows().longValueExact(),
        dimension,
        header.bytes(),
        (long) dimension * header.source().bytes(),
        column);
  }
}
