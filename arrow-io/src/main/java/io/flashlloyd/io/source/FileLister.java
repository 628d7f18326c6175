package io.flashlloyd.io.source;

import io.flashlloyd.io.CommitMark;
import io.flashlloyd.io.StorageProblem;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.synthetic.SyntheticFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** URIs to files: argument order first, then path order. */
public final class FileLister {
  private final Configuration hadoop;
  private final List<SourceFile> files = new ArrayList<>();

  private FileLister(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /**
   * The files that the URIs name. Folders are read recursively without names that start with
   * {@code _} or {@code .}, and refused where a {@link CommitMark} says that they are not whole;
   * globs are Hadoop's; a file may be named twice and then counts twice.
   *
   * @throws VectorInputException when a URI names nothing, or nothing that may be read
   */
  public static List<SourceFile> list(List<String> uris, Configuration hadoop) throws IOException {
    FileLister lister = new FileLister(hadoop);
    for (String uri : uris) {
      if (SyntheticFormat.names(uri)) {
        lister.files.add(new SourceFile(uri, 0));
      } else {
        lister.add(uri);
      }
    }
    return lister.files;
  }

  private void add(String uri) throws IOException {
    int before = files.size();
    Path path = path(uri);
    FileSystem fs = SourceFile.fileSystem(path, hadoop);
    try {
      // A file whose own name looks like a glob is taken by its name.
      if (fs.exists(path)) {
        walk(fs, fs.getFileStatus(path));
      } else {
        FileStatus[] found = fs.globStatus(path);
        if (found == null || found.length == 0) {
          throw new VectorInputException(
              uri + ": does not exist (no file, folder or glob match); check the path");
        }
        for (FileStatus status : sorted(found)) {
          if (found.length == 1 || !hidden(status.getPath())) {
            walk(fs, status);
          }
        }
      }
    } catch (VectorInputException e) {
      throw e;
    } catch (IOException e) {
      throw SourceFile.explain(uri, e);
    }
    if (files.size() == before) {
      throw new VectorInputException(
          uri + ": holds no files (names starting with _ or . are skipped); check the path");
    }
  }

  private static Path path(String uri) throws VectorInputException {
    try {
      return new Path(uri);
    } catch (IllegalArgumentException e) {
      throw new VectorInputException(
          StorageProblem.of(e)
              .orElse(
                  "'%s' is not a path (%s); expected a file, folder or glob"
                      .formatted(uri, e.getMessage())),
          e);
    }
  }

  private void walk(FileSystem fs, FileStatus status) throws IOException {
    if (status.isFile()) {
      files.add(new SourceFile(status.getPath().toString(), status.getLen()));
      return;
    }
    FileStatus[] children;
    try {
      children = fs.listStatus(status.getPath());
    } catch (IOException e) {
      throw SourceFile.explain(status.getPath().toString(), e);
    }
    if (Arrays.stream(children).anyMatch(c -> c.getPath().getName().equals(CommitMark.NAME))) {
      CommitMark.requireNone(fs, status.getPath());
    }
    for (FileStatus child : sorted(children)) {
      if (!hidden(child.getPath())) {
        walk(fs, child);
      }
    }
  }

  private static List<FileStatus> sorted(FileStatus[] statuses) {
    List<FileStatus> list = new ArrayList<>(Arrays.asList(statuses));
    list.sort(Comparator.comparing(status -> status.getPath().toString()));
    return list;
  }

  private static boolean hidden(Path path) {
    return path.getName().startsWith("_") || path.getName().startsWith(".");
  }
}
