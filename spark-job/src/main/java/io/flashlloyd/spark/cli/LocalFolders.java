package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.store.ProcessFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.lang3.StringUtils;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where Spark in this process keeps its blocks and files: a folder of ours in each of its local
 * folders, closed to other users. It goes when the command ends; what a killed one left goes with
 * the next command of the same user.
 */
final class LocalFolders implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalFolders.class);
  private static final String SETTING = "spark.local.dir";

  /** Hadoop's hooks run from the highest priority down; Spark's are at 40 and more. */
  private static final int AFTER_SPARK = 5;

  private static final String PREFIX = "flashlloyd-local-";

  private final List<ProcessFolder> folders;
  private final Runnable atExit = this::delete;

  private LocalFolders(List<ProcessFolder> folders) {
    this.folders = folders;
  }

  /** Makes the folders where these settings have Spark's. */
  static LocalFolders of(SparkConf conf) throws IOException {
    List<ProcessFolder> folders = new ArrayList<>();
    // Spark prefers SPARK_LOCAL_DIRS to the setting, and says so at each start.
    if (System.getenv("SPARK_LOCAL_DIRS") == null) {
      String common = System.getProperty("java.io.tmpdir");
      for (String place : StringUtils.split(conf.get(SETTING, common), ',')) {
        folders.add(make(Path.of(place.strip())));
      }
      conf.set(
          SETTING,
          folders.stream()
              .map(folder -> folder.path().toString())
              .collect(Collectors.joining(",")));
    }
    LocalFolders made = new LocalFolders(folders);
    ShutdownHookManager.get().addShutdownHook(made.atExit, AFTER_SPARK);
    return made;
  }

  private static ProcessFolder make(Path place) throws IOException {
    try {
      return ProcessFolder.create(Files.createDirectories(place), PREFIX);
    } catch (IOException e) {
      throw new IOException(
          "Spark has no local folder in %s (%s): make room there, or name another with %s"
              .formatted(place, e, SETTING),
          e);
    }
  }

  /** The settings of a Spark that keeps its files here. */
  SparkConf in(SparkConf conf) {
    return folders.isEmpty()
        ? conf
        : conf.set(
            SETTING,
            folders.stream()
                .map(folder -> folder.path().toString())
                .collect(Collectors.joining(",")));
  }

  /** For a Spark whose folders are not ours to make. */
  static LocalFolders none() {
    return new LocalFolders(List.of());
  }

  /** Where the process is ending, its hook does this after Spark has stopped. */
  @Override
  public void close() {
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(atExit);
      delete();
    }
  }

  private void delete() {
    for (ProcessFolder folder : folders) {
      try {
        folder.delete();
      } catch (IOException e) {
        LOG.warn("{} cannot be removed: {}", folder.path(), e.toString());
      }
    }
  }
}
