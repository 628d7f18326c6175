package io.flashlloyd.spark.run;

import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local disk under the scheme {@code failing:}, which fails when a test says so. */
public class FailingFileSystem extends RawLocalFileSystem {
  /** Sources of renames that fail. One test at a time. */
  private static Predicate<Path> failing = path -> false;

  /** What cannot be created. One test at a time. */
  private static Predicate<Path> uncreatable = path -> false;

  /** What may be neither listed nor removed. One test at a time. */
  private static Predicate<Path> denied = path -> false;

  /** Runs before each operation. One test at a time. */
  private static Runnable before = () -> {};

  static Configuration configuration() {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.failing.impl", FailingFileSystem.class, FileSystem.class);
    return hadoop;
  }

  static void failRenamesOf(Predicate<Path> sources) {
    failing = sources;
  }

  static void failCreatesOf(Predicate<Path> paths) {
    uncreatable = paths;
  }

  static void deny(Predicate<Path> paths) {
    denied = paths;
  }

  static void beforeEach(Runnable work) {
    before = work;
  }

  @Override
  public URI getUri() {
    return URI.create("failing:///");
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    before.run();
    if (uncreatable.test(path)) {
      throw new AccessDeniedException(path.toString());
    }
    return super.create(path, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return create(path, null, overwrite, bufferSize, replication, blockSize, progress);
  }

  /** Each would be a process of its own. */
  @Override
  public void setPermission(Path path, FsPermission permission) {}

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    before.run();
    return super.getFileStatus(path);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    before.run();
    return !failing.test(from) && super.rename(from, to);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    check(path);
    return super.listStatus(path);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    check(path);
    return super.delete(path, recursive);
  }

  private static void check(Path path) throws IOException {
    before.run();
    if (denied.test(path)) {
      throw new AccessDeniedException(path.toString());
    }
  }
}
