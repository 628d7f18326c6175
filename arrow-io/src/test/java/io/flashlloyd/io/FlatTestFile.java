package io.flashlloyd.io;

import io.flashlloyd.io.source.SourceType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Flat files, byte by byte after their definitions and independently of the module's writers. */
enum FlatTestFile {
  NPY_F2("npy", SourceType.FLOAT16, "<f2"),
  NPY_F4("npy", SourceType.FLOAT32, "<f4"),
  NPY_F8("npy", SourceType.FLOAT64, "<f8"),
  NPY_U1("npy", SourceType.UINT8, "|u1"),
  NPY_I1("npy", SourceType.INT8, "|i1"),
  NPY_V2("npy", SourceType.BFLOAT16, "<V2"),
  FVECS("fvecs", SourceType.FLOAT32, null),
  BVECS("bvecs", SourceType.UINT8, null),
  FBIN("fbin", SourceType.FLOAT32, null),
  U8BIN("u8bin", SourceType.UINT8, null),
  I8BIN("i8bin", SourceType.INT8, null);

  final String extension;
  final SourceType type;
  private final String descr;

  FlatTestFile(String extension, SourceType type, String descr) {
    this.extension = extension;
    this.type = type;
    this.descr = descr;
  }

  boolean hasRowPrefix() {
    return this == FVECS || this == BVECS;
  }

  /**
   * Writes values.
   *
   * @param values [rows x dimension] little-endian, of {@link #type}
   */
  void write(Path path, byte[] values, int rows, int dimension) throws IOException {
    Files.write(path, bytes(values, rows, dimension));
  }

  byte[] bytes(byte[] values, int rows, int dimension) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (descr != null) {
      String dict =
          "{'descr': '%s', 'fortran_order': False, 'shape': (%d, %d), }\n"
              .formatted(descr, rows, dimension);
      out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
      out.writeBytes(new byte[] {(byte) dict.length(), (byte) (dict.length() >> 8)});
      out.writeBytes(dict.getBytes(StandardCharsets.US_ASCII));
    } else if (!hasRowPrefix()) {
      out.writeBytes(ints(rows, dimension));
    }
    int rowBytes = dimension * type.bytes();
    for (int row = 0; row < rows; row++) {
      if (hasRowPrefix()) {
        out.writeBytes(ints(dimension));
      }
      out.write(values, row * rowBytes, rowBytes);
    }
    return out.toByteArray();
  }

  static byte[] ints(int... values) {
    byte[] bytes = new byte[values.length * Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(values);
    return bytes;
  }
}
