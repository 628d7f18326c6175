package io.flashlloyd.io.output;

import io.flashlloyd.io.StoragePath;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file that is written beside its place, under a hidden name that no reader takes, and renamed
 * when it is whole. close() without commit() removes it. In an object store, where a rename is a
 * copy and what a killed process wrote never appears, it is written in its place, unless an older
 * one is there.
 */
public final class BesideFile implements AutoCloseable {
  private final FileSystem fs;
  private final Path target;
  private final Path beside;
  private boolean committed;

  /** Will be {@code uri}; nothing is written yet. */
  public BesideFile(String uri, Configuration hadoop) throws IOException {
    this.target = new Path(uri);
    this.fs = target.getFileSystem(hadoop);
    this.beside =
        StoragePath.renamesByCopy(target) && !fs.exists(target)
            ? target
            : new Path(
                target.getParent(), "." + target.getName() + "." + UUID.randomUUID() + ".tmp");
  }

  /** Where to write. */
  public Path path() {
    return beside;
  }

  /** Creates the file. */
  public FSDataOutputStream create() throws IOException {
    return fs.create(beside, false);
  }

  /** Puts the whole file in its place, over an older one. */
  public void commit() throws IOException {
    if (!beside.equals(target) && !rename()) {
      if (fs.exists(target)) {
        fs.delete(target, false);
      }
      if (!rename()) {
        throw new IOException(
            "%s: cannot be renamed to %s; check that its folder may be written"
                .formatted(beside, target));
      }
    }
    committed = true;
  }

  /** File systems differ: over an existing file some rename, some return false, S3A throws. */
  private boolean rename() throws IOException {
    try {
      return fs.rename(beside, target);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    if (!committed) {
      fs.delete(beside, false);
    }
  }
}
