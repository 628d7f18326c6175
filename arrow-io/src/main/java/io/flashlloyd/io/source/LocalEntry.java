package io.flashlloyd.io.source;

import io.flashlloyd.io.StoragePath;
import io.flashlloyd.io.VectorInputException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * A name on a local disk. Hadoop's own listing leaves out, without a word, what it cannot look at:
 * links that lead nowhere and names that the locale's charset has no characters for. Here names
 * keep their bytes, and asking such a one what it is gives an error that names it.
 */
final class LocalEntry implements Entry {
  private final Path path;
  private final java.nio.file.Path file;
  private BasicFileAttributes attributes;

  /**
   * @param path as Hadoop writes it
   * @param file the same for the system, without links but for the last name
   */
  private LocalEntry(Path path, java.nio.file.Path file) {
    this.path = path;
    this.file = file;
  }

  /** What is at a path, a link that leads nowhere included; null where nothing is. */
  static Entry at(Path path) throws IOException {
    java.nio.file.Path file = StoragePath.local(path);
    try {
      Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw SourceFile.explain(path.toString(), e);
    }
    java.nio.file.Path folder = file.getParent();
    return new LocalEntry(
        path, folder == null ? file : folder.toRealPath().resolve(file.getFileName()));
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public boolean isFolder() throws IOException {
    return attributes().isDirectory();
  }

  @Override
  public long length() throws IOException {
    return attributes().size();
  }

  @Override
  public Object identity() throws IOException {
    return Files.isSymbolicLink(file) ? file.toRealPath() : file;
  }

  @Override
  public List<LocalEntry> children() throws IOException {
    List<LocalEntry> children = new ArrayList<>();
    try (DirectoryStream<java.nio.file.Path> names = Files.newDirectoryStream(file.toRealPath())) {
      for (java.nio.file.Path child : names) {
        children.add(
            new LocalEntry(StoragePath.child(path, child.getFileName().toString()), child));
      }
      return children;
    } catch (DirectoryIteratorException e) {
      throw SourceFile.explain(path.toString(), e.getCause());
    } catch (IOException e) {
      throw SourceFile.explain(path.toString(), e);
    }
  }

  private BasicFileAttributes attributes() throws IOException {
    if (attributes == null) {
      requireReadable();
      try {
        attributes = Files.readAttributes(file, BasicFileAttributes.class);
      } catch (IOException e) {
        throw Files.isSymbolicLink(file) ? brokenLink(e) : SourceFile.explain(path.toString(), e);
      }
    }
    return attributes;
  }

  /** Decoding put question marks where the locale has no characters, and nothing opens those. */
  private void requireReadable() throws VectorInputException {
    boolean ascii = path.getName().chars().allMatch(c -> c < 128);
    if (!ascii && !file.toFile().exists() && Files.exists(file)) {
      String bytes = file.toUri().getRawPath();
      throw VectorInputException.inFile(
          path.toString(),
          "its name is no %s, the locale's charset for names of files (in bytes: %s); %s"
              .formatted(
                  StoragePath.charset(),
                  bytes.substring(bytes.lastIndexOf('/', bytes.length() - 2) + 1),
                  StoragePath.localeRemedy()));
    }
  }

  private VectorInputException brokenLink(IOException e) throws IOException {
    String reason =
        e instanceof NoSuchFileException || !(e instanceof FileSystemException system)
            ? "nothing is there"
            : system.getReason();
    return new VectorInputException(
        "%s: is a link to '%s' that leads nowhere (%s); restore what it names, or remove it"
            .formatted(path, Files.readSymbolicLink(file), reason),
        e);
  }
}
