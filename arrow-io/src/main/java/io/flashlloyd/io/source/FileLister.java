package io.flashlloyd.io.source;

import io.flashlloyd.io.CommittedFolder;
import io.flashlloyd.io.StoragePath;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.synthetic.SyntheticFormat;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** URIs to files: argument order first, then path order. */
public final class FileLister {
  private final Configuration hadoop;
  private final List<SourceFile> files = new ArrayList<>();
  private final Map<String, Integer> skipped = new TreeMap<>();
  private final TableFolder tables = new TableFolder();

  /** What one URI has named so far, by identity, links followed. */
  private final Map<Object, Path> named = new HashMap<>();

  private FileLister(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /**
   * The files of some URIs.
   *
   * @param skipped how many names in folders were passed over, by reason
   */
  public record Listing(List<SourceFile> files, Map<String, Integer> skipped) {}

  /**
   * The files that the URIs name. A URI is taken literally where it exists, and as a glob of
   * Hadoop's else. Folders are read recursively but for names that a rule passes over, outputs of
   * ours as the last run left them ({@link CommittedFolder}). A file may be named by two URIs and
   * then counts twice; that one URI leads to it twice, by way of links, is an error.
   *
   * @throws VectorInputException when a URI names nothing, anything that may not be read, or files
   *     of a table
   */
  public static Listing list(List<String> uris, Configuration hadoop) throws IOException {
    FileLister lister = new FileLister(hadoop);
    for (String uri : uris) {
      if (SyntheticFormat.names(uri)) {
        lister.files.add(new SourceFile(uri, 0));
      } else {
        lister.add(uri);
      }
    }
    return new Listing(lister.files, lister.skipped);
  }

  private void add(String uri) throws IOException {
    int before = files.size();
    named.clear();
    Path path = StoragePath.of(uri);
    FileSystem fs = SourceFile.fileSystem(path, hadoop);
    try {
      Entry literal = Entry.at(fs, path);
      List<Entry> found = literal != null ? List.of(literal) : Glob.expand(fs, path, skipped);
      if (found.isEmpty()) {
        throw new VectorInputException(
            uri + ": does not exist (no file, folder or glob match); check the path");
      }
      for (Entry entry : found) {
        walk(fs, entry);
        tables.refuseInside(fs, entry);
      }
    } catch (IOException e) {
      throw SourceFile.explain(uri, e);
    }
    if (files.size() == before) {
      throw new VectorInputException(
          uri + ": holds no files (names starting with _ or . are skipped); check the path");
    }
  }

  private void walk(FileSystem fs, Entry entry) throws IOException {
    boolean folder = entry.isFolder();
    Path other = named.putIfAbsent(entry.identity(), entry.path());
    if (other != null) {
      throw VectorInputException.inFile(
          entry.path().toString(),
          "is the same %s as %s, so that its rows would be read twice; remove the link, or name"
                  .formatted(folder ? "folder" : "file", other)
              + " only one of them");
    }
    if (!folder) {
      files.add(new SourceFile(entry.path().toString(), entry.length()));
      return;
    }
    List<Entry> children = new ArrayList<>(entry.children());
    if (children.stream().anyMatch(child -> child.name().equals(CommittedFolder.NAME))) {
      for (Path file : CommittedFolder.open(fs, entry.path()).files("")) {
        Entry named = Entry.at(fs, file);
        if (named == null) {
          throw new FileNotFoundException(
              file + " is not there, though " + CommittedFolder.NAME + " names it");
        }
        walk(fs, named);
      }
      return;
    }
    tables.refuse(fs, entry.path(), children);
    children.sort(Comparator.comparing(child -> child.path().toString()));
    List<String> names = children.stream().map(Entry::name).toList();
    for (Entry child : children) {
      String reason = SkipRule.of(child.name(), names);
      if (reason == null) {
        walk(fs, child);
      } else {
        skipped.merge(reason, 1, Integer::sum);
      }
    }
  }
}
