package io.flashlloyd.spark.run;

import io.flashlloyd.io.CommittedFolder;
import io.flashlloyd.io.StoragePath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Where an output goes, and what its file system can do in one step. A local disk renames over a
 * file, and never copies instead, as Hadoop's own rename would; HDFS renames over a file too; an
 * object store replaces an object by a PUT, and renames by a copy.
 */
final class Place {
  private static final int COPIES_AT_ONCE = 16;

  private final FileSystem files;
  private final Path path;

  Place(Path path, Configuration hadoop) throws IOException {
    this.path = path;
    this.files = path.getFileSystem(hadoop);
  }

  Path path() {
    return path;
  }

  FileSystem files() {
    return files;
  }

  private boolean local() {
    return "file".equals(path.toUri().getScheme());
  }

  /** Whether a rename there is a copy. */
  boolean copies() {
    return StoragePath.renamesByCopy(path);
  }

  /** Makes a folder; on a local disk with the permissions that the process gives, not Hadoop's. */
  boolean make(Path folder) throws IOException {
    if (!local()) {
      return files.mkdirs(folder);
    }
    Files.createDirectories(nio(folder));
    return true;
  }

  /** Names that others see; what the file system itself has there is not among them. */
  List<String> visible() throws IOException {
    return list()
        .map(Path::getName)
        .filter(name -> !name.startsWith("."))
        .filter(name -> !name.equals(CommittedFolder.NAME) && !name.equals("lost+found"))
        .toList();
  }

  /** What runs have there under hidden names. */
  Set<Path> hidden() throws IOException {
    return list()
        .filter(child -> child.getName().startsWith(CommittedFolder.HOME))
        .collect(Collectors.toSet());
  }

  private Stream<Path> list() throws IOException {
    return files.exists(path)
        ? Arrays.stream(files.listStatus(path)).map(FileStatus::getPath)
        : Stream.of();
  }

  /** Writes the manifest that {@link #commit} is to put in its place. */
  void write(Path manifest, String run, List<String> names) throws IOException {
    String lines = run + "\n" + String.join("\n", names) + "\n";
    try (FSDataOutputStream out = files.create(manifest, true)) {
      out.write(lines.getBytes(StandardCharsets.UTF_8));
      if (!copies()) {
        out.hsync();
      }
    }
  }

  /**
   * Forces all that is in a local folder to the disk, with the permissions that the process would
   * have given it. Elsewhere what is closed is kept.
   */
  void force(Path folder) throws IOException {
    if (!local()) {
      return;
    }
    int mode = mode(nio(folder));
    List<java.nio.file.Path> all;
    try (Stream<java.nio.file.Path> walk = Files.walk(nio(folder))) {
      all = walk.sorted(Comparator.reverseOrder()).toList(); // what is in a folder before it
    }
    for (java.nio.file.Path one : all) {
      int wanted = Files.isDirectory(one) ? mode & 0777 : mode & 0666;
      int found = mode(one);
      if ((found & 0777) != wanted) {
        Files.setAttribute(one, "unix:mode", (found & ~0777) | wanted);
      }
      sync(one);
    }
  }

  private static int mode(java.nio.file.Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:mode");
  }

  private static void sync(java.nio.file.Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Forces the names in the place, as {@link #force} does what they name. */
  void settle() throws IOException {
    if (local()) {
      sync(nio(path));
    }
  }

  /** The one step of a commit: the manifest is in its place, over an older one. */
  void commit(Path manifest) throws IOException {
    Path to = new Path(path, CommittedFolder.NAME);
    if (copies()) {
      put(manifest, to);
    } else {
      move(manifest, to);
      settle();
    }
  }

  /**
   * Gives a file or folder of a run its public name. A folder that has it goes to a hidden name
   * first, beside it: it cannot go into another folder where only its owner may write in it.
   *
   * @param names of the run's files
   */
  void publish(Path home, String name, List<String> names) throws IOException {
    Path from = new Path(home, name);
    Path to = new Path(path, name);
    if (!copies()) {
      if (isFolder(to) || (isFolder(from) && files.exists(to))) {
        move(to, home.suffix("." + name));
      }
      move(from, to);
    } else if (RunFolder.REPORTS.contains(name)) { // others wait for it: it is always there
      put(from, to);
    } else {
      files.delete(to, true);
      copy(home, names.stream().filter(file -> (file + "/").startsWith(name + "/")).toList());
    }
  }

  private boolean isFolder(Path any) throws IOException {
    return files.exists(any) && files.getFileStatus(any).isDirectory();
  }

  private void copy(Path home, List<String> names) throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(COPIES_AT_ONCE);
    try {
      List<Callable<Void>> copies =
          names.stream().<Callable<Void>>map(name -> () -> copy(home, name)).toList();
      for (Future<Void> copy : threads.invokeAll(copies)) {
        copy.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while files were copied");
    } finally {
      threads.shutdown();
    }
  }

  private Void copy(Path home, String name) throws IOException {
    Path to = new Path(path, name);
    files.mkdirs(to.getParent());
    rename(new Path(home, name), to);
    return null;
  }

  private void put(Path from, Path to) throws IOException {
    byte[] bytes;
    try (FSDataInputStream in = files.open(from)) {
      bytes = in.readAllBytes();
    }
    try (FSDataOutputStream out = files.create(to, true)) {
      out.write(bytes);
    }
  }

  /** In one step, over a file that is there. */
  private void move(Path from, Path to) throws IOException {
    if (local()) {
      Files.deleteIfExists(nio(new Path(to.getParent(), "." + to.getName() + ".crc")));
      Files.move(nio(from), nio(to), StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    try {
      FileContext.getFileContext(path.toUri(), files.getConf())
          .rename(from, to, Options.Rename.OVERWRITE);
    } catch (UnsupportedFileSystemException e) { // then nothing is read of it in one step, either
      files.delete(to, false);
      rename(from, to);
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("Renaming %s to %s failed".formatted(from, to));
    }
  }

  private static java.nio.file.Path nio(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }
}
