package io.flashlloyd.spark.cli;

import io.flashlloyd.io.ColumnInfo;
import io.flashlloyd.io.InputColumns;
import io.flashlloyd.io.InputSpec;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** What {@code inspect} says of an input's columns: which there are, and how each is used. */
record ColumnTable(InputSpec input, InputColumns columns) {
  /** Whether several columns hold vectors and nobody has named one, which is no error here. */
  boolean leavesAChoice() {
    return input.column() == null && columns.candidates(input.bfloat16()).size() > 1;
  }

  void print(PrintWriter out) {
    if (columns.columns().isEmpty()) {
      return;
    }
    print(out, "could hold vectors", ColumnInfo::vectors);
    print(out, "could name rows", ColumnInfo::ids);
    out.printf("%nto use them%n");
    String ids =
        columns.columns().keySet().stream()
            .filter(ColumnInfo::ids)
            .findFirst()
            .map(column -> " --id-column " + quoted(column.name()))
            .orElse("");
    columns.columns().keySet().stream()
        .filter(ColumnInfo::vectors)
        .forEach(column -> out.printf("  flashlloyd fit %s%s%n", options(column), ids));
  }

  private void print(PrintWriter out, String title, Predicate<ColumnInfo> kind) {
    List<ColumnInfo> rows = columns.columns().keySet().stream().filter(kind).toList();
    if (rows.isEmpty()) {
      return;
    }
    out.printf("%ncolumns that %s%n", title);
    int name = rows.stream().mapToInt(column -> column.name().length()).max().orElseThrow();
    int type = rows.stream().mapToInt(column -> column.type().length()).max().orElseThrow();
    for (ColumnInfo column : rows) {
      String line =
          ("  %-" + name + "s  %-" + type + "s  %s")
              .formatted(column.name(), column.type(), facts(column, kind));
      out.println(line.stripTrailing());
    }
  }

  private String facts(ColumnInfo column, Predicate<ColumnInfo> kind) {
    StringBuilder facts = new StringBuilder();
    if (column.vectors() && kind.test(column)) {
      facts.append("dimension ").append(column.dimension() == 0 ? "?" : column.dimension());
      facts.append("  ");
    }
    facts.append("nulls ");
    facts.append(column.nulls() < 0 ? "?" : String.format(Locale.ROOT, "%,d", column.nulls()));
    facts.append("  ").append(column.codec() == null ? "uncompressed" : column.codec());
    int files = columns.columns().get(column);
    if (files < columns.files()) {
      facts.append(String.format(Locale.ROOT, "  in %,d of %,d files", files, columns.files()));
    }
    return facts.toString();
  }

  private String options(ColumnInfo column) {
    String inputs = String.join(" ", input.uris().stream().map(ColumnTable::quoted).toList());
    return "--input "
        + inputs
        + " --column "
        + quoted(column.name())
        + (column.bfloat16() ? " --bfloat16" : "");
  }

  /** As a shell takes it for one word. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
