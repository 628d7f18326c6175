package io.flashlloyd.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file in a folder that says that the folder is not whole: its files are on their way there, one
 * after the other, or were until that was cut off. The first to come and the last to go; its text
 * says what to do.
 */
public final class CommitMark {
  private static final Logger LOG = LoggerFactory.getLogger(CommitMark.class);

  /** Readers of data pass over names that begin like this. */
  public static final String NAME = "_COMMITTING";

  private CommitMark() {}

  /** Marks a folder, which comes into being where it is not there. */
  public static void write(FileSystem files, Path folder, String text) throws IOException {
    try (OutputStream out = files.create(new Path(folder, NAME), true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The mark's text; empty where there is none. */
  public static Optional<String> read(FileSystem files, Path folder) throws IOException {
    Path mark = new Path(folder, NAME);
    if (!files.exists(mark)) {
      return Optional.empty();
    }
    try (InputStream in = files.open(mark)) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) { // whole since a moment ago
      return Optional.empty();
    }
  }

  /**
   * Refuses a folder that is marked; one that is not there is not.
   *
   * @throws VectorInputException with the mark's text
   */
  public static void requireNone(FileSystem files, Path folder) throws IOException {
    Optional<String> text = read(files, folder);
    if (text.isPresent()) {
      throw new VectorInputException(
          "%s is not whole, as %s in it says: %s".formatted(folder, NAME, text.get()));
    }
  }

  /**
   * Refuses what is in a folder that is marked. Who may read the one but not look at the other is
   * not refused; nor is what is in no folder, as a model that has a bucket to itself.
   *
   * @throws VectorInputException with the mark's text
   */
  public static void requireNoneAround(FileSystem files, Path child) throws IOException {
    Path folder = files.makeQualified(child).getParent();
    if (folder == null) {
      return;
    }
    try {
      requireNone(files, folder);
    } catch (AccessDeniedException | AccessControlException e) {
      LOG.debug("No {} is looked for in {}: {}", NAME, folder, e.getMessage());
    }
  }

  /** The folder is whole. */
  public static void remove(FileSystem files, Path folder) throws IOException {
    files.delete(new Path(folder, NAME), false);
  }
}
