package io.flashlloyd.io;

import io.flashlloyd.io.source.Glob;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Paths as users write them to Hadoop's. A name is taken as it is: what a glob, a URI or a shell
 * would read into its characters is not.
 */
public final class StoragePath {
  /** Hadoop opens these, but can neither list them nor read at a position. */
  private static final Set<String> WEB = Set.of("http", "https");

  /** What Java puts for bytes of an argument that the locale has no characters for. */
  private static final char UNDECODED = '\ufffd';

  /** Schemes of stores that know no folders; {@code s3} is that of EMR. */
  private static final Set<String> OBJECT_STORES =
      Set.of("s3", "s3a", "gs", "oss", "cosn", "obs", "swift", "wasb", "wasbs");

  private StoragePath() {}

  /** Whether a path is in an object store, where a rename is a copy. */
  public static boolean renamesByCopy(Path path) {
    String scheme = path.toUri().getScheme();
    return scheme != null && OBJECT_STORES.contains(scheme);
  }

  /**
   * A path, which need not be there.
   *
   * @throws VectorInputException where it is none, or none that this JVM can hand to the system
   */
  public static Path of(String uri) throws VectorInputException {
    String scheme = uri.substring(0, Math.max(0, uri.indexOf(':'))).toLowerCase(Locale.ROOT);
    boolean lost = uri.indexOf(UNDECODED) >= 0 && !charset().equals(StandardCharsets.UTF_8);
    if (WEB.contains(scheme)) {
      throw new VectorInputException(
          "%s: the web is not read (expected a path, file:, hdfs: or s3a:); download it first"
              .formatted(uri));
    }
    if (lost) {
      throw notInLocale(uri);
    }
    try {
      // To Hadoop //a/b is b on the host a; to everybody else it is /a/b.
      return new Path(uri.startsWith("//") ? uri.replaceFirst("^/+", "/") : uri);
    } catch (IllegalArgumentException e) {
      // A colon in a relative name, which is no scheme where there is such a file.
      if (isLocal(uri)) {
        return new Path(null, null, java.nio.file.Path.of(uri).toAbsolutePath().toString());
      }
      throw new VectorInputException(
          StorageProblem.of(e).orElse("'%s' is not a path (%s)".formatted(uri, e.getMessage())), e);
    }
  }

  /**
   * What a path names, in path order: itself where it is there, and what it matches as a glob else.
   */
  public static List<Path> matches(FileSystem files, Path path) throws IOException {
    return Glob.paths(files, path);
  }

  /**
   * The file system of a path, without checksums where its name has a colon: Hadoop cannot name a
   * checksum's file for such a one.
   */
  public static FileSystem fileSystem(Path path, Configuration hadoop) throws IOException {
    FileSystem files = path.getFileSystem(hadoop);
    return files instanceof ChecksumFileSystem checked && path.getName().contains(":")
        ? checked.getRawFileSystem()
        : files;
  }

  /** A name in a folder, whatever characters it has. */
  public static Path child(Path folder, String name) {
    return new Path(folder, new Path(null, null, name));
  }

  /** What to do about a name that this JVM cannot read or write; empty where it can do any. */
  public static String localeRemedy() {
    return charset().equals(StandardCharsets.UTF_8)
        ? "rename it"
        : "run with LC_ALL=C.UTF-8, or rename it";
  }

  /** What names of local files are written in, to this JVM: the charset of its start's locale. */
  public static Charset charset() {
    return Charset.forName(System.getProperty("sun.jnu.encoding"));
  }

  /** A path of a local disk as the system takes it. */
  public static java.nio.file.Path local(Path path) throws VectorInputException {
    try {
      return java.nio.file.Path.of(path.toUri().getPath());
    } catch (InvalidPathException e) {
      throw notInLocale(path.toString());
    }
  }

  private static boolean isLocal(String uri) {
    try {
      return Files.exists(java.nio.file.Path.of(uri));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** The system would get question marks instead, and answer for another name. */
  private static VectorInputException notInLocale(String uri) {
    return new VectorInputException(
        "%s: this path cannot be written in %s, the locale's charset for names of files; %s"
            .formatted(uri, charset(), localeRemedy()));
  }
}
