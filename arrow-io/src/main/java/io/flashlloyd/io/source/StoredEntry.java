package io.flashlloyd.io.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What a file system that is no local disk says: its listings are whole. */
record StoredEntry(FileSystem fs, FileStatus status) implements Entry {
  static Entry at(FileSystem fs, Path path) throws IOException {
    try {
      return new StoredEntry(fs, fs.getFileStatus(path));
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  @Override
  public Path path() {
    return status.getPath();
  }

  @Override
  public boolean isFolder() {
    return status.isDirectory();
  }

  @Override
  public long length() {
    return status.getLen();
  }

  @Override
  public Object identity() {
    return status.getPath();
  }

  @Override
  public List<StoredEntry> children() throws IOException {
    try {
      return Arrays.stream(fs.listStatus(status.getPath()))
          .map(child -> new StoredEntry(fs, child))
          .toList();
    } catch (IOException e) {
      throw SourceFile.explain(path().toString(), e);
    }
  }
}
