package io.flashlloyd.spark.run;

import java.io.IOException;
import java.net.URI;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk under the scheme {@code failing:}, with renames that fail when a test says so. */
public final class FailingFileSystem extends RawLocalFileSystem {
  /** Sources of renames that fail. One test at a time. */
  private static Predicate<Path> failing = path -> false;

  static Configuration configuration() {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.failing.impl", FailingFileSystem.class, FileSystem.class);
    return hadoop;
  }

  static void failRenamesOf(Predicate<Path> sources) {
    failing = sources;
  }

  @Override
  public URI getUri() {
    return URI.create("failing:///");
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return !failing.test(from) && super.rename(from, to);
  }
}
