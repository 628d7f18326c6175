package io.flashlloyd.spark.run;

import java.io.IOException;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.S3AFileSystem;

/** Hadoop's own S3A, but for renames of sources that a test names. */
public final class FailingS3 extends S3AFileSystem {
  private static Predicate<Path> failing = path -> false;

  static void register(Configuration hadoop) {
    hadoop.setClass("fs.s3a.impl", FailingS3.class, FileSystem.class);
  }

  static void failRenamesOf(Predicate<Path> sources) {
    failing = sources;
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return !failing.test(from) && super.rename(from, to);
  }
}
