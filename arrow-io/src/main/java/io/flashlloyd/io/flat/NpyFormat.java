package io.flashlloyd.io.flat;

import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.source.FileLayout;
import io.flashlloyd.io.source.SourceFile;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** NumPy's .npy, versions 1 to 3, in C order. */
public final class NpyFormat extends FlatFormat {
  @Override
  FileLayout inspect(SourceFile file, boolean bfloat16, Configuration hadoop) throws IOException {
    NpyHeader header = NpyHeader.read(file, bfloat16, hadoop);
    FlatHeader.check(file, header.bytes(), header.rows(), header.dimension(), header.source());
    int dimension = header.dimension().intValueExact();
    return FileLayout.flat(
        file,
        VectorFormat.NPY,
        header.source(),
        header.rows().longValueExact(),
        dimension,
        header.bytes(),
        (long) dimension * header.source().bytes());
  }
}
