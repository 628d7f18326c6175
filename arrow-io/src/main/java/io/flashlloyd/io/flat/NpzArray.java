package io.flashlloyd.io.flat;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.HadoopChannel;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;

/** An array in a .npz file: the bytes of a .npy, stored as they are or deflated. */
record NpzArray(String name, FlatContent content) {
  private static final String SUFFIX = ".npy";

  /** The most that a byte of deflated data can become. */
  private static final long MOST_INFLATION = 1032;

  private static final int READ_AHEAD = 1 << 17;

  /**
   * The array of a name, or the only one.
   *
   * @param asked the name, or null
   */
  static NpzArray find(String uri, long length, String asked, Configuration hadoop)
      throws IOException {
    List<ZipArchiveEntry> entries = entries(uri, length, hadoop);
    List<String> names = entries.stream().map(NpzArray::name).toList();
    if (asked == null && names.size() != 1) {
      throw VectorInputException.inFile(
          uri, "holds the arrays %s (expected one); name one with --column".formatted(names));
    }
    int index = asked == null ? 0 : names.indexOf(asked);
    if (index < 0) {
      throw VectorInputException.inFile(
          uri, "has no array '%s' (expected one of %s)".formatted(asked, names));
    }
    return new NpzArray(names.get(index), content(uri, length, entries.get(index), hadoop));
  }

  /** Every array. */
  static List<NpzArray> all(String uri, long length, Configuration hadoop) throws IOException {
    List<NpzArray> all = new ArrayList<>();
    for (ZipArchiveEntry entry : entries(uri, length, hadoop)) {
      all.add(new NpzArray(name(entry), content(uri, length, entry, hadoop)));
    }
    return all;
  }

  private static List<ZipArchiveEntry> entries(String uri, long length, Configuration hadoop)
      throws IOException {
    List<ZipArchiveEntry> arrays = new ArrayList<>();
    try (ZipFile zip =
        ZipFile.builder().setSeekableByteChannel(new HadoopChannel(uri, length, hadoop)).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
        if (entry.getName().endsWith(SUFFIX)) {
          arrays.add(entry);
        }
      }
    } catch (IOException | RuntimeException e) {
      throw VectorInputException.corrupt(uri, "npz", e);
    }
    return arrays;
  }

  private static String name(ZipArchiveEntry entry) {
    return entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
  }

  private static FlatContent content(
      String uri, long length, ZipArchiveEntry entry, Configuration hadoop)
      throws VectorInputException {
    long start = entry.getDataOffset();
    long stored = entry.getCompressedSize();
    boolean plain = entry.getMethod() == ZipEntry.STORED;
    if (!plain && entry.getMethod() != ZipEntry.DEFLATED) {
      throw VectorInputException.inFile(
          uri,
          "its array '%s' is packed by zip method %d (expected stored or deflated); save it again"
              .formatted(name(entry), entry.getMethod()));
    }
    boolean inside =
        start > 0
            && stored >= 0
            && start <= length
            && stored <= length - start
            && entry.getSize() >= 0
            && entry.getSize() <= (plain ? stored : stored * MOST_INFLATION);
    if (!inside) {
      throw VectorInputException.inFile(
          uri,
          "its directory puts %d bytes of array '%s' at bytes %d to %d of %d; it is corrupt"
              .formatted(entry.getSize(), name(entry), start, start + stored, length));
    }
    return new FlatContent(
        uri,
        entry.getSize(),
        plain ? start : 0,
        plain ? null : () -> new UnpackedStream(uri, start, NpzArray::inflate, hadoop),
        hadoop);
  }

  private static InputStream inflate(InputStream packed) {
    Inflater inflater = new Inflater(true);
    return new InflaterInputStream(packed, inflater, READ_AHEAD) {
      @Override
      public void close() throws IOException {
        inflater.end();
        super.close();
      }
    };
  }
}
