package io.flashlloyd.spark.run;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The local disk under the scheme of an object store, where a rename is a copy. */
public final class StoreFileSystem extends FailingFileSystem {
  /** One test at a time. */
  private static final List<String> COPIED = new ArrayList<>();

  static Configuration configuration() {
    Configuration hadoop = FailingFileSystem.configuration();
    hadoop.setClass("fs.gs.impl", StoreFileSystem.class, FileSystem.class);
    return hadoop;
  }

  /** Names of the files that were copied since this was cleared. */
  static List<String> copied() {
    return COPIED;
  }

  @Override
  public URI getUri() {
    return URI.create("gs:///");
  }

  @Override
  public String getScheme() {
    return "gs";
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    synchronized (COPIED) {
      COPIED.add(from.getName());
    }
    return super.rename(from, to);
  }
}
