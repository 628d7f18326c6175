package io.flashlloyd.io.flat;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.SourceFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;

/** What is packed in a file. Its errors tell the file's fault from the storage's. */
final class UnpackedStream extends InputStream {
  private static final int READ_AHEAD = 1 << 17;

  private final String uri;
  private final Stored stored;
  private final InputStream unpacked;

  /** How bytes are unpacked. */
  interface Unpacker {
    InputStream of(InputStream packed) throws IOException;
  }

  UnpackedStream(String uri, long position, Unpacker unpacker, Configuration hadoop)
      throws IOException {
    this.uri = uri;
    FSDataInputStream in = SourceFile.open(uri, hadoop);
    this.stored = new Stored(in);
    try {
      in.seek(position);
      this.unpacked = unpacker.of(new BufferedInputStream(stored, READ_AHEAD));
    } catch (IOException e) {
      in.close();
      throw explain(e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    try {
      return unpacked.read(target, offset, count);
    } catch (IOException e) {
      throw explain(e);
    }
  }

  private IOException explain(IOException e) {
    return stored.failure != null
        ? SourceFile.explain(uri, stored.failure)
        : VectorInputException.corrupt(uri, "what gzip or zip packs", e);
  }

  @Override
  public void close() throws IOException {
    try (stored) {
      unpacked.close();
    }
  }

  /** The file, remembering what failed. */
  private static final class Stored extends InputStream {
    private final InputStream in;
    private IOException failure;

    Stored(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      try {
        return in.read(target, offset, count);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
