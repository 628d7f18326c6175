package io.flashlloyd.spark.checkpoint;

import io.flashlloyd.io.StoragePath;
import io.flashlloyd.spark.fit.LloydState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The checkpoints of one run, {@code iteration-NNNNNN} each in a folder of its own. The one before
 * goes only once the next is whole, so that a driver that dies at any moment leaves one to go on
 * from. Other files in the folder are let alone. Driver side; one thread.
 */
public final class CheckpointFolder implements LloydState.Listener {
  private static final String PREFIX = "iteration-";

  private final CheckpointSettings settings;
  private final RunIdentity identity;
  private final Configuration hadoop;
  private final FileSystem files;
  private final Path folder;

  private CheckpointFolder(CheckpointSettings settings, RunIdentity identity, Configuration hadoop)
      throws IOException {
    this.settings = settings;
    this.identity = identity;
    this.hadoop = hadoop;
    this.folder = StoragePath.of(settings.uri());
    this.files = folder.getFileSystem(hadoop);
  }

  /**
   * Refuses, before any work is done, to write over the checkpoint of an earlier run.
   *
   * @throws IllegalArgumentException where there is one and it was not asked to go on from it
   */
  public static void check(CheckpointSettings settings, Configuration hadoop) throws IOException {
    Optional<CheckpointFiles> found = new CheckpointFolder(settings, null, hadoop).newest();
    if (found.isPresent() && !settings.resume()) {
      throw new IllegalArgumentException(
          "Checkpoint %s is there already (give --resume to go on from it, or another --checkpoint)"
              .formatted(found.get().folder()));
    }
  }

  /** The checkpoints of this run; what a killed run left half written is removed. */
  public static CheckpointFolder open(
      CheckpointSettings settings, RunIdentity identity, Configuration hadoop) throws IOException {
    CheckpointFolder opened = new CheckpointFolder(settings, identity, hadoop);
    opened.removeAllBut(opened.newest().map(CheckpointFiles::folder).orElse(null));
    return opened;
  }

  /**
   * Where to go on; empty where there is no checkpoint, or none was asked for.
   *
   * @throws IllegalArgumentException where the checkpoint is of other data or parameters, or
   *     farther than {@code maxIter}
   */
  public Optional<LloydState> resumed(int maxIter) throws IOException {
    Optional<CheckpointFiles> newest = newest();
    if (!settings.resume() || newest.isEmpty()) {
      return Optional.empty();
    }
    LloydState state = newest.get().read(identity);
    if (state.iteration() > maxIter) {
      throw new IllegalArgumentException(
          "Checkpoint %s has %d iterations behind it (expected at most %d, as --max-iter says)"
              .formatted(newest.get().folder(), state.iteration(), maxIter));
    }
    return Optional.of(state);
  }

  @Override
  public void reached(LloydState state) {
    if (state.iteration() % settings.every() != 0 && !state.converged()) {
      return;
    }
    Path next = new Path(folder, String.format(Locale.ROOT, "%s%06d", PREFIX, state.iteration()));
    try {
      new CheckpointFiles(next, files, hadoop).write(state, identity);
      removeAllBut(next);
    } catch (IOException | FSError e) { // an Error of Hadoop's where a local disk is full
      throw new UncheckedIOException(
          "Checkpoint %s cannot be written (%s); give --checkpoint where there is room and you may"
                  .formatted(next, e.getMessage())
              + " write",
          e instanceof IOException io ? io : new IOException(e.getMessage(), e));
    }
  }

  /** Removes the run's checkpoints, and the folder where nothing else is in it. */
  public void remove() throws IOException {
    removeAllBut(null);
    if (files.exists(folder) && files.listStatus(folder).length == 0) {
      files.delete(folder, false);
    }
  }

  private Optional<CheckpointFiles> newest() throws IOException {
    for (Path path : paths()) {
      CheckpointFiles checkpoint = new CheckpointFiles(path, files, hadoop);
      if (checkpoint.whole()) {
        return Optional.of(checkpoint);
      }
    }
    return Optional.empty();
  }

  private void removeAllBut(Path kept) throws IOException {
    for (Path path : paths()) {
      if (kept == null || !path.getName().equals(kept.getName())) {
        new CheckpointFiles(path, files, hadoop).remove();
      }
    }
  }

  private FileStatus[] list() throws IOException {
    try {
      return files.listStatus(folder);
    } catch (IOException e) {
      CheckpointFiles.requireReadable(files.makeQualified(folder), e);
      return new FileStatus[0];
    }
  }

  /** Newest first. */
  private List<Path> paths() throws IOException {
    List<Path> paths = new ArrayList<>();
    for (FileStatus status : list()) {
      if (status.isDirectory() && status.getPath().getName().matches(PREFIX + "\\d{6,}")) {
        paths.add(status.getPath());
      }
    }
    paths.sort(Comparator.comparing(Path::getName).reversed());
    return paths;
  }
}
