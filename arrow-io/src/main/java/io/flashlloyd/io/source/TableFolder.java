package io.flashlloyd.io.source;

import io.flashlloyd.io.StorageProblem;
import io.flashlloyd.io.VectorInputException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Folders that are tables of Delta, Iceberg or Hudi. What rows such a table has is in its log: its
 * files hold deleted and rewritten ones, too, so that none of them is data by itself.
 */
final class TableFolder {
  private static final String ICEBERG_METADATA = "metadata";

  /** By the name of the folder that a table's folder has in it. */
  private enum Kind {
    DELTA("Delta", "_delta_log"),
    HUDI("Hudi", ".hoodie"),
    ICEBERG("Iceberg", ICEBERG_METADATA);

    private final String label;
    private final String sign;

    Kind(String label, String sign) {
      this.label = label;
      this.sign = sign;
    }
  }

  /** Folders that were found to be no tables, nor in any. */
  private final Set<Path> plain = new HashSet<>();

  /**
   * Refuses what lies anywhere in a table.
   *
   * @throws VectorInputException naming the table and how to read it
   */
  void refuseInside(FileSystem fs, Entry entry) throws IOException {
    Path real =
        entry.identity() instanceof java.nio.file.Path file
            ? fs.makeQualified(new Path("file", null, file.toString()))
            : entry.path();
    for (Path folder = real.getParent(); folder != null; folder = folder.getParent()) {
      if (!plain.add(folder)) {
        return;
      }
      for (Kind kind : Kind.values()) {
        if (isThere(fs, folder, kind)) {
          throw refusal(entry.path() + ": is in", kind, folder);
        }
      }
    }
  }

  /** Refuses a folder that is a table, by what is in it. */
  void refuse(FileSystem fs, Path folder, List<? extends Entry> children) throws IOException {
    for (Kind kind : Kind.values()) {
      if (children.stream().anyMatch(child -> child.name().equals(kind.sign))
          && isThere(fs, folder, kind)) {
        throw refusal(folder + ": is", kind, folder);
      }
    }
  }

  private static boolean isThere(FileSystem fs, Path folder, Kind kind) throws IOException {
    Path sign = new Path(folder, kind.sign);
    try {
      return fs.exists(sign)
          && (kind != Kind.ICEBERG
              || Arrays.stream(fs.listStatus(sign))
                  .anyMatch(file -> file.getPath().getName().contains(".metadata.json")));
    } catch (IOException e) {
      if (StorageProblem.isDenied(e)) {
        return false; // a user need not be allowed to look at what is above the input
      }
      throw e;
    }
  }

  private static VectorInputException refusal(String subject, Kind kind, Path table) {
    return new VectorInputException(
        ("%s %s %s table%s, whose files hold rows that were deleted or rewritten, too (expected"
                + " files whose rows all count); read the table: --table CATALOG.DB.NAME, or"
                + " --source %s --option path=%s")
            .formatted(
                subject,
                kind == Kind.ICEBERG ? "an" : "a",
                kind.label,
                subject.startsWith(table + ":") ? "" : " (" + table + ")",
                kind.name().toLowerCase(Locale.ROOT),
                table));
  }
}
