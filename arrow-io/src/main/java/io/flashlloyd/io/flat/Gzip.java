package io.flashlloyd.io.flat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.hadoop.conf.Configuration;

/** A gzip'd file, as benchmarks ship .fvecs and .bvecs. */
record Gzip(String uri, Configuration hadoop) implements FlatContent.Packing {
  private static final int WINDOW = 1 << 17;

  /** Whether a name says that the file is one. */
  static boolean names(String uri) {
    return uri.toLowerCase(Locale.ROOT).endsWith(".gz");
  }

  @Override
  public InputStream open() throws IOException {
    return new UnpackedStream(uri, 0, Gzip::unpack, hadoop);
  }

  /**
   * The JDK's own stops early where a stream's available() is 0 between two members. Spark 4.0's
   * Commons Compress has this constructor only, and no builder.
   */
  @SuppressWarnings("deprecation")
  private static InputStream unpack(InputStream packed) throws IOException {
    return new GzipCompressorInputStream(packed, true);
  }

  /** Reads it through: gzip itself keeps the length only modulo 2^32, and of its last member. */
  long length() throws IOException {
    byte[] window = new byte[WINDOW];
    long length = 0;
    try (InputStream in = open()) {
      for (int read = in.read(window); read >= 0; read = in.read(window)) {
        length += read;
      }
    }
    return length;
  }
}
