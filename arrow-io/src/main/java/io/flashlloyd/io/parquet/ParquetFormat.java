package io.flashlloyd.io.parquet;

import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.ColumnChoice;
import io.flashlloyd.io.source.FileColumn;
import io.flashlloyd.io.source.FileColumns;
import io.flashlloyd.io.source.FileFormat;
import io.flashlloyd.io.source.FileLayout;
import io.flashlloyd.io.source.RowSource;
import io.flashlloyd.io.source.SourceFile;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;

/** Parquet files, decoded column by column. */
public final class ParquetFormat implements FileFormat {
  /** Footer length and closing magic. */
  private static final int TAIL = 8;

  @Override
  public FileLayout inspect(SourceFile file, ColumnChoice choice, Configuration hadoop)
      throws IOException {
    String uri = file.uri();
    try (ParquetFileReader reader = ParquetFiles.open(uri, hadoop)) {
      ParquetMetadata footer = reader.getFooter();
      MessageType schema = footer.getFileMetaData().getSchema();
      FileColumns<VectorColumn, IdColumn> columns =
          ParquetColumns.of(uri, schema, choice.bfloat16());
      FileColumn<VectorColumn, IdColumn> picked = columns.vectors(choice.column());
      VectorColumn column = picked.vectors().orElseThrow();
      IdType idType =
          choice.idColumn() == null ? IdType.ROW_NUMBER : columns.ids(choice.idColumn()).type();
      checkExtents(file, footer);
      List<FileLayout.Part> groups =
          footer.getBlocks().stream()
              .map(group -> new FileLayout.Part(group.getRowCount(), 0))
              .toList();
      long rows = groups.stream().mapToLong(FileLayout.Part::rows).sum();
      int dimension = rows == 0 ? 0 : new ParquetShape(uri, footer, column, rows).dimension(hadoop);
      return new FileLayout(
          uri,
          VectorFormat.PARQUET,
          column.source(),
          rows,
          dimension,
          0,
          0,
          groups,
          idType,
          columns.names(),
          picked.name());
    } catch (RuntimeException e) {
      throw ParquetFiles.explain(uri, e);
    }
  }

  /** A footer may be whole while the pages it points at are not. */
  private static void checkExtents(SourceFile file, ParquetMetadata footer)
      throws VectorInputException {
    for (BlockMetaData group : footer.getBlocks()) {
      for (ColumnChunkMetaData chunk : group.getColumns()) {
        long end = chunk.getStartingPos() + chunk.getTotalSize();
        boolean inside =
            chunk.getStartingPos() >= 4 && chunk.getTotalSize() >= 0 && end <= file.length() - TAIL;
        if (!inside || group.getRowCount() < 0) {
          throw VectorInputException.inFile(
              file.uri(),
              "its footer puts column %s at bytes %d to %d of %d; it is corrupt, write it again"
                  .formatted(chunk.getPath(), chunk.getStartingPos(), end, file.length()));
        }
      }
    }
  }

  @Override
  public RowSource open(VectorSplit split, int dimension, ColumnChoice choice, Configuration hadoop)
      throws IOException {
    return new ParquetRows(split, choice, hadoop);
  }

  @Override
  public IdReader openIds(VectorSplit split, ColumnChoice choice, Configuration hadoop)
      throws IOException {
    return new ParquetIds(split, choice.idColumn(), hadoop);
  }

  /**
   * A column of integers or strings of a whole file.
   *
   * @throws VectorInputException where there is no such column, or a value is null
   */
  public static IdReader openColumn(String uri, String column, Configuration hadoop)
      throws IOException {
    return new ParquetIds(uri, column, hadoop);
  }
}
