package io.flashlloyd.io.source;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A file or folder that a listing came upon. What its name says costs nothing to ask. */
interface Entry {
  /** As Hadoop qualifies it. */
  Path path();

  boolean isFolder() throws IOException;

  /** Bytes of a file. */
  long length() throws IOException;

  /** The same for two entries that are one, through links, and for no others. */
  Object identity() throws IOException;

  /** What a folder holds, in no order. */
  List<? extends Entry> children() throws IOException;

  default String name() {
    return path().getName();
  }

  /** What is at a path, or null. */
  static Entry at(FileSystem fs, Path path) throws IOException {
    return "file".equals(fs.getUri().getScheme())
        ? LocalEntry.at(fs.makeQualified(path))
        : StoredEntry.at(fs, path);
  }
}
