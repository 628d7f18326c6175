package io.flashlloyd.spark.store;

import io.flashlloyd.io.ChunkFile;
import io.flashlloyd.io.VectorChunk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Chunks on the local disks of this process, in turn on each. Spark removes its local folders, and
 * ours in them, when a process ends; what one left that was killed is removed by the next one here:
 * a living owner holds the lock of its folder. Thread-safe.
 */
final class SpillFolder {
  private static final String NAME = "flashlloyd-chunks";
  private static final String LOCK = "lock";

  private final List<Path> folders = new ArrayList<>();
  private final List<FileChannel> locks = new ArrayList<>();
  private long written;

  /**
   * @param localFolders of this process, one for each disk
   */
  SpillFolder(List<Path> localFolders) throws IOException {
    for (Path local : localFolders) {
      sweep(local.toAbsolutePath().getParent());
      Path folder = Files.createDirectories(local.resolve(NAME));
      FileChannel lock =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock.tryLock() == null) {
        throw new IOException(folder + " is another process's (expected this one's own)");
      }
      locks.add(lock);
      folders.add(folder);
    }
  }

  /** The first of the folders. */
  Path first() {
    return folders.get(0);
  }

  /** Writes a chunk; {@code budget} is for the error where the disk is full. */
  ChunkFile write(long id, VectorChunk chunk, long budget) throws IOException {
    Path path = next("chunk-" + id);
    try {
      // A Spark context that was stopped in this process has taken its local folders with it.
      Files.createDirectories(path.getParent());
      return ChunkFile.write(path, chunk);
    } catch (IOException e) {
      long free = path.getParent().toFile().getUsableSpace();
      throw new IOException(
          String.format(
              Locale.ROOT,
              "A chunk of %,d bytes cannot be spilled to %s (%s; %,d bytes free): make room there,"
                  + " lower %s (now %,d), or name a larger disk with spark.local.dir",
              chunk.bytes(),
              path,
              e.getMessage(),
              free,
              StoreBudget.DISK,
              budget),
          e);
    }
  }

  /** A file of its own for each attempt: two tasks may spill the same chunk at the same time. */
  private synchronized Path next(String name) {
    Path folder = folders.get((int) (written % folders.size()));
    return folder.resolve("%s-%d.arrow".formatted(name, written++));
  }

  /** Removes the chunks of processes that are dead. */
  private static void sweep(Path place) throws IOException {
    if (place == null || !Files.isDirectory(place)) {
      return;
    }
    try (DirectoryStream<Path> siblings = Files.newDirectoryStream(place, Files::isDirectory)) {
      for (Path sibling : siblings) {
        Path lock = sibling.resolve(NAME).resolve(LOCK);
        if (Files.isWritable(lock) && ownerIsDead(lock)) {
          delete(sibling.resolve(NAME));
        }
      }
    }
  }

  private static boolean ownerIsDead(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // this process's own
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
