package io.flashlloyd.spark.cli;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.AccessControlException;

/**
 * The local disk under the scheme {@code denied:}, with files that nobody may open and folders that
 * nobody may write in, so that root is denied too.
 */
public final class DeniedFileSystem extends RawLocalFileSystem {
  static void register(Configuration hadoop) {
    hadoop.setClass(
        "fs.denied.impl", DeniedFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
  }

  @Override
  public URI getUri() {
    return URI.create("denied:///");
  }

  @Override
  public String getScheme() {
    return "denied";
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    throw denied("READ", path);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    throw denied("WRITE", path);
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) throws IOException {
    throw denied("WRITE", path);
  }

  private static AccessControlException denied(String access, Path path) {
    return new AccessControlException(
        "Permission denied: user=tester, access=%s, inode=\"%s\""
            .formatted(access, path.toUri().getPath()));
  }
}
