package io.flashlloyd.spark.run;

import io.flashlloyd.io.CommitMark;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * An output folder that appears whole or not at all: written beside its place under a hidden name,
 * renamed at the end. On object stores, where that is no single step, it is marked as not whole
 * until it is. Of two runs that commit to a place at the same moment one wins, and the other's
 * output stays where it was written; see {@link Commit} and {@link Leftovers}.
 */
public final class RunFolder implements AutoCloseable {
  private final FileSystem files;
  private final Path target;
  private final String id = UUID.randomUUID().toString().substring(0, 8);
  private final Path writing;
  private final boolean overwrite;
  private final List<Path> leftBefore;
  private final List<Path> finishedBefore;
  private boolean finished;

  private RunFolder(FileSystem files, Path target, boolean overwrite) throws IOException {
    this.files = files;
    this.target = target;
    this.overwrite = overwrite;
    this.leftBefore = leftovers().all();
    this.finishedBefore = overwrite ? leftovers().finished(leftBefore) : List.of();
    this.writing = leftovers().writing(id);
  }

  /**
   * Looks, before any work is done, whether {@code uri} may become an output folder.
   *
   * @throws FileAlreadyExistsException where something is there and may not be replaced
   * @throws IllegalArgumentException where that is in hidden folders beside it, since a run that
   *     was to replace it was killed
   * @throws io.flashlloyd.io.VectorInputException where it is marked as not whole
   */
  public static void check(String uri, boolean overwrite, Configuration hadoop) throws IOException {
    Path target = new Path(qualified(uri, hadoop));
    if (target.isRoot()) {
      throw new IllegalArgumentException(
          "Output %s is a whole file system (expected a folder in it)".formatted(uri));
    }
    FileSystem files = target.getFileSystem(hadoop);
    Leftovers leftovers = new Leftovers(files, target);
    if (!overwrite) {
      leftovers.requireNoneCutOff(", or give --overwrite to do without both");
    }
    if (!files.exists(target)) {
      return;
    }
    if (!overwrite) {
      throw new FileAlreadyExistsException(
          "Output " + uri + " exists (give --overwrite to replace it, or another --output)");
    }
    if (CommitMark.read(files, target).isEmpty()) {
      checkOurs(uri, target, files);
    }
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
        && Arrays.stream(children)
            .noneMatch(c -> FolderMove.REPORTS.contains(c.getPath().getName()))) {
      throw new FileAlreadyExistsException(
          ("Output %s holds %s, and no output of an earlier run (expected %s in it, or nothing;"
                  + " remove it, or give another --output)")
              .formatted(
                  uri, children[0].getPath().getName(), String.join(" or ", FolderMove.REPORTS)));
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
  public static String qualified(String uri, Configuration hadoop) throws IOException {
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
   * Refuses a folder that is to be read and is not there, where a run that was to replace it was
   * killed at the wrong moment, or that is marked as not whole.
   *
   * @throws IllegalArgumentException naming what is left of both
   * @throws io.flashlloyd.io.VectorInputException with what the mark says
   */
  public static void checkNotCutOff(String uri, Configuration hadoop) throws IOException {
    Path target = new Path(qualified(uri, hadoop));
    if (!target.isRoot()) {
      new Leftovers(target.getFileSystem(hadoop), target).requireNoneCutOff("");
    }
  }

  /**
   * Removes what runs to the same place had not finished when this one began. Only where they are
   * known to be dead, as when their checkpoint is resumed: a living one would lose its files.
   */
  void removeUnfinished() throws IOException {
    leftovers().removeUnfinished(leftBefore);
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

  /**
   * Puts the folder in its place; what was there goes only once this is there.
   *
   * @throws OutputKeptException where it cannot; what was there is there again
   */
  public void commit() throws IOException {
    finished = true;
    files.cancelDeleteOnExit(writing);
    new Commit(files, target, id).run(overwrite, leftBefore, finishedBefore);
  }

  /** Removes what was written, unless it was finished. */
  @Override
  public void close() throws IOException {
    if (!finished) {
      files.delete(writing, true);
    }
  }
}
