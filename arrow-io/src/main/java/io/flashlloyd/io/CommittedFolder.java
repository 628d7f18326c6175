package io.flashlloyd.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIOException;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An output folder as the run that was committed to it last has left it. The file {@code
 * _committed} in it names that run and its files. Each of them is in the run's hidden home, or,
 * once it was moved there, has its public name; it goes that way once and never back, so that what
 * is not in the home has its public name until another run is named. A folder without such a file
 * is taken as it is.
 *
 * <p>One thread.
 */
public final class CommittedFolder {
  /** First line: the run's id; then a line for each file, relative to the folder. */
  public static final String NAME = "_committed";

  /** What the hidden homes of runs are called; the run's id follows. */
  public static final String HOME = ".flashlloyd-";

  private static final Logger LOG = LoggerFactory.getLogger(CommittedFolder.class);
  private static final int MOST_REPLACEMENTS = 100;

  /** {@code run/model/data} is read by its name, too. */
  private static final int ABOVE = 2;

  private final FileSystem files;
  private final Path place;
  private final String within;
  private final String run;
  private final List<String> names;
  private Set<String> inHome;

  /** Reads something of a folder; may be asked again, where files have moved meanwhile. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(CommittedFolder folder) throws IOException;
  }

  /** Another run has been committed since the folder was opened. */
  public static final class ReplacedException extends IOException {
    private static final long serialVersionUID = 1L;

    ReplacedException(Path place) {
      super(
          "%s was replaced by another run while it was read; run the command again"
              .formatted(place));
    }
  }

  private CommittedFolder(
      FileSystem files, Path place, String within, String run, List<String> names)
      throws IOException {
    this.files = files;
    this.place = place;
    this.within = within;
    this.run = run;
    this.names = names;
    this.inHome = listHome();
  }

  /**
   * Opens an output folder.
   *
   * @throws VectorInputException where its {@code _committed} is damaged
   */
  public static CommittedFolder open(FileSystem files, Path path) throws IOException {
    return open(files, path, 0);
  }

  private static CommittedFolder open(FileSystem files, Path path, int above) throws IOException {
    Path place = files.makeQualified(path);
    String within = "";
    for (int depth = 0; depth <= above && place != null; depth++, place = place.getParent()) {
      Optional<List<String>> lines = lines(files, place);
      String prefix = within;
      if (lines.isPresent()) {
        List<String> names = lines.get().subList(1, lines.get().size());
        if (names.stream().anyMatch(name -> name.startsWith(prefix))) {
          return new CommittedFolder(files, place, within, lines.get().get(0), names);
        }
      }
      within = place.getName() + "/" + within;
    }
    return new CommittedFolder(files, files.makeQualified(path), "", null, List.of());
  }

  /**
   * Opens and reads an output folder, or a folder in one, as one run left it, whatever is committed
   * meanwhile.
   *
   * @throws ReplacedException where that would take for ever
   */
  public static <T> T reading(Path path, Configuration hadoop, Reader<T> reader)
      throws IOException {
    FileSystem files = path.getFileSystem(hadoop);
    for (int replaced = 1; ; replaced++) {
      try {
        return open(files, path, ABOVE).read(reader);
      } catch (ReplacedException e) {
        if (replaced == MOST_REPLACEMENTS) {
          throw e;
        }
      }
    }
  }

  /**
   * Reads this run, again where files have moved meanwhile.
   *
   * @throws ReplacedException where another run has been committed since this was opened
   */
  public <T> T read(Reader<T> reader) throws IOException {
    while (true) {
      try {
        T result = reader.read(this);
        requireCurrent(null);
        return result;
      } catch (ReplacedException e) {
        throw e;
      } catch (Exception e) { // Spark's are checked, and not declared
        requireCurrent(e);
        Set<String> before = inHome;
        inHome = listHome();
        if (before.equals(inHome)) {
          throw e;
        }
      }
    }
  }

  private void requireCurrent(Exception cause) throws IOException {
    String now = lines(files, place).map(lines -> lines.get(0)).orElse(null);
    if (!Objects.equals(now, run)) {
      ReplacedException replaced = new ReplacedException(place);
      if (cause != null) {
        replaced.addSuppressed(cause);
      }
      throw replaced;
    }
  }

  /** The run that was committed; empty where the folder does not say. */
  public Optional<String> run() {
    return Optional.ofNullable(run);
  }

  /** The names of all files of the run, relative to its folder; none where it does not say. */
  public List<String> names() {
    return names;
  }

  /**
   * Whether the run has a file or folder of this name, and a file is where the run put it.
   *
   * @throws ReplacedException where a file is gone with the whole run
   */
  public boolean has(String name) throws IOException {
    if (run != null && !names.contains(within + name)) {
      return names.stream().anyMatch(file -> isOf(file, name));
    }
    if (files.exists(file(name))) {
      return true;
    }
    inHome = listHome(); // it may have got its public name since
    boolean there = files.exists(file(name));
    if (!there) {
      requireCurrent(null);
    }
    return there;
  }

  /** Where a file is now. */
  public Path file(String name) {
    String full = within + name;
    return StoragePath.child(inHome.contains(full) ? home() : place, full);
  }

  /**
   * Where the files now are that a folder of this name holds, or the file of this name; those whose
   * names, or the folders' in it, begin with {@code _} or {@code .} are left out.
   *
   * @param name relative to the folder that was opened; empty for all
   */
  public List<Path> files(String name) throws IOException {
    List<Path> found = new ArrayList<>();
    if (run == null) {
      list(name.isEmpty() ? place : StoragePath.child(place, name), found);
      return found;
    }
    for (String file : names) {
      if (isOf(file, name)) {
        String below = file.substring(within.length() + name.length());
        if (!("/" + below).matches(".*/[._].*")) {
          found.add(file(file.substring(within.length())));
        }
      }
    }
    return found;
  }

  private boolean isOf(String file, String name) {
    String full = within + name;
    return file.equals(full) || file.startsWith(name.isEmpty() ? full : full + "/");
  }

  private void list(Path path, List<Path> found) throws IOException {
    FileStatus[] statuses = files.listStatus(path);
    Arrays.sort(statuses, Comparator.comparing(FileStatus::getPath));
    for (FileStatus status : statuses) {
      String name = status.getPath().getName();
      if (status.isDirectory() && !name.matches("[._].*")) {
        list(status.getPath(), found);
      } else if (!name.matches("[._].*")) {
        found.add(status.getPath());
      }
    }
  }

  private Path home() {
    return new Path(place, HOME + run);
  }

  private Set<String> listHome() throws IOException {
    while (run != null && files.exists(home())) {
      try {
        return new HashSet<>(below(files, home()));
      } catch (FileNotFoundException e) { // a folder has moved on while it was listed
        LOG.debug("{} is listed again: {}", home(), e.getMessage());
      }
    }
    return Set.of();
  }

  /**
   * The names of all files in a folder and its folders, hidden ones too, relative to it. Hadoop's
   * own way asks for each file's permissions, which takes a process each on a local disk.
   */
  public static List<String> below(FileSystem files, Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    for (FileStatus status : list(files, folder)) {
      String name = status.getPath().getName();
      if (status.isDirectory()) {
        below(files, status.getPath()).forEach(child -> names.add(name + "/" + child));
      } else {
        names.add(name);
      }
    }
    return names;
  }

  private static FileStatus[] list(FileSystem files, Path folder) throws IOException {
    try {
      return files.listStatus(folder);
    } catch (AccessDeniedException e) { // also of a local folder that goes while it is listed
      if (files.exists(folder)) {
        throw e;
      }
      throw (IOException) new FileNotFoundException(folder + " has gone").initCause(e);
    }
  }

  /** Of {@code _committed}; empty where there is none, or none that this user may look at. */
  private static Optional<List<String>> lines(FileSystem files, Path folder) throws IOException {
    Path file = new Path(folder, NAME);
    List<String> lines;
    try {
      lines = text(files, file, MOST_REPLACEMENTS).lines().toList();
    } catch (FileNotFoundException | ParentNotDirectoryException e) {
      return Optional.empty();
    } catch (AccessDeniedException | AccessControlException e) {
      LOG.debug("{} is not looked at: {}", file, e.getMessage());
      return Optional.empty();
    }
    if (lines.isEmpty() || !lines.get(0).matches("\\w+")) {
      throw new VectorInputException(
          file + " names no run (expected a run's id in its first line); is it of flashlloyd?");
    }
    return Optional.of(lines);
  }

  /** S3A refuses to read an object that was replaced since it was opened: what is there now is. */
  private static String text(FileSystem files, Path file, int attempts) throws IOException {
    try (InputStream in = files.open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (PathIOException e) { // of Hadoop's S3 module, which may be there at run time only
      if (attempts > 1 && e.getClass().getSimpleName().equals("RemoteFileChangedException")) {
        return text(files, file, attempts - 1);
      }
      throw e;
    }
  }
}
