package io.flashlloyd.io.source;

import io.flashlloyd.io.StoragePath;
import io.flashlloyd.io.StorageProblem;
import io.flashlloyd.io.VectorInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file of any Hadoop file system.
 *
 * @param uri as Hadoop qualifies it
 * @param length in bytes, as the listing said
 */
public record SourceFile(String uri, long length) {
  /** The file's stream, at its start. */
  public static FSDataInputStream open(String uri, Configuration hadoop) throws IOException {
    try {
      Path path = new Path(uri);
      return StoragePath.fileSystem(path, hadoop).open(path);
    } catch (IOException e) {
      throw explain(uri, e);
    }
  }

  /** A file's length now. */
  public static long length(String uri, Configuration hadoop) throws IOException {
    Path path = new Path(uri);
    try {
      return path.getFileSystem(hadoop).getFileStatus(path).getLen();
    } catch (IOException e) {
      throw explain(uri, e);
    }
  }

  public FSDataInputStream open(Configuration hadoop) throws IOException {
    return open(uri, hadoop);
  }

  /** The first {@code count} bytes, fewer when the file is shorter. */
  public byte[] head(int count, Configuration hadoop) throws IOException {
    return range(0, (int) Math.min(count, length), hadoop);
  }

  /** The bytes at a position, all of them or an error. */
  public byte[] range(long position, int count, Configuration hadoop) throws IOException {
    byte[] bytes = new byte[count];
    try (FSDataInputStream in = open(hadoop)) {
      in.readFully(position, bytes);
    } catch (VectorInputException e) {
      throw e;
    } catch (IOException e) {
      throw explain(uri, e);
    }
    return bytes;
  }

  /** Says what an error of the file system means for the user. */
  public static IOException explain(String uri, IOException e) {
    if (e instanceof VectorInputException || e instanceof ExplainedException) {
      return e;
    }
    Optional<String> meaning = StorageProblem.of(e);
    if (meaning.isPresent()) {
      return new VectorInputException(meaning.get(), e);
    }
    if (StorageProblem.isDenied(e)) {
      return new VectorInputException(
          uri + ": permission denied; give this user read access, or run as another", e);
    }
    if (e instanceof FileNotFoundException || isBelowFile(e)) {
      boolean nameable = StoragePath.charset().newEncoder().canEncode(uri);
      return new VectorInputException(
          uri
              + ": does not exist; "
              + (nameable
                  ? "check the path"
                  : "if it does, its name is not in the locale's charset for names of files ("
                      + StoragePath.charset()
                      + "): "
                      + StoragePath.localeRemedy()),
          e);
    }
    return new ExplainedException(
        "%s: cannot be read (%s); check the storage that holds it, and run again"
            .formatted(uri, e.getMessage()),
        e);
  }

  /** Whether what should be a folder of a local path is a file. */
  private static boolean isBelowFile(IOException e) {
    return e instanceof FileSystemException local && "Not a directory".equals(local.getReason());
  }

  /** Storage failed, and the message says where. */
  private static final class ExplainedException extends IOException {
    private static final long serialVersionUID = 1L;

    ExplainedException(String message, IOException cause) {
      super(message, cause);
    }
  }

  /** The file system of a path. */
  public static FileSystem fileSystem(Path path, Configuration hadoop) throws IOException {
    try {
      return path.getFileSystem(hadoop);
    } catch (IOException | RuntimeException e) { // Hadoop's for a class that is missing
      throw new VectorInputException(
          StorageProblem.of(e)
              .orElse(
                  ("%s: its file system cannot be reached (%s); check the URI and the Hadoop"
                          + " configuration")
                      .formatted(path, e.getMessage())),
          e);
    }
  }
}
