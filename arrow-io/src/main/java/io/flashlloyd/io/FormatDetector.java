package io.flashlloyd.io;

import io.flashlloyd.io.source.SourceFile;
import io.flashlloyd.io.synthetic.SyntheticFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A file's format by its extension, then by its first bytes. */
final class FormatDetector {
  private FormatDetector() {}

  static VectorFormat detect(SourceFile file, Configuration hadoop) throws IOException {
    if (SyntheticFormat.names(file.uri())) {
      return VectorFormat.SYNTHETIC;
    }
    VectorFormat named = VectorFormat.ofFileName(new Path(file.uri()).getName());
    if (named != null) {
      return named;
    }
    String magic = new String(file.head(6, hadoop), StandardCharsets.ISO_8859_1);
    if (magic.startsWith("PAR1")) {
      return VectorFormat.PARQUET;
    }
    // FEA1 is Feather version 1: the Arrow reader knows it well enough to refuse it by name.
    if (magic.startsWith("ARROW1") || magic.startsWith("FEA1")) {
      return VectorFormat.ARROW;
    }
    if (magic.equals("\u0093NUMPY")) {
      return VectorFormat.NPY;
    }
    if (magic.startsWith("\u0089HDF\r\n")) {
      return VectorFormat.HDF5;
    }
    if (magic.startsWith("PK\u0003\u0004")) {
      return VectorFormat.NPZ;
    }
    // An Arrow stream starts with the length of its schema, behind four bytes of ones.
    if (magic.startsWith("\u00ff\u00ff\u00ff\u00ff")) {
      return VectorFormat.ARROW;
    }
    throw VectorInputException.inFile(
        file.uri(),
        "neither its extension nor its first bytes tell its format (expected one of %s); name it"
                .formatted(VectorFormat.optionNames())
            + " with --format, or keep other files out of the folder");
  }
}
