package io.flashlloyd.spark.store;

import io.flashlloyd.io.ChunkFile;
import io.flashlloyd.io.VectorChunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Chunks on the local disks of this process, in turn on each, readable by its user only. Spark
 * removes its local folders, and ours in them, when a process ends; what a killed one left of both
 * is removed by the next one of the same user. Thread-safe.
 */
final class SpillFolder {
  private static final String NAME = "flashlloyd-chunks";

  private final List<ProcessFolder> folders = new ArrayList<>();
  private int written;

  /**
   * @param localFolders of this process, one for each disk
   */
  SpillFolder(List<Path> localFolders) throws IOException {
    for (Path local : localFolders) {
      ProcessFolder folder = ProcessFolder.create(local.resolve(NAME));
      folders.add(folder);
      Path place = local.toAbsolutePath().getParent();
      if (place != null) {
        ProcessFolder.sweepHolders(place, NAME, Files.getOwner(folder.path()));
      }
    }
  }

  /** Writes a chunk; {@code budget} is for the error where the disk is full. */
  ChunkFile write(long id, VectorChunk chunk, long budget) throws IOException {
    int number = number();
    ProcessFolder folder = folders.get(number % folders.size());
    Path path = folder.path().resolve("chunk-%d-%d.arrow".formatted(id, number));
    try {
      folder.ensure();
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
  private synchronized int number() {
    return written++;
  }
}
