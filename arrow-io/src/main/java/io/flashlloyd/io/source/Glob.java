package io.flashlloyd.io.source;

import io.flashlloyd.io.StoragePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobExpander;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.Path;

/**
 * Globs as Hadoop writes them, name by name: where a folder called {@code data[1]} is there, {@code
 * data[1]/*.npy} means what is in it. A match that cannot be looked at is not left out. Folders
 * that the glob names in full are not looked at: the user need not be allowed to.
 */
public final class Glob {
  /** A path so far, and what is there where a listing has said so. */
  private record Match(Path path, Entry entry) {}

  /** What a name without any of has no other reading. */
  private static final Pattern SPECIAL = Pattern.compile("[\\[\\]{}*?\\\\]");

  private final FileSystem fs;
  private final Map<String, Integer> skipped;

  private Glob(FileSystem fs, Map<String, Integer> skipped) {
    this.fs = fs;
    this.skipped = skipped;
  }

  /**
   * What a glob matches, in path order. Names that a {@link SkipRule} passes over are taken only
   * where the glob begins as they do, and counted in {@code skipped} else.
   */
  static List<Entry> expand(FileSystem fs, Path glob, Map<String, Integer> skipped)
      throws IOException {
    Path absolute = fs.makeQualified(glob);
    Path root = new Path(absolute.toUri().getScheme(), absolute.toUri().getAuthority(), "/");
    List<Entry> found = new ArrayList<>();
    for (String one : GlobExpander.expand(absolute.toUri().getPath())) {
      List<Match> matches = List.of(new Match(root, null));
      for (String name : one.substring(1).split("/", -1)) {
        matches = new Glob(fs, skipped).below(matches, name);
      }
      for (Match match : matches) {
        Entry entry = match.entry() != null ? match.entry() : Entry.at(fs, match.path());
        if (entry != null) {
          found.add(entry);
        }
      }
    }
    found.sort(Comparator.comparing(entry -> entry.path().toString()));
    return found;
  }

  /** The paths that a URI names, taken literally where it exists, and as a glob else. */
  public static List<Path> paths(FileSystem fs, Path path) throws IOException {
    Entry literal = Entry.at(fs, path);
    return literal != null
        ? List.of(literal.path())
        : expand(fs, path, new HashMap<>()).stream().map(Entry::path).toList();
  }

  private List<Match> below(List<Match> folders, String name) throws IOException {
    List<Match> found = new ArrayList<>();
    for (Match folder : folders) {
      if (folder.entry() != null && !folder.entry().isFolder()) {
        continue;
      }
      Path literal = StoragePath.child(folder.path(), name);
      if (!SPECIAL.matcher(name).find()) {
        found.add(new Match(literal, null));
        continue;
      }
      Entry there = Entry.at(fs, literal);
      if (there != null) {
        found.add(new Match(literal, there));
      } else {
        match(folder, new GlobFilter(name), name.charAt(0), found);
      }
    }
    return found;
  }

  private void match(Match match, GlobFilter filter, char start, List<Match> found)
      throws IOException {
    Entry folder = match.entry() != null ? match.entry() : Entry.at(fs, match.path());
    if (folder == null || !folder.isFolder()) {
      return;
    }
    for (Entry child : folder.children()) {
      if (filter.accept(child.path())) {
        String reason = SkipRule.of(child.name());
        if (reason == null || child.name().charAt(0) == start) {
          found.add(new Match(child.path(), child));
        } else {
          skipped.merge(reason, 1, Integer::sum);
        }
      }
    }
  }
}
