package io.flashlloyd.spark.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of this process in a place that others share. Its mode is 0700; a lock in it is held for
 * the life of the process, so that the next process of the same user can tell what a killed one
 * left, and remove it. What belongs to others is neither opened nor followed.
 */
public final class ProcessFolder {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessFolder.class);
  private static final String LOCK = "lock";
  private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<Set<PosixFilePermission>> OURS_ONLY =
      PosixFilePermissions.asFileAttribute(OURS);

  /**
   * The folders of this process. Their locks must not be tried: POSIX locks belong to the process,
   * and closing a second channel of a file gives up the lock that the first one holds.
   */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path path;

  /** Open for the life of the process: closing it would give the lock up. */
  private final FileChannel lock;

  private ProcessFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Makes a folder of this name; its parent is there. */
  static ProcessFolder create(Path path) throws IOException {
    // It gets its name with the lock held: whoever finds it unlocked may take it for a dead one's.
    Path unnamed = path.resolveSibling("." + path.getFileName());
    Files.createDirectory(unnamed, OURS_ONLY);
    FileChannel lock =
        FileChannel.open(
            unnamed.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    if (lock.tryLock() == null) {
      throw new IOException(unnamed + " is another process's (expected this one's own)");
    }
    OWN.add(path.toAbsolutePath().normalize());
    Files.move(unnamed, path, StandardCopyOption.ATOMIC_MOVE);
    return new ProcessFolder(path, lock);
  }

  /** Makes a folder in the place, named by the prefix and a random number; removes dead ones. */
  public static ProcessFolder create(Path place, String prefix) throws IOException {
    ProcessFolder made = create(place.resolve(prefix + UUID.randomUUID()));
    UserPrincipal user = Files.getOwner(made.path);
    try (DirectoryStream<Path> others = Files.newDirectoryStream(place, prefix + "*")) {
      for (Path other : others) {
        if (isDead(other, user)) {
          remove(other);
        }
      }
    }
    return made;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Makes it anew where somebody has removed it: a Spark context that was stopped, say. */
  void ensure() throws IOException {
    Files.createDirectories(path, OURS_ONLY);
  }

  /** Removes it with all that is in it. */
  public void delete() throws IOException {
    lock.close();
    deleteAll(path);
    OWN.remove(path.toAbsolutePath().normalize());
  }

  /** Removes the folders that hold one of this name that a dead process of the user left. */
  static void sweepHolders(Path place, String name, UserPrincipal user) throws IOException {
    try (DirectoryStream<Path> holders = Files.newDirectoryStream(place)) {
      for (Path holder : holders) {
        PosixFileAttributes found = attributes(holder);
        boolean ours = found != null && found.isDirectory() && found.owner().equals(user);
        if (ours && isDead(holder.resolve(name), user)) {
          remove(holder);
        }
      }
    }
  }

  private static boolean isDead(Path folder, UserPrincipal user) throws IOException {
    PosixFileAttributes found = attributes(folder);
    if (OWN.contains(folder.toAbsolutePath().normalize())
        || found == null
        || !found.isDirectory()
        || !found.owner().equals(user)
        || !found.permissions().equals(OURS)) {
      return false;
    }
    PosixFileAttributes lock = attributes(folder.resolve(LOCK));
    if (lock == null || !lock.isRegularFile()) {
      return false;
    }
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(LOCK), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        FileLock free = channel.tryLock()) {
      return free != null;
    } catch (OverlappingFileLockException e) {
      return false; // this process's own, by another name
    }
  }

  /** Of the thing itself, not of what a link points to; null where it is gone or not to be read. */
  private static PosixFileAttributes attributes(Path path) {
    try {
      return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      return null; // another process's, which that one may remove or hide at any time
    }
  }

  private static void remove(Path folder) {
    try {
      deleteAll(folder);
    } catch (IOException e) {
      // Two processes may sweep at once; room that stays taken is no reason not to run.
      LOG.warn("What a killed process left in {} cannot be removed: {}", folder, e.toString());
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> tree = Files.walk(folder)) { // links are not followed
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
