package io.flashlloyd.io;

import io.flashlloyd.io.source.FileColumns;
import io.flashlloyd.io.source.FileLister;
import io.flashlloyd.io.source.LfsPointer;
import io.flashlloyd.io.source.SourceFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * The columns of an input that could hold vectors or ids, from headers and footers alone.
 *
 * @param files how many files there are
 * @param columns each column of one name and type, and how many files have it, in the order found
 */
public record InputColumns(int files, Map<ColumnInfo, Integer> columns) {
  /**
   * Looks at every file of an input; which column it asks for does not matter.
   *
   * @throws VectorInputException where a file cannot be read, named for what it is
   */
  public static InputColumns of(InputSpec spec, Configuration hadoop) throws IOException {
    Map<List<String>, List<ColumnInfo>> found = new LinkedHashMap<>();
    List<SourceFile> files = FileLister.list(spec.uris(), hadoop).files();
    for (SourceFile file : files) {
      LfsPointer.refuse(file, hadoop);
      VectorFormat format =
          spec.format() != null ? spec.format() : FormatDetector.detect(file, hadoop);
      for (ColumnInfo column : Formats.of(format).columns(file, hadoop)) {
        found
            .computeIfAbsent(List.of(column.name(), column.type()), key -> new ArrayList<>())
            .add(column);
      }
    }
    Map<ColumnInfo, Integer> columns = new LinkedHashMap<>();
    for (List<ColumnInfo> same : found.values()) {
      columns.put(same.stream().reduce(ColumnInfo::and).orElseThrow(), same.size());
    }
    return new InputColumns(files.size(), columns);
  }

  /**
   * Columns that hold vectors, of which one has to be named where there are several.
   *
   * @param bfloat16 as in {@link InputSpec}
   */
  public List<ColumnInfo> candidates(boolean bfloat16) {
    return FileColumns.best(
        columns.keySet().stream().filter(c -> c.vectors() && (bfloat16 || !c.bfloat16())).toList(),
        ColumnInfo::nested,
        ColumnInfo::name);
  }
}
