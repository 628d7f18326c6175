package io.flashlloyd.spark.run;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * An output folder that appears whole or not at all: written beside its place under a hidden name,
 * renamed at the end. On object stores a rename is no single step, but a copy of one file after
 * another in no order: there {@code report.json} is moved when all others are, and readers require
 * it.
 */
public final class RunFolder implements AutoCloseable {
  /** One of these is in every folder that is written here, so that no other is replaced. */
  private static final List<String> REPORTS = List.of("report.json", "drift.json", "export.json");

  /** Schemes of stores that know no folders. */
  private static final Set<String> OBJECT_STORES =
      Set.of("s3a", "gs", "oss", "cosn", "obs", "swift", "wasb", "wasbs");

  private final FileSystem files;
  private final Path target;
  private final Path writing;
  private final Path replaced;
  private final boolean overwrite;
  private boolean committed;

  private RunFolder(FileSystem files, Path target, boolean overwrite) {
    this.files = files;
    this.target = target;
    this.overwrite = overwrite;
    String id = UUID.randomUUID().toString().substring(0, 8);
    this.writing = leftovers().writing(id);
    this.replaced = leftovers().replaced(id);
  }

  /**
   * Looks, before any work is done, whether {@code uri} may become an output folder.
   *
   * @throws FileAlreadyExistsException where something is there and may not be replaced
   */
  public static void check(String uri, boolean overwrite, Configuration hadoop) throws IOException {
    Path target = new Path(qualified(uri, hadoop));
    if (target.isRoot()) {
      throw new IllegalArgumentException(
          "Output %s is a whole file system (expected a folder in it)".formatted(uri));
    }
    FileSystem files = target.getFileSystem(hadoop);
    if (!files.exists(target)) {
      return;
    }
    if (!overwrite) {
      throw new FileAlreadyExistsException(
          "Output " + uri + " exists (give --overwrite to replace it, or another --output)");
    }
    checkOurs(uri, target, files);
  }

  /** A mistyped --output must not cost somebody's files. */
  private static void checkOurs(String uri, Path target, FileSystem files) throws IOException {
    if (!files.getFileStatus(target).isDirectory()) {
      throw new FileAlreadyExistsException(
          "Output %s is a file (expected a folder that an earlier run wrote; remove it, or give"
                  .formatted(uri)
              + " another --output)");
    }
    FileStatus[] children = files.listStatus(target);
    if (children.length > 0
        && Arrays.stream(children).noneMatch(c -> REPORTS.contains(c.getPath().getName()))) {
      throw new FileAlreadyExistsException(
          ("Output %s holds %s, and no output of an earlier run (expected %s in it, or nothing;"
                  + " remove it, or give another --output)")
              .formatted(uri, children[0].getPath().getName(), String.join(" or ", REPORTS)));
    }
  }

  /**
   * Refuses to replace, at the end, a folder that holds what the run reads.
   *
   * @param read files and folders
   */
  public static void checkOutside(String uri, Iterable<String> read, Configuration hadoop)
      throws IOException {
    String target = qualified(uri, hadoop);
    for (String source : read) {
      String path = qualified(source, hadoop);
      if (path.equals(target) || path.startsWith(target + "/")) {
        throw new IllegalArgumentException(
            "Output %s holds the input %s and would replace it (expected another folder)"
                .formatted(uri, source));
      }
    }
  }

  /** Refuses a checkpoint in the output folder, where the commit would find it in its way. */
  public static void checkApart(String uri, String checkpoint, Configuration hadoop)
      throws IOException {
    String target = qualified(uri, hadoop);
    String path = qualified(checkpoint, hadoop);
    if (path.equals(target) || path.startsWith(target + "/")) {
      throw new IllegalArgumentException(
          "--checkpoint %s is in the output %s, which appears when all is done (expected a folder"
                  .formatted(checkpoint, uri)
              + " elsewhere)");
    }
  }

  /**
   * The URI with its scheme and from the root, local links followed, so that it means the same
   * everywhere and tomorrow.
   */
  static String qualified(String uri, Configuration hadoop) throws IOException {
    Path path = new Path(uri);
    Path qualified = path.getFileSystem(hadoop).makeQualified(path);
    return "file".equals(qualified.toUri().getScheme())
        ? new Path("file", null, followed(java.nio.file.Path.of(qualified.toUri().getPath())))
            .toString()
        : qualified.toString();
  }

  /** The real path of what is there, and the rest. */
  private static String followed(java.nio.file.Path path) throws IOException {
    if (Files.exists(path) || path.getParent() == null) {
      return path.toRealPath().toString();
    }
    return java.nio.file.Path.of(followed(path.getParent())).resolve(path.getFileName()).toString();
  }

  /** Begins a folder at {@code uri}; {@link #check} must hold. */
  public static RunFolder create(String uri, boolean overwrite, Configuration hadoop)
      throws IOException {
    check(uri, overwrite, hadoop);
    Path target = new Path(qualified(uri, hadoop));
    FileSystem files = target.getFileSystem(hadoop);
    RunFolder folder = new RunFolder(files, target, overwrite);
    folder.make();
    // Hadoop removes it where a signal ends the JVM before close() can.
    files.deleteOnExit(folder.writing);
    return folder;
  }

  /**
   * Removes what a run to the same place left when it was killed. Only where it is known to be
   * dead: a living one would lose its files.
   */
  static void removeLeftovers(String uri, Configuration hadoop) throws IOException {
    Path target = new Path(qualified(uri, hadoop));
    new Leftovers(target.getFileSystem(hadoop), target).removeWriting();
  }

  /**
   * Refuses a folder that is to be read and is not there, where a run that was to replace it was
   * killed at the wrong moment.
   *
   * @throws IllegalArgumentException naming what is left of both
   */
  public static void checkNotCutOff(String uri, Configuration hadoop) throws IOException {
    Path target = new Path(qualified(uri, hadoop));
    if (!target.isRoot()) {
      new Leftovers(target.getFileSystem(hadoop), target).requireNoneCutOff();
    }
  }

  private Leftovers leftovers() {
    return new Leftovers(files, target);
  }

  private void make() throws IOException {
    try {
      if (files.mkdirs(writing)) {
        return;
      }
    } catch (IOException e) {
      throw cannotCreate(e.getMessage(), e);
    }
    throw cannotCreate("its parent is no folder, or not to be written in", null);
  }

  private IOException cannotCreate(String reason, IOException cause) {
    return new IOException(
        "Output %s cannot be created (%s); give --output where you may write"
            .formatted(target, reason),
        cause);
  }

  /** The folder as it is until the commit. */
  public Path writing() {
    return writing;
  }

  /** Where to write a file or folder of this name until the commit. */
  public Path path(String child) {
    return new Path(writing, child);
  }

  public FileSystem files() {
    return files;
  }

  /** The folder's place, which holds nothing of this run before the commit. */
  public Path target() {
    return target;
  }

  /** Puts the folder in its place; what was there goes only once this is there. */
  public void commit() throws IOException {
    boolean replaces = files.exists(target);
    if (replaces && !overwrite) {
      throw new FileAlreadyExistsException(
          "Output " + target + " came into being meanwhile (give --overwrite to replace it)");
    }
    if (replaces) {
      rename(target, replaced);
    }
    try {
      moveToTarget();
    } catch (IOException e) {
      if (replaces) {
        rename(replaced, target);
      }
      throw e;
    }
    files.cancelDeleteOnExit(writing);
    committed = true;
    leftovers().removeReplaced(); // this run's, and those of runs that were killed here
  }

  private void moveToTarget() throws IOException {
    if (!OBJECT_STORES.contains(target.toUri().getScheme())) {
      rename(writing, target);
      return;
    }
    files.mkdirs(target);
    FileStatus[] children = files.listStatus(writing);
    Arrays.sort(children, Comparator.comparing(c -> REPORTS.contains(c.getPath().getName())));
    for (FileStatus child : children) {
      rename(child.getPath(), new Path(target, child.getPath().getName()));
    }
    files.delete(writing, true);
  }

  private void rename(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("Renaming %s to %s failed".formatted(from, to));
    }
  }

  /** Removes what was written, unless it was committed. */
  @Override
  public void close() throws IOException {
    if (!committed) {
      files.delete(writing, true);
    }
  }
}
