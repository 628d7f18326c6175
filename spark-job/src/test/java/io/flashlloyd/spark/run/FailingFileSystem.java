package io.flashlloyd.spark.run;

import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk under the scheme {@code failing:}, which fails when a test says so. */
public class FailingFileSystem extends RawLocalFileSystem {
  /** Sources of renames that fail. One test at a time. */
  private static Predicate<Path> failing = path -> false;

  /** What may be neither listed nor removed. One test at a time. */
  private static Predicate<Path> denied = path -> false;

  static Configuration configuration() {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.failing.impl", FailingFileSystem.class, FileSystem.class);
    return hadoop;
  }

  static void failRenamesOf(Predicate<Path> sources) {
    failing = sources;
  }

  static void deny(Predicate<Path> paths) {
    denied = paths;
  }

  @Override
  public URI getUri() {
    return URI.create("failing:///");
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
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
    if (denied.test(path)) {
      throw new AccessDeniedException(path.toString());
    }
  }
}
