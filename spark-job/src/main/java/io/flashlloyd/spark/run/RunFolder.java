package io.flashlloyd.spark.run;

import io.flashlloyd.io.CommittedFolder;
import io.flashlloyd.io.StoragePath;
import io.flashlloyd.spark.report.page.ReportPage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An output folder of a run, whose files appear in it all at once or not at all. Until they do,
 * they are in the run's home, a hidden folder in the output folder, where they can be written and
 * read as in any other; {@link Commit} says what happens then.
 */
public final class RunFolder implements AutoCloseable {
  /** What was done, for programs: runs have it. */
  public static final String REPORT = "report.json";

  /** One of these is in every output; others wait for it, so that it comes last. */
  static final List<String> REPORTS = List.of("drift.json", "export.json", REPORT);

  static final Comparator<String> REPORTS_LAST =
      Comparator.<String>comparingInt(REPORTS::indexOf).thenComparing(Comparator.naturalOrder());

  private static final Logger LOG = LoggerFactory.getLogger(RunFolder.class);

  /** What attempts at tasks name their files; see {@link AssignTask#attemptName}. */
  private static final String ATTEMPTS = ".*-\\d{5}-\\d+\\.\\w+";

  /** Before the file systems are closed. */
  private static final int HOOK_PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 1;

  private final Place place;
  private final FileSystem files;
  private final Path home;
  private final boolean found;
  private final Commit commit;
  private final Runnable hook = this::abandon;
  private final Map<String, Set<String>> kept = new HashMap<>();
  private boolean finished;

  private RunFolder(Place place) throws IOException {
    this.place = place;
    this.files = place.files();
    String id = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    this.home = new Path(place.path(), CommittedFolder.HOME + id);
    this.found = files.exists(place.path());
    this.commit =
        new Commit(place, home, place.hidden(), CommittedFolder.open(files, place.path()));
  }

  /**
   * A finished output that cannot be committed, or is, but not under all its public names. It is
   * not removed: the message says where it is.
   */
  public static final class KeptException extends IOException {
    private static final long serialVersionUID = 1L;

    KeptException(String message) {
      super(message);
    }

    KeptException(Path place, Path home, boolean committed, Throwable cause) {
      super(
          committed
              ? ("Output %s is written, but not all of it has its public name (%s): flashlloyd"
                      + " reads it, others lack what is in %s; run it again with --overwrite")
                  .formatted(place, cause.getMessage(), home)
              : ("Output %s cannot be put in its place (%s): what this run wrote is whole in %s;"
                      + " move that folder where you want it, or run again with --overwrite")
                  .formatted(place, cause.getMessage(), home),
          cause);
    }
  }

  /**
   * Looks, before any work is done, whether {@code uri} may become an output folder.
   *
   * @throws FileAlreadyExistsException where something is there and may not be replaced
   */
  public static void check(String uri, boolean overwrite, Configuration hadoop) throws IOException {
    Path path = new Path(qualified(uri, hadoop));
    if (path.isRoot()) {
      throw new IllegalArgumentException(
          "Output %s is a whole file system (expected a folder in it)".formatted(uri));
    }
    Place place = new Place(path, hadoop);
    FileSystem files = place.files();
    if (!files.exists(path)) {
      return;
    }
    if (!overwrite && (!isFolder(files, path) || !place.visible().isEmpty())) {
      throw new FileAlreadyExistsException(
          ("Output %s exists (expected no such folder, or an empty one); give --overwrite to"
                  + " replace it, or another --output")
              .formatted(uri));
    }
    // A mistyped --output must not cost somebody's files.
    if (!isFolder(files, path)) {
      throw new FileAlreadyExistsException(
          "Output %s is a file (expected a folder that an earlier run wrote; remove it, or give"
                  .formatted(uri)
              + " another --output)");
    }
    List<String> there = place.visible();
    if (!there.isEmpty()
        && CommittedFolder.open(files, path).run().isEmpty()
        && there.stream().noneMatch(REPORTS::contains)) {
      throw new FileAlreadyExistsException(
          ("Output %s holds %s, and no output of an earlier run (expected %s in it, or nothing;"
                  + " remove it, or give another --output)")
              .formatted(uri, there.get(0), String.join(" or ", REPORTS)));
    }
  }

  private static boolean isFolder(FileSystem files, Path path) throws IOException {
    return files.getFileStatus(path).isDirectory();
  }

  /**
   * Refuses to replace, at the end, a folder that holds what the run reads.
   *
   * @param read files and folders
   */
  public static void checkOutside(String uri, Iterable<String> read, Configuration hadoop)
      throws IOException {
    for (String source : read) {
      if (isIn(qualified(source, hadoop), qualified(uri, hadoop))) {
        throw new IllegalArgumentException(
            "Output %s holds the input %s and would replace it (expected another folder)"
                .formatted(uri, source));
      }
    }
  }

  /** Refuses a checkpoint in the output folder, which would be taken for an output. */
  public static void checkApart(String uri, String checkpoint, Configuration hadoop)
      throws IOException {
    if (isIn(qualified(checkpoint, hadoop), qualified(uri, hadoop))) {
      throw new IllegalArgumentException(
          "--checkpoint %s is in the output %s, which appears when all is done (expected a folder"
                  .formatted(checkpoint, uri)
              + " elsewhere)");
    }
  }

  private static boolean isIn(String path, String folder) {
    return path.equals(folder) || path.startsWith(folder + "/");
  }

  /**
   * The URI with its scheme and from the root, local links followed, so that it means the same
   * everywhere and tomorrow.
   */
  public static String qualified(String uri, Configuration hadoop) throws IOException {
    Path path = StoragePath.of(uri);
    Path qualified = path.getFileSystem(hadoop).makeQualified(path);
    return "file".equals(qualified.toUri().getScheme())
        ? new Path("file", null, followed(StoragePath.local(qualified))).toString()
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
    RunFolder folder = new RunFolder(new Place(new Path(qualified(uri, hadoop)), hadoop));
    folder.make();
    // Runs where a signal ends the process before close() can.
    ShutdownHookManager.get().addShutdownHook(folder.hook, HOOK_PRIORITY);
    return folder;
  }

  private void make() throws IOException {
    try {
      if (place.make(home)) {
        Owner.write(files, new Path(home, Owner.NAME));
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
            .formatted(place.path(), reason),
        cause);
  }

  /** The folder as it is until the commit. */
  public Path writing() {
    return home;
  }

  /** Where to write, and to read, a file or folder of this name until the commit. */
  public Path path(String child) {
    return new Path(home, child);
  }

  public FileSystem files() {
    return files;
  }

  /** The folder's place, which shows nothing of this run before the commit. */
  Path target() {
    return place.path();
  }

  /**
   * Where attempts at tasks write the files of a folder of this name; made by this call. An attempt
   * that Spark gave up, and that runs on, does not know the folder by the name that {@link #keep}
   * gives it, but for object stores, where that would be a copy, and where what nobody names stays
   * hidden.
   */
  public Path attempts(String name) throws IOException {
    Path attempts = path(place.copies() ? name : "." + name);
    files.mkdirs(attempts);
    return attempts;
  }

  /**
   * Makes what attempts wrote the folder of this name.
   *
   * @param results names of the files that results name; others are removed
   * @throws IOException where one of them is not there
   */
  public void keep(String name, Collection<String> results) throws IOException {
    kept.put(name, Set.copyOf(results));
    Path folder = path(name);
    if (!place.copies() && !files.rename(attempts(name), folder)) {
      throw new IOException("Renaming %s to %s failed".formatted(attempts(name), folder));
    }
    Set<String> missing = new HashSet<>(results);
    for (FileStatus file : files.listStatus(folder)) {
      if (!missing.remove(file.getPath().getName())) {
        files.delete(file.getPath(), true);
      }
    }
    if (!missing.isEmpty()) {
      throw new IOException(
          "%d of %d files are not in %s, %s for one (expected all that tasks wrote)"
              .formatted(missing.size(), results.size(), folder, missing.iterator().next()));
    }
  }

  /** Writes {@code report.html} and {@code report.json}. */
  public void write(ReportPage page) throws IOException {
    try (OutputStream out = files.create(path("report.html"), false)) {
      page.write(out);
    }
    try (OutputStream out = files.create(path(REPORT), false)) {
      page.report().write(out);
    }
  }

  /**
   * Makes what was written the output; what was there goes.
   *
   * @throws KeptException where it cannot
   */
  public void commit() throws IOException {
    finished = true;
    if (!files.exists(home)) {
      throw lost();
    }
    commit.run(names());
  }

  /** What was written, the report last. */
  private List<String> names() throws IOException {
    return CommittedFolder.below(files, home).stream()
        .filter(name -> !("/" + name).contains("/.")) // scratch, and what attempts left half done
        .filter(name -> !isLate(name))
        .sorted(REPORTS_LAST)
        .toList();
  }

  /** Whether an attempt wrote it, after all, that no result names. */
  private boolean isLate(String name) {
    Path path = new Path(name);
    Set<String> results = kept.get(path.getParent().getName());
    return results != null && path.getName().matches(ATTEMPTS) && !results.contains(path.getName());
  }

  private KeptException lost() {
    return new KeptException(
        ("Output %s: another run has put its output there since this one began, and took this one"
                + " for dead: what it wrote is gone")
            .formatted(place.path()));
  }

  /** Removes what was written, unless it was finished. A signal's thread waits until it is gone. */
  @Override
  public synchronized void close() throws IOException {
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(hook);
    }
    if (finished) {
      return;
    }
    finished = true;
    boolean there = files.delete(home, true);
    if (!found && files.exists(place.path()) && files.listStatus(place.path()).length == 0) {
      files.delete(place.path(), false);
    }
    if (!there) {
      throw lost();
    }
  }

  private void abandon() {
    try {
      close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} is not removed ({}): remove it", home, e.getMessage());
    }
  }
}
